"""A key-value store that rules share, in memory. Times are those of the events, so that old logs replay as they were."""
import time

_DEFAULT_TTL = 90 * 24 * 3600
# A time to live below this many seconds is a duration, above it a moment.
_LONGEST_DURATION = 1_000_000_000

_entries = {}
# Set by the harness for each event: seconds since 1970, or None where the event has no time.
_moment = [None]


def _now():
    return int(time.time()) if _moment[0] is None else _moment[0]


def _expiry(epoch_seconds):
    if epoch_seconds is None:
        return _now() + _DEFAULT_TTL
    seconds = int(epoch_seconds)
    return _now() + seconds if seconds < _LONGEST_DURATION else seconds


def _read(key, kind):
    entry = _entries.get(key)
    if entry is None:
        return None
    if entry["expires"] <= _now():
        del _entries[key]
        return None
    value = entry["value"]
    return value if isinstance(value, kind) else None


def _write(key, value, epoch_seconds):
    entry = _entries.get(key)
    live = entry is not None and entry["expires"] > _now()
    expires = entry["expires"] if live and epoch_seconds is None else _expiry(epoch_seconds)
    _entries[key] = {"value": value, "expires": expires}


def set_key_expiration(key, epoch_seconds):
    entry = _entries.get(key)
    if entry is not None:
        entry["expires"] = _expiry(epoch_seconds)


def get_counter(key, force_ttl_check=False):
    return _read(key, int) or 0


def increment_counter(key, val=1, epoch_seconds=None):
    value = get_counter(key) + val
    _write(key, value, epoch_seconds)
    return value


def reset_counter(key):
    _write(key, 0, None)


def _strings(val):
    if isinstance(val, str):
        return {val}
    return {str(item) for item in val}


def get_string_set(key, force_ttl_check=False):
    return set(_read(key, set) or ())


def put_string_set(key, val, epoch_seconds=None):
    _entries.pop(key, None)
    if val:
        _write(key, _strings(val), epoch_seconds)


def add_to_string_set(key, val, epoch_seconds=None):
    value = get_string_set(key) | _strings(val)
    if value:
        _write(key, value, epoch_seconds)
    return set(value)


def remove_from_string_set(key, val, epoch_seconds=None):
    value = get_string_set(key) - _strings(val)
    if key in _entries:
        if value:
            _write(key, value, epoch_seconds)
        else:
            del _entries[key]
    return set(value)


def reset_string_set(key):
    _entries.pop(key, None)


def get_dictionary(key, force_ttl_check=False):
    return dict(_read(key, dict) or {})


def put_dictionary(key, val, epoch_seconds=None):
    if not isinstance(val, (dict,)):
        raise TypeError(f"put_dictionary needs a dict, not {type(val).__name__}")
    _entries.pop(key, None)
    _write(key, dict(val), epoch_seconds)


def evaluate_threshold(key, threshold=10, expiry_seconds=3600):
    """Counts one more; true, and counting starts anew, once the threshold is reached within the time."""
    count = increment_counter(key)
    if count == 1:
        set_key_expiration(key, expiry_seconds)
    if count >= threshold:
        reset_counter(key)
        return True
    return False


def check_account_age(key):
    """Whether something was recorded under the key: accounts are, for some days, when they are created."""
    return isinstance(key, str) and key != "" and bool(get_string_set(key))
