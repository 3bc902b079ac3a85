"""The event that rule functions are given."""
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone

from panther_core.immutable import ImmutableCaseInsensitiveDict, ImmutableList, _set


def _only_empty(value):
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return all(_only_empty(item) for item in value)
    return False


def _walk(value, keys, default, return_val):
    if not keys:
        return default if _only_empty(value) else value
    if isinstance(value, Mapping):
        item = value.get(keys[0])
        return default if item is None else _walk(item, keys[1:], default, return_val)
    found = {}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for item in value:
            reached = _walk(item, keys, default, return_val)
            if reached is None:
                continue
            if isinstance(reached, Sequence) and not isinstance(reached, (str, bytes)):
                for part in reached:
                    found[part] = None
            else:
                found[reached] = None
    if not found:
        return default
    values = list(found)
    if return_val == "first":
        return values[0]
    if return_val == "last":
        return values[-1]
    if return_val != "all":
        raise ValueError(f"return_val must be 'first', 'last' or 'all', not {return_val!r}")
    return values[0] if len(values) == 1 else values


class PantherEvent(ImmutableCaseInsensitiveDict):
    """An event with the data model of its log type, when it has one."""

    __slots__ = ("data_model", "lookup_tables")

    def __init__(self, event=None, data_model=None, lookup_tables=None):
        super().__init__(event)
        _set(self, "data_model", data_model)
        _set(self, "lookup_tables", lookup_tables)

    def deep_get(self, *keys, default=None):
        value = self
        for key in keys:
            if not isinstance(value, ImmutableCaseInsensitiveDict) and not isinstance(value, Mapping):
                return default
            value = value.get(key)
            if value is None:
                return default
        return value

    def deep_walk(self, *keys, default=None, return_val="all"):
        """Like deep_get, through lists too. A list comes out as a list of its own that may be changed."""
        found = _walk(self, keys, default, return_val)
        return list(found) if isinstance(found, ImmutableList) else found

    def udm(self, *keys, default=None):
        """A unified field: the data model's path or method, then p_udm, then the event's own field."""
        model = self.data_model
        if model is not None and len(keys) == 1 and keys[0] in model:
            value = model.value(keys[0], self)
            return default if value is None else value
        value = self.deep_get("p_udm", *keys)
        return self.deep_get(*keys, default=default) if value is None else value

    def udm_path(self, key):
        """The path, without its root, or the name of the method that the data model maps a unified field to; else None."""
        model = self.data_model
        return None if model is None else model.path(key)

    def event_time_epoch(self):
        """Seconds since 1970 of p_event_time, which is UTC; the present time when the event has none that can be read."""
        moment = self.get("p_event_time")
        if isinstance(moment, str):
            text = moment.strip().removesuffix(" UTC").replace(" ", "T", 1)
            head, dot, rest = text.partition(".")
            if dot:
                digits = len(rest) - len(rest.lstrip("0123456789"))
                text = head + "." + rest[:digits][:6].ljust(6, "0") + rest[digits:]
            try:
                parsed = datetime.fromisoformat(text)
            except ValueError:
                parsed = None
            if parsed is not None:
                if parsed.tzinfo is None:
                    parsed = parsed.replace(tzinfo=timezone.utc)
                return int(parsed.timestamp())
        return int(time.time())

    def lookup(self, table, key):
        """A row of a lookup table. Tests give it in the event as _mocked_lookup_data_."""
        mocked = self.get("_mocked_lookup_data_")
        if isinstance(mocked, Mapping):
            rows = mocked.get(table)
            return rows.get(key) if isinstance(rows, Mapping) else None
        rows = (self.lookup_tables or {}).get(table)
        if rows is not None:
            return rows.row(key)
        raise NotImplementedError(f"no lookup table {table!r} is loaded")
