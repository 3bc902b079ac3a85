"""
Finds what a rule has changed of what others share. It stands in names of its own, to which nothing leads that a rule could
come across: only the realm around Python has them.
"""
import _abc
import codecs
import gc
import itertools
import operator
import re
import sys
import types

# What is compared, in blocks: nearly all of them are seen at one look to be as they were. See `_block`.
blocks = []
limits = None
_BLOCK = 512

# What Python keeps beside all names: which classes were registered with abstract ones, and what errors of codecs come to. `put`: the
# modules and classes that rules come across.
put = set()
known = frozenset()
token = None
registered = {}
_HANDLERS = (
    "strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace", "surrogateescape", "surrogatepass",
)
handlers = tuple(map(codecs.lookup_error, _HANDLERS))


def check(fresh):
    """What was changed since the last time; empty: nothing."""
    global limits
    if limits is None:
        limits = sys.getrecursionlimit(), sys.get_int_max_str_digits()
    what = _hooks() or _patterns() or _registrations()
    if what:
        return what
    noted = []
    different = [at for at, block in enumerate(blocks) if not _same(block)]
    for at in different:
        what = _changed(blocks[at][0], noted)
        if what:
            return what
    for at in different:
        blocks[at] = _block([_again(*each) for each in blocks[at][0]])
    _take(noted)
    if fresh:
        taken = list(fresh)
        fresh.clear()
        # A table of types is both: what it is beside its names was put down when its module was.
        _take(taken)
        _know()
    sys.setrecursionlimit(limits[0])
    sys.set_int_max_str_digits(limits[1])
    return ""


def _same(block):
    _, owners, dicts, keys, before = block
    return _is(gc.get_referents(*owners), before) and _is(list(itertools.chain.from_iterable(dicts)), keys)


def _take(entries):
    blocks.extend([_block(entries[at:at + _BLOCK]) for at in range(0, len(entries), _BLOCK)])


def _block(entries):
    """
    Entries (of each the owner, its label, the names in it that may change, whether names may be added, its keys and all it refers
    to), their owners, those that are dicts, and all keys and all that is referred to in a row.
    """
    owners = tuple([each[0] for each in entries])
    dicts = tuple([each for each in owners if type(each) is dict])
    keys = tuple(itertools.chain.from_iterable([each[4] for each in entries]))
    return entries, owners, dicts, keys, tuple(itertools.chain.from_iterable([each[5] for each in entries]))


def _again(owner, label, variables, grows, *_):
    return owner, label, variables, grows, tuple(owner) if type(owner) is dict else (), tuple(gc.get_referents(owner))


def _is(found, known):
    return len(found) == len(known) and all(map(operator.is_, found, known))


def _changed(entries, noted):
    """As `check`. `noted`: what is added to what is compared."""
    for owner, label, variables, grows, names, held in entries:
        found = gc.get_referents(owner)
        if type(owner) is not dict:
            if not _is(found, held) and not _asked_for(owner, label, found, held, noted):
                return label
            continue
        now = tuple(owner)
        if _is(now, names) and _is(found, held):
            continue
        if len(found) != len(now) or len(held) != len(names):
            return label
        known = dict(zip(map(id, names), held))
        there = dict(zip(map(id, now), found))
        for name, value in zip(now, found):
            if type(name) is not str:
                return label
            if id(name) in known:
                if known[id(name)] is value or name in variables:
                    continue
            elif grows or name in variables or name == "__warningregistry__" or type(value) is types.ModuleType:
                continue
            return f"{label}.{name}"
        for name in names:
            if id(name) not in there and name not in variables:
                return f"{label}.{name}"
    return ""


def _asked_for(owner, label, found, held, noted):
    """Whether a function has only got what it makes when it is asked for it: the names of its own, and its annotations."""
    if type(owner) is not types.FunctionType:
        return False
    more = [each for each in found if not any(each is one for one in held)]
    if len(found) != len(held) + len(more) or not all(type(each) is dict for each in more):
        return False
    for each in more:
        if each is owner.__dict__:
            if each:
                return False
        elif each is not owner.__annotations__:
            return False
        noted.append((each, label, (), False, tuple(each), tuple(gc.get_referents(each))))
    return True


def _hooks():
    if sys.gettrace() is not None or sys.getprofile() is not None:
        return "sys.settrace"
    if not _heard():
        return "sys.addaudithook"
    if not _is(tuple(map(codecs.lookup_error, _HANDLERS)), handlers):
        return "codecs.register_error"
    return "gc.enable" if gc.isenabled() else ""


def _patterns():
    """A pattern that was kept must be of the text and the flags that it is found by."""
    for cache in (re._cache, re._cache2):
        for key, pattern in list(cache.items()):
            if type(pattern) is not re.Pattern or type(key) is not tuple or pattern.pattern is not key[1]:
                return "re._cache"
            text, flags = key[1:]
            opening = b"(?" if isinstance(text, bytes) else "(?"
            if (pattern.flags ^ flags) & ~32 and opening not in text:
                return "re._cache"
    return ""


def _registrations():
    """No class that others know becomes one of an abstract class that they know. What a module brings is its own matter."""
    if token is None or _abc.get_cache_token() == token:
        return ""
    for each, before in registered.items():
        if any(one() in known for one in _abc._get_dump(each)[0] - before):
            return f"{each.__module__}.{each.__name__}.register"
    _know()
    return ""


def _know():
    """Puts down which classes there are, and which of them are registered."""
    global known, registered, token
    known = frozenset([each for each in put if isinstance(each, type)])
    registered = {each: _abc._get_dump(each)[0] for each in known if "_abc_impl" in type.__dict__["__dict__"].__get__(each)}
    token = _abc.get_cache_token()


_WATCHED = frozenset((
    "code.__new__", "dragoman.heard", "gc.get_objects", "gc.get_referents", "gc.get_referrers", "marshal.load", "marshal.loads",
    "sys._current_exceptions", "sys._current_frames", "sys.addaudithook", "sys.monitoring.register_callback", "sys.remote_exec", "sys.setprofile",
    "sys.settrace",
))
_asked = 0


def _heard():
    """Whether the hook is still there."""
    known = _asked
    sys.audit("dragoman.heard")
    return _asked != known


def refuse(harness, trusted):
    """
    From here on nobody but the harness's own functions of these names may look through memory, follow what others run, or make
    code of bytes. `trusted`: the functions' code.
    """
    trusted = tuple(trusted)
    frame_of = sys._getframe
    own = globals()

    def hook(event, args):
        global _asked
        if event in _WATCHED:
            if event == "dragoman.heard":
                _asked += 1
                return
            frame = frame_of(1)
            if frame.f_globals is own or frame.f_globals is harness and any(frame.f_code is each for each in trusted):
                return
            raise RuntimeError(f"rules may not use {event}")

    sys.addaudithook(hook)
