from _json_path import full_path, reach
from panther_core.enriched_event import PantherEvent
from panther_core.immutable import _Frozen, json_encoder, thaw

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
    caching = sys.modules.get("panther_detection_helpers.caching")
    if caching is not None and hasattr(caching, "_event_time"):
        timed = isinstance(event, PantherEvent) and isinstance(event.get("p_event_time"), str)
        caching._event_time = event.event_time_epoch() or None if timed else None


def _verdict(rule, event):
    """What rule() or policy() gives, strictly a bool. A scheduled rule without rule() takes every row."""
    function = rule.module.__dict__.get(rule.function)
    if function is None and rule.kind == "scheduled_rule":
        return True
    output = function(event)
    if not isinstance(output, bool):
        raise _WrongType(rule.function, "bool", type(output).__name__)
    return output


def _alerts(rule, output):
    return output is False if rule.kind == "policy" else output is True


def _cut(text):
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - len(_TRUNCATED)] + _TRUNCATED


def _for_json(value):
    """What JSON is written of in place of a read-only view: no copy where what it views is plain."""
    if isinstance(value, _Frozen) and type(value._container) in (dict, list, tuple):
        return value._container
    return json_encoder(value)


_encoder = json.JSONEncoder(default=_for_json, allow_nan=False)


def _error_context(error):
    return json.dumps({"_error": repr(error)[:1000]})


class _Outputs:
    """Calls a rule's further functions; what fails is replaced by the default and noted."""

    def __init__(self, rule, event):
        self.rule = rule
        self.event = event
        self.problems = []

    def call(self, name, check, default, failed=None):
        function = self.rule.module.__dict__.get(name)
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
        has_title = callable(rule.module.__dict__.get("title"))
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
        if callable(rule.module.__dict__.get("dedup")):
            found["dedup"] = self.call("dedup", self.text, fallback) or fallback
        else:
            found["dedup"] = title if has_title and not title_failed and title else fallback
        found["alertContext"] = self.call("alert_context", self.context, "{}", _error_context)
        if callable(rule.module.__dict__.get("unique")):
            found["unique"] = self.call("unique", self.text, "")
        return found


def _on_event(rule, event):
    _activate(rule.bundle)
    output = _verdict(rule, event)
    if not _alerts(rule, output):
        return None
    outputs = _Outputs(rule, event)
    found = outputs.all()
    return {"outputs": found, "problems": outputs.problems}


def _safely(rule, event):
    """What a rule makes of an event, its errors as data."""
    _begin()
    try:
        return _on_event(rule, event)
    except BaseException as error:
        found = _describe(error)
        rule.stops += found["kind"] == "timeout"
        return {"error": found}


_parsed_indexes = {}
_LARGEST_PART = 1_000_000
_going = iter(())


def run(event_text, log_type, indexes_text):
    """
    One event, several rules. A line of JSON, [index, result], for each that matched or failed, behind "." when these are
    all, behind "+" when `more` gives the next of them.
    """
    global _going
    _begin()
    rules = _parsed_indexes.get(indexes_text)
    if rules is None:
        rules = _parsed_indexes[indexes_text] = [(index, _rules[index]) for index in json.loads(indexes_text)]
    _going = _results(event_text, log_type, rules)
    return more()


def more():
    lines = []
    size = 0
    for index, result in _going:
        if result is not None:
            line = json.dumps([index, result])
            lines.append(line)
            size += len(line)
        if _shared[1] or size > _LARGEST_PART:
            return "+" + "".join(line + "\n" for line in lines)
    return "." + "".join(line + "\n" for line in lines)


def _results(event_text, log_type, rules):
    """Each rule's index and what it makes of the event."""
    try:
        data = json.loads(event_text)
        if isinstance(data, dict):
            data.setdefault("p_log_type", log_type)
    except Exception as error:
        failed = {"error": _describe(error)}
        yield from ((index, failed) for index, _ in rules)
        return
    events = {}
    for index, rule in rules:
        if rule.stops >= _most_stops:
            yield index, {"error": {"kind": "suspended", "type": "", "text": "", "frames": []}}
            continue
        if rule.kind == "policy":
            event = json.loads(event_text)
        else:
            event = events.get(id(rule.bundle))
            if event is None:
                event = _event_for(rule, _enriched(rule.bundle, data, log_type), log_type)
                events[id(rule.bundle)] = event
                _prepare_cache(event)
        yield index, _safely(rule, event)


class _Mocks:
    """Replaces attributes of a rule's module for one test."""

    def __init__(self, rule, mocks):
        self.names = rule.module.__dict__
        self.mocks = mocks
        self.before = {}

    def __enter__(self):
        if not self.mocks:
            return
        from unittest.mock import MagicMock

        for mock in self.mocks:
            name = mock["objectName"]
            if name not in self.names:
                self.__exit__()
                raise AttributeError(f"the test mocks {name!r}, which the rule's module does not have")
            self.before.setdefault(name, self.names[name])
            self.names[name] = MagicMock(return_value=mock["returnValue"])

    def __exit__(self, *_):
        self.names.update(self.before)


def _one_test(rule, spec):
    _activate(rule.bundle)
    data = spec["event"]
    log_type = data.get("p_log_type") if isinstance(data, dict) else None
    event = _event_for(rule, data, log_type)
    caching = sys.modules.get("panther_detection_helpers.caching")
    if caching is not None and hasattr(caching, "_entries"):
        caching._entries.clear()
    _prepare_cache(event)
    found = {}
    with _Mocks(rule, spec["mocks"]):
        if spec.get("coverage"):
            sys.settrace(_Lines(rule))
        try:
            found["output"] = _verdict(rule, event)
        except (KeyboardInterrupt, MemoryError):
            raise
        except BaseException as error:
            found["error"] = _describe(error)
        finally:
            sys.settrace(None)
        outputs = _Outputs(rule, event)
        found["outputs"] = outputs.all()
        found["problems"] = outputs.problems
        if "output" in found and found["output"] is not spec["expected"]:
            found["returned"] = _where_it_returned(rule, _event_for(rule, data, log_type))
    return found


class _Lines:
    """Notes which lines of a rule's own file run."""

    def __init__(self, rule):
        self.file = rule.file
        self.seen = rule.seen

    def __call__(self, frame, event, arg):
        if frame.f_code.co_filename != self.file:
            return None
        if event == "line":
            self.seen.add(frame.f_lineno)
        return self


def _where_it_returned(rule, event):
    """The line of rule() that returns, found by running it once more; None when that goes otherwise."""
    entry = rule.module.__dict__.get(rule.function)
    lines = []

    def trace(frame, kind, arg):
        if frame.f_code is not getattr(entry, "__code__", None):
            return None
        if kind == "return":
            lines.append(frame.f_lineno)
        return trace

    sys.settrace(trace)
    try:
        _verdict(rule, event)
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException:
        return None
    finally:
        sys.settrace(None)
    return lines[-1] if lines else None


def coverage(index_text):
    """Of each function in a rule's own file: the lines that hold code, and those that no test reached."""
    rule = _rules[int(index_text)]
    functions = []

    def visit(code, name):
        if code.co_filename != rule.file:
            return
        inner = [each for each in code.co_consts if isinstance(each, types.CodeType)]
        lines = {line for _, _, line in code.co_lines() if line is not None and line != code.co_firstlineno}
        for each in inner:
            # Lambdas and comprehensions are part of the function around them.
            if each.co_name.startswith("<"):
                lines |= {line for _, _, line in each.co_lines() if line is not None}
            else:
                visit(each, f"{name}.{each.co_name}")
        missed = sorted(lines - rule.seen)
        functions.append({"function": name, "line": code.co_firstlineno, "lines": sorted(lines), "missed": missed})

    for name, value in list(rule.module.__dict__.items()):
        if isinstance(value, types.FunctionType):
            visit(value.__code__, name)
    functions.sort(key=lambda each: each["line"])
    return json.dumps(functions)


def test(index_text, spec_text):
    """One inline test. All functions run, whatever rule() gives."""
    rule = _rules[int(index_text)]
    spec = json.loads(spec_text)
    _begin()
    try:
        found = _one_test(rule, spec)
    except BaseException as error:
        found = {"error": _describe(error), "problems": []}
    return json.dumps(found)
