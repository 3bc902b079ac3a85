from panther_core.immutable import ImmutableCaseInsensitiveDict, ImmutableList, _ABSENT, _set

_MOST_STEPS = 20_000
_LONGEST_VALUE = 2_000


def _shown(value):
    """A value as JSON where it is one of moderate size, else its beginning as text."""
    value = thaw(value)
    try:
        text = json.dumps(value)
        if len(text) <= _LONGEST_VALUE:
            return json.loads(text)
    except (TypeError, ValueError):
        pass
    try:
        text = repr(value)
    except BaseException:
        text = f"({type(value).__name__})"
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"


class _Recording:
    """Notes which keys are asked for. Children carry the path that led to them."""

    __slots__ = ()

    def _note(self, key, found):
        name = str(key if found is _ABSENT else found)
        path = self._path + "." + name if self._path else name
        if found is _ABSENT:
            self._reads.setdefault(path, None)
        else:
            self._reads[path] = (self._container[found],)

    def __getitem__(self, key):
        self._note(key, self._find(key))
        return super().__getitem__(key)

    def get(self, key, default=None):
        self._note(key, self._find(key))
        return super().get(key, default)

    def __contains__(self, key):
        self._note(key, self._find(key))
        return super().__contains__(key)

    def _wrap(self, key, value):
        path = self._path + "." + str(key) if self._path else str(key)
        return _recorded(value, path, self._reads)


class _RecordingDict(_Recording, ImmutableCaseInsensitiveDict):
    __slots__ = ("_path", "_reads")


class _RecordingEvent(_Recording, PantherEvent):
    __slots__ = ("_path", "_reads")

    def udm(self, *keys, default=None):
        value = super().udm(*keys, default=default)
        self._note_call("udm", keys, value)
        return value

    def deep_walk(self, *keys, default=None, return_val="all"):
        value = super().deep_walk(*keys, default=default, return_val=return_val)
        self._note_call("deep_walk", keys, value)
        return value

    def _note_call(self, method, keys, value):
        self._reads[method + "(" + ", ".join(map(str, keys)) + ")"] = None if value is None else (value,)

    def _without_model(self):
        return _recorded(self._container, "", self._reads)


class _RecordingList(ImmutableList):
    __slots__ = ("_path", "_reads")

    def _wrap(self, key, value):
        return _recorded(value, f"{self._path}[{key}]", self._reads)


def _recorded(value, path, reads):
    made = _RecordingDict(value) if isinstance(value, dict) else _RecordingList(value)
    _set(made, "_path", path)
    _set(made, "_reads", reads)
    return made


def _leaves(reads):
    """Reads without those that only led to others."""
    found = []
    for path, held in reads.items():
        inner = held is not None and isinstance(held[0], (dict, list))
        if inner and any(other.startswith((path + ".", path + "[")) for other in reads):
            continue
        found.append({"field": path} if held is None else {"field": path, "value": _shown(held[0])})
    return found


class _Trace:
    def __init__(self, rule):
        self.rule = rule
        self.files = {rule.file} | {file for file, _ in rule.bundle.sources.values()}
        self.files.update(model.source["file"] for model in rule.bundle.models.values() if model.source)
        self.steps = []
        self.calls = []
        self.open = []
        self.truncated = False
        self.returned = None
        self.entry = None

    def __call__(self, frame, event, arg):
        code = frame.f_code
        if code.co_filename not in self.files:
            return None
        if event == "call":
            if self.entry is None:
                self.entry = frame
            elif not code.co_name.startswith("<") and len(self.calls) < _MOST_STEPS:
                caller = frame.f_back
                call = {"function": code.co_name, "file": code.co_filename, "line": frame.f_lineno,
                        "depth": len(self.open), "calledAt": caller.f_lineno if caller is not None else 0}
                self.calls.append(call)
                self.open.append((frame, call))
        elif event == "line":
            if len(self.steps) < _MOST_STEPS:
                self.steps.append([code.co_filename, frame.f_lineno])
            else:
                self.truncated = True
        elif event == "return":
            if frame is self.entry:
                self.returned = frame.f_lineno
            elif self.open and self.open[-1][0] is frame:
                self.open.pop()[1]["value"] = _shown(arg)
        return self


def _trace_event(rule, data, log_type):
    reads = {}
    if rule.kind == "policy":
        event = thaw(data)
    else:
        data = _enriched(rule.bundle, data, log_type)
        event = _RecordingEvent(data, rule.bundle.models.get(log_type), rule.bundle.tables)
        _set(event, "_path", "")
        _set(event, "_reads", reads)
    _prepare_cache(event)
    reads.clear()
    trace = _Trace(rule)
    found = {}
    sys.settrace(trace)
    try:
        found["output"] = _verdict(rule, event)
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:
        sys.settrace(None)
        found["error"] = _describe(error)
    finally:
        sys.settrace(None)
    found["reads"] = _leaves(reads)
    if "output" in found and _alerts(rule, found["output"]):
        outputs = _Outputs(rule, _event_for(rule, data, log_type))
        found["outputs"] = outputs.all()
        found["problems"] = outputs.problems
    return found | {"steps": trace.steps, "calls": trace.calls, "returned": trace.returned, "truncated": trace.truncated}


def trace(rule, event_text, log_type):
    data = json.loads(event_text)
    if rule.kind != "policy" and isinstance(data, dict):
        data.setdefault("p_log_type", log_type)
    _begin()
    try:
        found = _trace_event(rule, data, log_type)
    except BaseException as error:
        sys.settrace(None)
        found = {"error": _describe(error), "reads": [], "steps": [], "calls": [], "returned": None, "truncated": False}
    return json.dumps(found)
