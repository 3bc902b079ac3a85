class _Mocks:
    """Replaces attributes of a rule's module for one test."""

    def __init__(self, rule, mocks):
        self.names = rule.names
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
    data = spec["event"]
    log_type = data.get("p_log_type") if isinstance(data, dict) else None
    event = _event_for(rule, data, log_type)
    _entries.clear()
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
    entry = rule.names.get(rule.function)
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


def coverage(rule):
    """Of each function in a rule's own file: the lines that hold code, and those that no test reached."""
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

    for name, value in list(rule.names.items()):
        if isinstance(value, types.FunctionType):
            visit(value.__code__, name)
    functions.sort(key=lambda each: each["line"])
    return json.dumps(functions)


def test(rule, spec_text):
    """One inline test. All functions run, whatever rule() gives."""
    spec = json.loads(spec_text)
    _begin()
    try:
        found = _one_test(rule, spec)
    except BaseException as error:
        found = {"error": _describe(error), "problems": []}
    return json.dumps(found)
