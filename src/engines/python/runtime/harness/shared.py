# Modules whose lists, dicts and objects are put down, too. What others keep there the library itself may change at any time.
_STRICT = (
    "__main__", "_json_path", "dateutil", "json", "jsonpath_ng", "panther_core", "panther_detection_helpers", "policyuniverse",
)
# What is there to be changed.
_KEPT = {
    "panther_detection_helpers.caching": ("_entries", "_moment"),
    "__main__": ("__builtins__", "_checking", "_entries", "_fresh", "_moment", "_part", "_put", "_shared"),
}
# Modules that no rule comes across unless it imports them.
_ASIDE = ("asyncio", "concurrent", "email", "http", "js", "pyodide", "pyodide_core", "pyodide_js", "socket", "ssl", "unittest")
# A table of more items than these is data.
_LARGEST_TABLE = 1_000
_HEAP_TYPE = 1 << 9
_STORE_GLOBAL = opcode.opmap["STORE_GLOBAL"]
# Which modules and types are put down, and what of them the realm has not yet taken.
_put = set()
_fresh = []


def _variables(names):
    """The names that the functions of a module assign."""
    found = set()
    for value in names.values():
        if type(value) is types.FunctionType and value.__globals__ is names:
            code = value.__code__
            used = code.co_code[::2]
            at = -1
            while (at := used.find(_STORE_GLOBAL, at + 1)) != -1:
                found.update(code.co_names[code.co_code[2 * at + 1]:][:1])
    return frozenset(found)


def _parts(module):
    """
    What could be changed of a module, each with a label, the names in it that may change, and whether names may be added:
    its names, functions and classes and what these consist of.
    """
    name = module.__name__
    strict = name.partition(".")[0] in _STRICT
    kept = {id(module.__dict__.get(each)) for each in _KEPT.get(name, ())}
    seen = set()
    found = [(module.__dict__, name, _variables(module.__dict__) | set(_KEPT.get(name, ())), False)]
    stack = [(value, f"{name}.{key}") for key, value in module.__dict__.items() if id(value) not in kept]
    while stack:
        each, label = stack.pop()
        if id(each) in seen or id(each) in kept:
            continue
        seen.add(id(each))
        kind = type(each)
        if kind is types.FunctionType:
            found.append((each, label, (), False))
            stack += [(value, label) for value in (each.__closure__, each.__defaults__, each.__kwdefaults__)]
        elif kind is types.CellType:
            found.append((each, label, (), False))
            stack += [(value, label) for value in gc.get_referents(each)]
        elif kind in (tuple, frozenset, property, staticmethod, classmethod, types.MethodType, functools.partial):
            stack += [(value, label) for value in gc.get_referents(each)]
        elif isinstance(each, type):
            if each in _put or each.__flags__ & _HEAP_TYPE and each.__module__ != name:
                continue
            _put.add(each)
            if each.__flags__ & _HEAP_TYPE:
                found.append((each, label, (), False))
            (names,) = gc.get_referents(each.__dict__)
            found.append((names, label, _CLASS_NAMES, False))
            seen.add(id(names))
            stack += [(value, f"{label}.{key}") for key, value in names.items()]
        elif not strict:
            continue
        elif kind in (dict, list, set):
            if len(each) <= _LARGEST_TABLE and not (kind is dict and "__spec__" in each):
                found.append((each, label, (), False))
                stack += [(value, label) for value in (each.values() if kind is dict else each)]
        elif kind.__flags__ & _HEAP_TYPE and kind.__module__.partition(".")[0] in _STRICT:
            found.append((each, label, (), False))
            stack += [(value, label) for value in gc.get_referents(each)]
    return found


# Classes note these when they are first asked for them.
_CLASS_NAMES = ("__annotations_cache__", "__annotations__", "__abstractmethods__", "__doc__")


def _put_down(modules):
    """Notes what modules consist of, before a rule has them."""
    for module in modules:
        if isinstance(module, types.ModuleType) and module not in _put:
            _put.add(module)
            _note(_parts(module))


def _note(parts):
    for owner, label, variables, grows in parts:
        keys = tuple(owner) if type(owner) is dict else ()
        _fresh.append((owner, label, variables, grows, keys, tuple(gc.get_referents(owner))))
