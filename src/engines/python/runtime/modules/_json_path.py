"""Paths of data models, as their trees: what each kind of step finds. The dialect is that of jsonpath_ng.ext."""
import functools
import operator
import re


class _Node:
    """A value that a path has reached, how, and from where."""

    __slots__ = ("value", "step", "above")

    def __init__(self, value, step, above):
        self.value = value
        self.step = step
        self.above = above


def _nodes(path, node):
    return _REACH[path["kind"]](path, node)


def _members(node):
    """What a map or a list holds."""
    value = node.value
    if isinstance(value, dict):
        return [_Node(item, key, node) for key, item in value.items()]
    if isinstance(value, list):
        return [_Node(item, index, node) for index, item in enumerate(value)]
    return []


def _top(node):
    while node.above is not None:
        node = node.above
    return node


def _root(path, node):
    return [_Node(_top(node).value, "$", None)]


def _this(path, node):
    return [node]


def _parent(path, node):
    assert node.above is not None, "the root of an event has no parent"
    return [node.above]


def _wildcard(path, node):
    return _members(node)


def _fields(path, node):
    value = node.value
    if not isinstance(value, dict):
        return []
    return [_Node(value[name], name, node) for name in path["names"] if name in value]


def _index(path, node):
    value = node.value
    if not isinstance(value, list):
        return []
    size = len(value)
    return [_Node(value[at], at, node) for at in path["at"] if -size <= at < size]


def _slice(path, node):
    value = node.value
    if not isinstance(value, list) or path["step"] == 0:
        return []
    places = range(len(value))[path["from"]:path["to"]:path["step"]]
    return [_Node(value[at], at, node) for at in places]


def _child(path, node):
    return [found for left in _nodes(path["left"], node) for found in _nodes(path["right"], left)]


def _descendants(path, node):
    found = []
    waiting = _nodes(path["left"], node)[::-1]
    while waiting:
        each = waiting.pop()
        found.extend(_nodes(path["right"], each))
        waiting.extend(reversed(_members(each)))
    return found


def _where(path, node):
    wanted = path["kind"] == "where"
    return [left for left in _nodes(path["left"], node) if bool(_nodes(path["right"], left)) is wanted]


def _union(path, node):
    return _nodes(path["left"], node) + _nodes(path["right"], node)


def _intersection(path, node):
    raise NotImplementedError("the intersection of two paths")


def _filter(path, node):
    tests = path["tests"]
    linked = any(map(_names_root, tests))
    found = []
    for each in _members(node):
        # Only where a test speaks of the root does it see beyond the element.
        seen = each if linked else _Node(each.value, "@", None)
        if all(_holds(test, seen) for test in tests):
            found.append(each)
    return found


def _names_root(part):
    """Whether the root is spoken of. Places to sort by do not count."""
    if isinstance(part, list):
        return any(map(_names_root, part))
    if not isinstance(part, dict) or part.get("kind") == "sort":
        return False
    return part.get("kind") == "root" or any(map(_names_root, part.values()))


def _holds(test, node):
    kind = test["kind"]
    if kind == "has":
        return bool(_nodes(test["path"], node))
    if kind == "lacks":
        return not _nodes(test["path"], node)
    if kind == "all":
        return all(_holds(each, node) for each in test["tests"])
    if kind == "any":
        return any(_holds(each, node) for each in test["tests"])
    op = test["op"]
    right = test["right"]
    left = [each.value for each in _nodes(test["left"], node)]
    if right["kind"] == "constant":
        wanted = right["value"]
        if op == "=~":
            return any(isinstance(each, str) and re.search(wanted, each) is not None for each in left)
        return any(_compares(op, each, wanted) for each in left) if left else op == "!="
    others = [each.value for each in _nodes(right, node)]
    if not left or not others:
        return _equality(op, not left and not others)
    return any(_compares(op, each, other) for each in left for other in others)


def _equality(op, equal):
    """What is left of a comparison where there is no order."""
    return not equal if op == "!=" else equal and op not in ("<", ">")


def _compares(op, left, right):
    ordered = (_is_number(left) and _is_number(right)) or (isinstance(left, str) and isinstance(right, str))
    if not ordered or op in ("==", "!="):
        return _equality(op, _same(left, right))
    if op == "<":
        return left < right
    if op == "<=":
        return left <= right
    return left > right if op == ">" else left >= right


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _same(left, right):
    """Equal and of one kind: true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(item, right[key]) for key, item in left.items())
    return left == right


def _length(path, node):
    value = node.value
    return [_Node(len(value), "`len`", None)] if isinstance(value, (str, list, dict)) else []


def _keys(path, node):
    value = node.value
    return [_Node(key, "`keys`", None) for key in value] if isinstance(value, dict) else []


def _path(path, node):
    return [_Node(_step_text(node.step), "`path`", node)]


def _sorted(path, node):
    if not isinstance(node.value, (dict, list)):
        raise TypeError("only maps and lists are sorted")
    return [_Node(sorted(node.value), "`this`", None)]


def _text(path, node):
    return [_Node(str(node.value), "`this`", None)]


def _split(path, node):
    if not isinstance(node.value, str):
        return []
    parts = node.value.split(path["separator"], path["most"])
    at = path["part"]
    if at is None:
        return [_Node(parts, "`this`", None)]
    return [_Node(parts[at], "`this`", None)] if -len(parts) <= at < len(parts) else []


def _substitute(path, node):
    changed = re.sub(path["pattern"], path["replacement"], node.value)
    return [] if changed == node.value else [_Node(changed, "`this`", None)]


def _sort(path, node):
    if not isinstance(node.value, list):
        raise TypeError("only lists are sorted by what their elements hold")

    def order(left, right):
        for by in path["by"]:
            first = _nodes(by["path"], _Node(left, "@", None))
            second = _nodes(by["path"], _Node(right, "@", None))
            if len(first) != 1 or len(second) != 1 or first[0].value == second[0].value:
                continue
            return -1 if (first[0].value < second[0].value) is not by["reverse"] else 1
        return 0

    return [_Node(sorted(node.value, key=functools.cmp_to_key(order)), "`this`", None)]


def _arithmetic(path, node):
    left, right = (_operands(path[side], node) for side in ("left", "right"))
    # A constant goes with each of the other's values.
    if path["left"]["kind"] == "constant" and path["right"]["kind"] != "constant":
        left *= len(right)
    if path["right"]["kind"] == "constant" and path["left"]["kind"] != "constant":
        right *= len(left)
    if len(left) != len(right):
        return []
    calculate = {"+": operator.add, "-": operator.sub, "*": operator.mul}[path["op"]]
    try:
        return [_Node(calculate(one, other), "`this`", None) for one, other in zip(left, right)]
    except TypeError:
        return []


def _operands(side, node):
    return [side["value"]] if side["kind"] == "constant" else [each.value for each in _nodes(side, node)]


_REACH = {
    "root": _root, "this": _this, "parent": _parent, "wildcard": _wildcard, "fields": _fields, "index": _index,
    "slice": _slice, "child": _child, "descendants": _descendants, "where": _where, "where-not": _where,
    "union": _union, "intersection": _intersection, "filter": _filter, "length": _length, "keys": _keys,
    "path": _path, "sorted": _sorted, "text": _text, "split": _split, "substitute": _substitute, "sort": _sort,
    "arithmetic": _arithmetic,
}


def _step_text(step):
    if isinstance(step, int):
        return f"[{step}]"
    if step in ("$", "`this`", "`len`", "`keys`", "`path`") or re.fullmatch(r"@?[A-Za-z_][A-Za-z0-9_@-]*", step):
        return step
    return repr(step)


def reach(path, value):
    """The nodes that a path finds in plain data."""
    return _nodes(path, _Node(value, "`this`", None))


def full_path(node):
    """How a node was reached, as text."""
    steps = []
    while node is not None:
        steps.append(_step_text(node.step))
        node = node.above
    steps.reverse()
    return ".".join(steps[1:] if steps[0] in ("$", "`this`") and len(steps) > 1 else steps)
