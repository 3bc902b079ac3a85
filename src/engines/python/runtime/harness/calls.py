from _json_path import full_path, reach
from panther_core.enriched_event import PantherEvent
from panther_core.immutable import ImmutableCaseInsensitiveDict, ImmutableList, _Frozen, json_encoder, thaw
from panther_detection_helpers.caching import _entries, _moment

_LONGEST_TEXT = 1000
_TRUNCATED = "... (truncated)"
_MOST_DESTINATIONS = 10
_LARGEST_CONTEXT = 200 * 1024
_SEVERITIES = ("INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL")


def _event_for(rule, data, log_type):
    if rule.kind == "policy":
        return thaw(data)
    return PantherEvent(data, rule.bundle.models.get(log_type), rule.bundle.tables)


def _prepare_cache(event):
    """Tells the cache when the event was; its times are those of the events."""
    timed = isinstance(event, PantherEvent) and isinstance(event.get("p_event_time"), str)
    _moment[0] = event.event_time_epoch() or None if timed else None


def _verdict(rule, event):
    """What rule() or policy() gives, strictly a bool. A scheduled rule without rule() takes every row."""
    function = rule.names.get(rule.function)
    if function is None and rule.kind == "scheduled_rule":
        return True
    output = function(event)
    if not isinstance(output, bool):
        raise _WrongType(rule.function, "bool", type(output).__name__)
    return output


def _alerts(rule, output):
    return output is False if rule.kind == "policy" else output is True


def _cut(text):
    text = _plain(text)
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - len(_TRUNCATED)] + _TRUNCATED


def _for_json(value):
    """What JSON is written of in place of a read-only view: no copy where what it views is plain."""
    if isinstance(value, _Frozen) and type(value._container) in (dict, list, tuple):
        return value._container
    return json_encoder(value)


_encoder = json.JSONEncoder(default=_for_json, allow_nan=False)


def _error_context(error):
    try:
        text = _plain(repr(error))[:1000]
    except BaseException:
        text = _plain(_name_of(type(error)))
    return json.dumps({"_error": text})


class _Outputs:
    """Calls a rule's further functions; what fails is replaced by the default and noted."""

    def __init__(self, rule, event):
        self.rule = rule
        self.event = event
        self.problems = []

    def call(self, name, check, default, failed=None):
        function = self.rule.names.get(name)
        if not callable(function):
            return default
        try:
            return check(name, function(self.event))
        except (KeyboardInterrupt, MemoryError):
            raise
        except BaseException as error:
            self.problems.append(_describe(error, name))
            return default if failed is None else failed(error)

    def text(self, name, value):
        if not isinstance(value, str):
            raise _WrongType(name, "str", type(value).__name__)
        return _cut(value)

    def level(self, name, value):
        value = self.text(name, value).upper()
        if value == "DEFAULT":
            return self.rule.severity
        if value not in _SEVERITIES:
            raise ValueError(f"severity() must give one of {', '.join(_SEVERITIES)} or DEFAULT, not {value!r}")
        return value

    def routes(self, name, value):
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, (str, bool)) for each in value):
            raise _WrongType(name, "list of str or None", type(value).__name__)
        if not value:
            return ["SKIP"]
        return [each if isinstance(each, bool) else _cut(each) for each in value[:_MOST_DESTINATIONS]]

    def context(self, name, value):
        from collections.abc import Mapping

        if not isinstance(value, Mapping):
            raise _WrongType(name, "Mapping", type(value).__name__)
        # All of it is ASCII: so many characters, so many bytes.
        text = _encoder.encode(dict(value))
        size = len(text)
        if size > _LARGEST_CONTEXT:
            raise ValueError(f"alert_context() has {size} bytes as JSON, more than {_LARGEST_CONTEXT}")
        return text

    def all(self):
        """The outputs; the context as JSON text, so that it is written only once."""
        rule = self.rule
        fallback = "defaultDedupString:" + rule.id
        has_title = callable(rule.names.get("title"))
        title = self.call("title", self.text, rule.id)
        title_failed = any(each["function"] == "title" for each in self.problems)
        found = {
            "title": title,
            "description": self.call("description", self.text, ""),
            "reference": self.call("reference", self.text, ""),
            "severity": self.call("severity", self.level, rule.severity),
            "runbook": self.call("runbook", self.text, ""),
            "destinations": self.call("destinations", self.routes, None),
        }
        if callable(rule.names.get("dedup")):
            found["dedup"] = self.call("dedup", self.text, fallback) or fallback
        else:
            found["dedup"] = title if has_title and not title_failed and title else fallback
        found["alertContext"] = self.call("alert_context", self.context, "{}", _error_context)
        if callable(rule.names.get("unique")):
            found["unique"] = self.call("unique", self.text, "")
        return found


# Where an event is answered in parts: how much is held of the present one, and its last line.
_part = [0, ""]


class _End:
    """Stands behind the last rule."""

    stops = float("inf")
    kind = None


_end = (_End(),)


def gather(*rules):
    """Rules that run on the same events, in their order."""
    return rules


def begin(rules, event_text, log_type):
    """
    One event for several rules. What it gives runs them one by one as it is followed: a line of what each made of the event,
    empty where it did not match, and at last one that is empty if all left the event as it was. While a rule runs no
    function of the harness is under way but its own `_call`: what others have answered cannot be found from there. Where an
    answer is due before the end, it stops; `late` has its last line, and it can be followed further.
    """
    _part[0] = 0
    try:
        data = json.loads(event_text)
        if isinstance(data, dict):
            data.setdefault("p_log_type", log_type)
        views = {}
        for rule in rules:
            bundle = rule.bundle
            if bundle not in views and rule.kind != "policy":
                views[bundle] = made = _event_for(rule, _enriched(bundle, data, log_type), log_type)
                _prepare_cache(made)
        before = [(each, marshal.dumps(each._container, 2), each.data_model, each.lookup_tables) for each in views.values()]
    except Exception as error:
        line = json.dumps({"error": _describe(error)}) + "\n"
        return itertools.chain(itertools.repeat(line, len(rules)), ("\n",))
    one = next(iter(views.values()), None)
    each = itertools.repeat(one, len(rules)) if len(views) < 2 else [views.get(rule.bundle) for rule in rules]
    return map(_call, rules + _end, itertools.chain(each, (before,)), itertools.repeat(event_text))


def _call(rule, event, event_text):
    """A line of what a rule makes of an event."""
    if rule.stops >= _most_stops:
        return _SUSPENDED if rule.kind else _touched(event)
    # As `_begin`, without the cost of a call.
    shared = _shared
    shared[0] ^= 1
    try:
        if rule.kind == "policy":
            event = json.loads(event_text)
        output = _verdict(rule, event)
        if output is (rule.kind == "policy"):
            result = None
        else:
            outputs = _Outputs(rule, event)
            result = {"outputs": outputs.all(), "problems": outputs.problems}
    except BaseException as error:
        result = _failure(rule, error)
    if result is None:
        line = "\n"
    else:
        shared[2] = 0
        line = json.dumps(result) + "\n"
        _part[0] += len(line)
        if _part[0] > _LARGEST_PART:
            shared[1] = 1
    if shared[1]:
        _part[1] = line
        raise StopIteration
    return line


# Of errors of one kind at one place so many are told whole, and of so many places of a rule.
_MOST_TOLD = 20
_MOST_PLACES = 100


def _failure(rule, error):
    """What is told of an error: all of the first ones at a place, of the others only which place it is, as they are counted."""
    found = _describe(error)
    rule.stops += found["kind"] == "timeout"
    if found["kind"] != "exception":
        return {"error": found}
    key = (found["type"], *[(each["file"], each["line"]) for each in found["frames"]])
    place = rule.places.get(key)
    if place is None:
        if len(rule.places) == _MOST_PLACES:
            return {"error": found}
        place = rule.places[key] = [len(rule.places), 0]
    place[1] += 1
    return {"again": place[0]} if place[1] > _MOST_TOLD else {"error": found, "place": place[0]}


_SUSPENDED = json.dumps({"error": {"kind": "suspended", "type": "", "text": "", "frames": []}}) + "\n"
_LARGEST_PART = 1_000_000


def late():
    """The line at which it stopped."""
    found = _part[1]
    _part[:] = 0, ""
    return found


def _touched(made):
    """What rules changed of an event's views."""
    try:
        for view, before, model, tables in made:
            as_made = view.data_model is model and view.lookup_tables is tables and _is_as_made(view, PantherEvent)
            if not as_made or marshal.dumps(view._container, 2) != before:
                return "event\n"
    except Exception:
        return "event\n"
    return "\n"


def _is_as_made(view, kind):
    """Whether a view, and those made of what is in it, are of what they were made of."""
    if type(view) is not kind:
        return False
    container = view._container
    wrapped = view._wrapped
    if type(wrapped) is not dict:
        return False
    for key, inner in wrapped.items():
        if type(key) not in (str, int) or type(container) is dict and key not in container:
            return False
        value = container[key]
        if not _is_as_made(inner, ImmutableCaseInsensitiveDict if type(value) is dict else ImmutableList):
            return False
        if inner._container is not value:
            return False
    if type(container) is not dict or view._folded is None:
        return True
    folded = {}
    for name in container:
        folded.setdefault(name.lower(), name)
    return view._folded == folded
