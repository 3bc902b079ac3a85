"""The event that rule functions are given."""
from collections.abc import Mapping, Sequence

from dateutil import parser as _dates
from panther_core.exceptions import PantherError
from panther_core.immutable import ImmutableCaseInsensitiveDict, ImmutableList, _set, json_encoder, thaw


def _is_list(value):
    return isinstance(value, Sequence) and not isinstance(value, str)


def _only_empty(value):
    return _is_list(value) and all(map(_only_empty, value))


def _walk(value, keys, default, return_val):
    """Over plain data: keys are found as they are written."""
    if not keys:
        return default if value is None or _only_empty(value) else value
    if isinstance(value, Mapping):
        return _walk(value.get(keys[0], default), keys[1:], default, return_val)
    found = {}
    if _is_list(value):
        for item in value:
            reached = _walk(item, keys, default, return_val)
            if reached is None:
                continue
            # What cannot be a key raises.
            for part in reached if _is_list(reached) else (reached,):
                found[part] = None
    values = list(found)
    if not values:
        return default
    if return_val == "first":
        return values[0]
    if return_val == "last":
        return values[-1]
    if return_val != "all":
        return "all"
    return values[0] if len(values) == 1 else values


class PantherEvent(ImmutableCaseInsensitiveDict):
    """An event with the data model of its log type, when it has one."""

    __slots__ = ("data_model", "lookup_tables")

    def __init__(self, event, data_model=None, lookup_tables=None):
        super().__init__(event)
        _set(self, "data_model", data_model)
        _set(self, "lookup_tables", lookup_tables)

    def __reduce__(self):
        return type(self), (self._container, self.data_model, self.lookup_tables)

    def deep_walk(self, *keys, default=None, return_val="all"):
        """Like deep_get, through lists too, by the exact names. Gives plain data."""
        found = _walk(self._container, keys, default, return_val)
        return found if found is default else thaw(found)

    def udm(self, *keys, default=None):
        """
        A unified field. Where the data model has a path or method for it, that alone: what the path finds, be it None, or the
        default where it finds nothing; what the method gives. Else p_udm, then the event's own field, and the default for what is
        falsy.
        """
        model = self.data_model
        if model is not None and len(keys) == 1:
            key = keys[0]
            found = model.node(key, self._container)
            if found is not None:
                return _frozen(found.value)
            method = model.method(key)
            if method is not None:
                return _frozen(method(self._without_model()))
            if key in model:
                return default
        if not keys:
            return default
        return self.deep_get("p_udm", *keys) or self.deep_get(*keys) or default

    def _without_model(self):
        return ImmutableCaseInsensitiveDict(self._container)

    def udm_path(self, key):
        """Where the data model's path finds a unified field in this event, or the name of its method; else None."""
        model = self.data_model
        if model is None:
            raise PantherError("no data model found for log type", self._container.get("p_log_type"))
        found = model.node(key, self._container)
        if found is not None:
            return model.full_path(found)
        method = model.method(key)
        return None if method is None else getattr(method, "__name__", repr(method))

    def event_time_epoch(self, force_utc=True):
        """Seconds since 1970 of p_event_time; 0 when the event has none that can be read."""
        moment = self.get("p_event_time") or ""
        if force_utc:
            moment += " UTC"
        try:
            return int(_dates.parse(moment).timestamp())
        except _dates.ParserError:
            return 0

    def lookup(self, table, key):
        """A row of a lookup table. Tests give it in the event as _mocked_lookup_data_."""
        if "_mocked_lookup_data_" in self:
            return self.deep_get("_mocked_lookup_data_", table, key)
        rows = (self.lookup_tables or {}).get(table)
        if rows is None:
            raise NotImplementedError(f"no lookup table {table!r} is loaded")
        return rows.row(key)

    json_encoder = json_encoder


def _frozen(value):
    if type(value) is dict:
        return ImmutableCaseInsensitiveDict(value)
    return ImmutableList(value) if type(value) is list else value
