import importlib.abc
import importlib.machinery
import json
import re
import sys
import time
import types

# What would lead out of the sandbox, were it not for the JavaScript side, which refuses as well.
_FORBIDDEN = (
    "js", "pyodide_js", "pyodide_js._api", "pyodide", "pyodide.code", "pyodide.ffi", "pyodide.webloop", "pyodide.http",
    "pyodide._package_loader", "_pyodide", "_pyodide._base", "_pyodide._importhook", "_pyodide_core", "ctypes",
    "_ctypes", "multiprocessing", "webbrowser",
)
_runtime = {}
_bundles = []
_rules = {}
_active = None
_most_stops = 3
# Shared with the realm around Python. [0] counts the calls that have a time limit of their own, [1] is set when an answer is due,
# though it be a part, [2] when the limit interrupts a call.
_shared = bytearray(3)


class _Source(importlib.abc.Loader):
    def __init__(self, file, code):
        self.file = file
        self.code = code

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__file__ = self.file
        exec(compile(self.code, self.file, "exec"), module.__dict__)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        for sources in (_active.sources if _active is not None else {}, _runtime):
            found = sources.get(name)
            if found is not None:
                package = any(other.startswith(name + ".") for other in sources)
                return importlib.machinery.ModuleSpec(name, _Source(*found), origin=found[0], is_package=package)
        return None


class _Refused(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in _FORBIDDEN:
            raise ModuleNotFoundError(f"module {name!r} is not available in rules", name=name)
        return None


class _Bundle:
    def __init__(self, spec):
        self.sources = {each["name"]: (each["file"], each["code"]) for each in spec["modules"]}
        self.loaded = {}
        self.models = {}
        for model in spec["dataModels"]:
            if model["enabled"]:
                for log_type in model["logTypes"]:
                    self.models.setdefault(log_type, _Model(model))
        tables = [_LookupTable(each) for each in spec.get("lookupTables", ()) if each["enabled"]]
        self.tables = {table.name: table for table in tables}


def _activate(bundle):
    global _active
    if _active is bundle:
        return
    if _active is not None:
        for name in _active.sources:
            module = sys.modules.pop(name, None)
            if module is not None:
                _active.loaded[name] = module
    _active = bundle
    sys.modules.update(bundle.loaded)


_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\*|'[^']*'|\"[^\"]*\")\]")


def _steps(path):
    text = path.strip()
    if text.startswith("$"):
        text = text[1:]
    steps = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise ValueError(f"selector {path!r} is not understood")
        name, bracket = found.groups()
        if name is not None:
            steps.append(name)
        elif bracket == "*":
            steps.append(None)
        else:
            steps.append(int(bracket) if bracket.isdigit() else bracket[1:-1])
        at = found.end()
    return steps


def _follow(value, steps):
    from collections.abc import Mapping, Sequence

    for place, step in enumerate(steps):
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, Mapping) else None
        elif not isinstance(value, Sequence) or isinstance(value, str):
            return None
        elif step is None:
            reached = (_follow(item, steps[place + 1:]) for item in value)
            return next((item for item in reached if item is not None), None)
        else:
            value = value[step] if step < len(value) else None
        if value is None:
            return None
    return value


class _Model:
    """A data model: how unified names are read from one log type's events."""

    def __init__(self, spec):
        self.id = spec["id"]
        self.source = spec.get("module")
        self.paths = {each["name"]: each["query"] for each in spec["mappings"] if "query" in each}
        self.methods = {each["name"]: each["method"] for each in spec["mappings"] if "method" in each}
        self.module = None

    def __contains__(self, key):
        return key in self.paths or key in self.methods

    def node(self, key, data):
        """What the path of a name finds in an event's plain data; None where there is no path, or it finds nothing."""
        path = self.paths.get(key)
        if path is None:
            return None
        found = reach(path, data)
        if len(found) > 1:
            raise Exception(f"the path of {key!r} in data model {self.id} finds {len(found)} values")
        return found[0] if found else None

    def full_path(self, node):
        return full_path(node)

    def method(self, key):
        """The method that a name is mapped to; None where it is mapped to none."""
        name = self.methods.get(key)
        if name is None:
            return None
        if self.module is None:
            if self.source is None:
                raise AttributeError(f"data model {self.id} names method {name!r} and has no Python file")
            module = types.ModuleType(self.source["name"])
            module.__file__ = self.source["file"]
            exec(compile(self.source["code"], self.source["file"], "exec"), module.__dict__)
            self.module = module
        return getattr(self.module, name)


class _LookupTable:
    """Rows by their primary key. Keys that are networks are found by the addresses in them, the narrowest first."""

    def __init__(self, spec):
        self.name = spec["name"]
        self.key = spec["primaryKey"]
        self.selectors = {each["logType"]: each["fields"] for each in spec["selectors"]}
        self.rows = {}
        self.networks = []
        for row in spec["rows"]:
            key = row.get(self.key)
            if key is None:
                continue
            self.rows.setdefault(str(key), row)
            if "/" in str(key):
                self._add_network(str(key), row)
        self.networks.sort(key=lambda each: -each[0].prefixlen)

    def _add_network(self, text, row):
        import ipaddress

        try:
            self.networks.append((ipaddress.ip_network(text, strict=False), row))
        except ValueError:
            pass

    def row(self, key):
        found = self.rows.get(str(key))
        if found is not None or not self.networks:
            return found
        import ipaddress

        try:
            address = ipaddress.ip_address(str(key))
        except ValueError:
            return None
        return next((row for network, row in self.networks if address in network), None)

    def matches(self, event, selector):
        """The row, or for a list the rows, that a selector's value leads to; each says which value that was."""
        steps = _steps(selector) if selector.startswith("$") else [selector]
        value = _follow(event, steps)
        if isinstance(value, list):
            rows = [self._matched(item) for item in value]
            return [row for row in rows if row is not None] or None
        return self._matched(value)

    def _matched(self, value):
        if value is None or isinstance(value, (dict, list)):
            return None
        row = self.row(value)
        return None if row is None else {**row, "p_match": value}


def _enriched(bundle, data, log_type):
    """The event with what the lookup tables of its log type say of it; itself where that is nothing or it was done before."""
    if not bundle.tables or not isinstance(data, dict) or "p_enrichment" in data:
        return data
    found = {}
    for table in bundle.tables.values():
        for selector in table.selectors.get(log_type, ()):
            matched = table.matches(data, selector)
            if matched is not None:
                found.setdefault(table.name, {})[selector.removeprefix("$.")] = matched
    return {**data, "p_enrichment": found} if found else data


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
        self.module = types.ModuleType(spec["module"])
        self.module.__file__ = self.file
        _activate(bundle)
        exec(compile(spec["code"], self.file, "exec"), self.module.__dict__)
        if not callable(self.module.__dict__.get(self.function)) and self.kind != "scheduled_rule":
            raise _NoFunction(self.function)


class _NoFunction(Exception):
    pass


class _WrongType(Exception):
    def __init__(self, function, expected, found):
        super().__init__(function, expected, found)
        self.detail = {"function": function, "expected": expected, "found": found}


def _text(error):
    try:
        return str(error)
    except BaseException:
        return "(its text cannot be read)"


def _describe(error, function=None):
    """An error as plain data: kind, type, text, the frames it passed, outermost first."""
    frames = []
    step = error.__traceback__
    while step is not None and len(frames) < 200:
        code = step.tb_frame.f_code
        frames.append({"file": code.co_filename, "line": step.tb_lineno, "function": code.co_name})
        step = step.tb_next
    found = {"kind": "exception", "type": type(error).__name__, "text": _text(error)[:1000], "frames": frames[-50:]}
    if function is not None:
        found["function"] = function
    if isinstance(error, KeyboardInterrupt) and _shared[2]:
        found["kind"] = "timeout"
    elif isinstance(error, MemoryError):
        found["kind"] = "memory"
    elif isinstance(error, _WrongType):
        found["kind"] = "return-type"
        found.update(error.detail)
    elif isinstance(error, _NoFunction):
        found["kind"] = "no-function"
        found["function"] = error.args[0]
    elif isinstance(error, SyntaxError):
        found["kind"] = "syntax"
        found["text"] = str(error.msg)
        frames.append({"file": error.filename or "", "line": error.lineno or 1, "function": ""})
        found["frames"] = frames[-50:]
    elif isinstance(error, ImportError):
        found["kind"] = "import"
        found["module"] = error.name or ""
    return found


def _begin():
    """From here on the next call has the whole of its time limit."""
    _shared[0] = (_shared[0] + 1) & 255
    _shared[2] = 0


def _no_processes(*_, **__):
    raise PermissionError("rules cannot start or signal processes")


def configure(text):
    global _most_stops
    spec = json.loads(text)
    _most_stops = spec["mostStops"]
    # The JavaScript side refuses too, but that costs the worker.
    for module in (sys.modules["os"], sys.modules["posix"]):
        module.system = _no_processes
        module.popen = _no_processes
        module.kill = _no_processes
    # A snapshot holds the state of the generator too.
    sys.modules["random"].seed()
    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != "_pyodide._importhook"]
    sys.meta_path.insert(0, _Refused())
    for name in [each for each in sys.modules if each.partition(".")[0] in _FORBIDDEN]:
        del sys.modules[name]
    return ""


def prepare_tests():
    """Imports what mocks need; it takes longer than a test should."""
    import unittest.mock

    return ""


def add_bundle(text):
    _bundles.append(_Bundle(json.loads(text)))
    return ""


def add_rule(text):
    """Loads a rule's module; empty when all is well."""
    spec = json.loads(text)
    _begin()
    try:
        _rules[spec["index"]] = _Rule(spec, _bundles[spec["bundle"]])
    except BaseException as error:
        return json.dumps(_describe(error))
    return ""
