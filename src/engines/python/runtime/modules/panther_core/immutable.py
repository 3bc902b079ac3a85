"""Read-only views of parsed JSON: maps whose keys are found in any case, and lists. Children are wrapped when reached."""
from collections.abc import ItemsView, Mapping, Sequence, ValuesView

_ABSENT = object()
# What JSON holds besides maps and lists.
_ATOMS = frozenset((str, int, float, bool, type(None)))


def thaw(value):
    """A deep copy in plain dicts and lists that may be changed."""
    if isinstance(value, _Frozen):
        value = value._container
    if isinstance(value, dict):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [thaw(item) for item in value]
    return value


def _plain(value):
    return value._container if isinstance(value, _Frozen) else value


def _hash(value):
    value = _plain(value)
    if isinstance(value, Mapping):
        return hash(frozenset((key, _hash(item)) for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        return hash(tuple(_hash(item) for item in value))
    return hash(value)


class _Frozen:
    """What both kinds share."""

    __slots__ = ("_container", "_wrapped")

    def _child(self, key, value):
        kind = type(value)
        if kind in _ATOMS:
            return value
        if kind is not dict and kind is not list:
            if isinstance(value, dict):
                return ImmutableCaseInsensitiveDict(value)
            if isinstance(value, (list, tuple)):
                return ImmutableList(value)
            return value
        wrapped = self._wrapped.get(key)
        if wrapped is None:
            wrapped = self._wrap(key, value)
            self._wrapped[key] = wrapped
        return wrapped

    def _wrap(self, key, value):
        return ImmutableCaseInsensitiveDict(value) if isinstance(value, dict) else ImmutableList(value)

    def copy(self):
        return thaw(self._container)

    def __copy__(self):
        return thaw(self._container)

    def __deepcopy__(self, memo):
        return thaw(self._container)

    def __repr__(self):
        return repr(self._container)

    def __hash__(self):
        return _hash(self._container)

    def __setattr__(self, name, value):
        raise AttributeError(f"'{type(self).__name__}' object is read-only")

    def __delattr__(self, name):
        raise AttributeError(f"'{type(self).__name__}' object is read-only")


ImmutableContainerMixin = _Frozen
_set = object.__setattr__


class ImmutableCaseInsensitiveDict(_Frozen, Mapping):
    """A read-only map. A key is looked up as it is written first, then without regard to case."""

    __slots__ = ("_folded",)

    def __init__(self, container=None):
        if container is None:
            container = {}
        container = _plain(container)
        if not isinstance(container, Mapping):
            raise TypeError(f"{type(self).__name__} needs a mapping, not {type(container).__name__}")
        _set(self, "_container", container)
        _set(self, "_wrapped", {})
        _set(self, "_folded", None)

    def _find(self, key):
        container = self._container
        if key in container:
            return key
        if not isinstance(key, str):
            return _ABSENT
        folded = self._folded
        if folded is None:
            folded = {}
            for name in container:
                if isinstance(name, str):
                    folded.setdefault(name.lower(), name)
            _set(self, "_folded", folded)
        return folded.get(key.lower(), _ABSENT)

    def __getitem__(self, key):
        found = self._find(key)
        if found is _ABSENT:
            raise KeyError(key)
        return self._child(found, self._container[found])

    def get(self, key, default=None):
        container = self._container
        if key not in container:
            key = self._find(key)
            if key is _ABSENT:
                return default
        value = container[key]
        return value if type(value) in _ATOMS else self._child(key, value)

    def items(self):
        return _Items(self)

    def values(self):
        return _Values(self)

    def __contains__(self, key):
        return self._find(key) is not _ABSENT

    def __iter__(self):
        return iter(self._container)

    def __len__(self):
        return len(self._container)

    def __eq__(self, other):
        other = _plain(other)
        return self._container == other if isinstance(other, Mapping) else NotImplemented

    __hash__ = _Frozen.__hash__

    def to_dict(self):
        return thaw(self._container)


class _Items(ItemsView):
    """Its pairs come from the container at once; all else is as everywhere."""

    __slots__ = ()

    def __iter__(self):
        mapping = self._mapping
        for key, value in mapping._container.items():
            yield key, value if type(value) in _ATOMS else mapping._child(key, value)


class _Values(ValuesView):
    __slots__ = ()

    def __iter__(self):
        mapping = self._mapping
        for key, value in mapping._container.items():
            yield value if type(value) in _ATOMS else mapping._child(key, value)


# They print as the classes they stand for.
_Items.__name__ = "ItemsView"
_Values.__name__ = "ValuesView"


class ImmutableList(_Frozen, Sequence):
    """A read-only list; equal to lists and tuples of the same items."""

    __slots__ = ()

    def __init__(self, container=()):
        container = _plain(container)
        _set(self, "_container", container if isinstance(container, (list, tuple)) else list(container))
        _set(self, "_wrapped", {})

    def __getitem__(self, index):
        if isinstance(index, slice):
            return ImmutableList(self._container[index])
        value = self._container[index]
        return self._child(index if index >= 0 else index + len(self._container), value)

    def __iter__(self):
        for index, value in enumerate(self._container):
            yield self._child(index, value)

    def __contains__(self, item):
        return _plain(item) in self._container

    def __len__(self):
        return len(self._container)

    def __add__(self, other):
        other = _plain(other)
        return self.copy() + list(other) if isinstance(other, (list, tuple)) else NotImplemented

    def __radd__(self, other):
        return list(other) + self.copy() if isinstance(other, (list, tuple)) else NotImplemented

    def __eq__(self, other):
        other = _plain(other)
        return list(self._container) == list(other) if isinstance(other, (list, tuple)) else NotImplemented

    __hash__ = _Frozen.__hash__


def json_encoder(value):
    """A json.dumps default that knows the two classes."""
    if isinstance(value, _Frozen):
        return thaw(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
