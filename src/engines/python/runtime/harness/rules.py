class _Rule:
    def __init__(self, spec, bundle):
        self.id = spec["id"]
        self.severity = spec["severity"]
        self.kind = spec["kind"]
        self.function = "policy" if self.kind == "policy" else "rule"
        self.file = spec["file"]
        self.bundle = bundle
        self.stops = spec["stops"]
        self.seen = set()
        self.places = {}
        self.module = _World(bundle).run(spec["module"], self.file, compile(spec["code"], self.file, "exec"))
        # Where its functions are looked up: one may be set while the rule runs.
        self.names = self.module.__dict__
        if not callable(self.names.get(self.function)) and self.kind != "scheduled_rule":
            raise _NoFunction(self.function)


class _NoFunction(Exception):
    pass


class _WrongType(Exception):
    def __init__(self, function, expected, found):
        super().__init__(function, expected, found)
        self.detail = {"function": function, "expected": expected, "found": found}


def _plain(text):
    """Text of the very type, whatever a subclass makes of it."""
    return text if type(text) is str else str.__getitem__(text, slice(None)) if isinstance(text, str) else ""


def _text(error):
    try:
        return _plain(str(error))[:1000]
    except BaseException:
        return "(its text cannot be read)"


# As no class can have them otherwise.
_trace_of = BaseException.__dict__["__traceback__"].__get__
_name_of = type.__dict__["__name__"].__get__


def _describe(error, function=None):
    """An error as plain data: kind, type, text, the frames it passed, outermost first."""
    frames = []
    step = _trace_of(error)
    while step is not None and len(frames) < 200:
        code = step.tb_frame.f_code
        frames.append({"file": _plain(code.co_filename), "line": step.tb_lineno or 1, "function": _plain(code.co_name)})
        step = step.tb_next
    kind = type(error)
    found = {"kind": "exception", "type": _plain(_name_of(kind)), "text": _text(error), "frames": frames[-50:]}
    if function is not None:
        found["function"] = function
    if issubclass(kind, KeyboardInterrupt) and _shared[2]:
        found["kind"] = "timeout"
    elif issubclass(kind, MemoryError):
        found["kind"] = "memory"
    elif kind is _WrongType:
        found["kind"] = "return-type"
        found.update(error.detail)
    elif kind is _NoFunction:
        found["kind"] = "no-function"
        found["function"] = error.args[0]
    elif kind in (SyntaxError, IndentationError, TabError):
        found["kind"] = "syntax"
        found["text"] = _plain(error.msg)
        line = error.lineno if type(error.lineno) is int else 1
        frames.append({"file": _plain(error.filename), "line": line, "function": ""})
        found["frames"] = frames[-50:]
    elif kind in (ImportError, ModuleNotFoundError):
        found["kind"] = "import"
        found["module"] = _plain(error.name)
    return found


def _begin():
    """From here on the next call has the whole of its time limit."""
    _shared[0] = (_shared[0] + 1) & 255
    _shared[2] = 0


def _no_processes(*_, **__):
    raise PermissionError("rules cannot start or signal processes")


# The JavaScript side refuses too, but that costs the process.
for _module in (sys.modules["os"], sys.modules["posix"]):
    _module.system = _no_processes
    _module.popen = _no_processes
    _module.kill = _no_processes


def configure(text):
    global _most_stops
    spec = json.loads(text)
    _most_stops = spec["mostStops"]
    # A snapshot holds the state of the generator too.
    sys.modules["random"].seed()
    # Some finders are classes themselves.
    hooks = ("_pyodide._importhook",)
    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ not in hooks and each.__module__ not in hooks]
    sys.meta_path.insert(0, _Refused())
    _cut_javascript()
    for name in [each for each in sys.modules if each.partition(".")[0] in _FORBIDDEN]:
        del sys.modules[name]
    _note([(sys.modules, "sys.modules", (), True)])
    return ""


def prepare_tests():
    """Imports what mocks need; it takes longer than a test should."""
    _shared_module("unittest.mock")
    return ""


def add_bundle(text):
    bundle = _Bundle(json.loads(text))
    _note(bundle.parts())
    return bundle


def add_rule(bundle, text):
    """Loads a rule's module; what is wrong with it as text."""
    spec = json.loads(text)
    _begin()
    try:
        return _Rule(spec, bundle)
    except BaseException as error:
        return json.dumps(_describe(error))
