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


class _Frozen:
    """What both kinds share. Neither can be a key: they compare by what they hold."""

    __slots__ = ("_container", "_wrapped")
    __hash__ = None

    def _child(self, key, value):
        kind = type(value)
        if kind in _ATOMS:
            return value
        if kind is not dict and kind is not list:
            return value
        wrapped = self._wrapped.get(key)
        if wrapped is None:
            wrapped = self._wrap(key, value)
            self._wrapped[key] = wrapped
        return wrapped

    def _wrap(self, key, value):
        return ImmutableCaseInsensitiveDict(value) if isinstance(value, dict) else ImmutableList(value)

    def _shown(self):
        return self._container

    def copy(self):
        return thaw(self._container)

    def __len__(self):
        return len(self._container)

    def __repr__(self):
        return f"{type(self).__name__}({self._shown()})"

    def __setattr__(self, name, value):
        raise AttributeError(f"'{type(self).__name__}' object is read-only")

    def __delattr__(self, name):
        raise AttributeError(f"'{type(self).__name__}' object is read-only")

    def __reduce__(self):
        return type(self), (self._container,)


ImmutableContainerMixin = _Frozen
_set = object.__setattr__


def _begin(frozen, container):
    _set(frozen, "_container", container._container if isinstance(container, _Frozen) else container)
    _set(frozen, "_wrapped", {})


class ImmutableCaseInsensitiveDict(_Frozen, Mapping):
    """A read-only map. A key is looked up as it is written first, then without regard to case."""

    __slots__ = ("_folded",)

    def __init__(self, container):
        _begin(self, container)
        _set(self, "_folded", None)

    def _find(self, key):
        container = self._container
        if key in container:
            return key
        # Of an empty map even what is no text can be asked for.
        if not container:
            return _ABSENT
        wanted = key.lower()
        folded = self._folded
        if folded is None:
            folded = {}
            for name in container:
                folded.setdefault(name.lower(), name)
            _set(self, "_folded", folded)
        return folded.get(wanted, _ABSENT)

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

    def deep_get(self, *keys, default=None):
        value = self
        for key in keys:
            value = value.get(key, default) if isinstance(value, Mapping) else default
        return default if value is None else value

    def items(self):
        return _Items(self)

    def values(self):
        return _Values(self)

    def __contains__(self, key):
        return self._find(key) is not _ABSENT

    def __iter__(self):
        return iter(self._container)

    def __eq__(self, other):
        if not isinstance(other, Mapping):
            return NotImplemented
        return dict(self.items()) == dict(other.items())

    __hash__ = None

    def to_dict(self):
        return thaw(self._container)

    def raw_view(self):
        """What it holds, as plain data."""
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
    """A read-only list; equal to lists and tuples of the same items. It cannot be added to, and its slices are tuples."""

    __slots__ = ()

    def __init__(self, container):
        _begin(self, container if isinstance(container, (list, tuple, _Frozen)) else list(container))

    def _shown(self):
        return tuple(self._container)

    def __getitem__(self, index):
        if isinstance(index, slice):
            # Plain data, of which nobody sees the changes.
            return tuple(thaw(item) for item in self._container[index])
        value = self._container[index]
        return self._child(index if index >= 0 else index + len(self._container), value)

    def __iter__(self):
        for index, value in enumerate(self._container):
            yield self._child(index, value)

    def __contains__(self, item):
        if type(item) in _ATOMS:
            return item in self._container
        return any(each is item or each == item for each in self)

    def __eq__(self, other):
        if isinstance(other, ImmutableList):
            other = other._container
        return isinstance(other, (list, tuple)) and tuple(self._container) == tuple(other)

    __hash__ = None

    def as_list(self):
        return thaw(self._container)


def json_encoder(value):
    """A json.dumps default that knows the two classes."""
    if isinstance(value, _Frozen):
        return value._container
    raise TypeError(f"object of type {type(value)} is not JSON serializable")
