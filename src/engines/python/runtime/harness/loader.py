import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import json
import marshal
import opcode
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
_most_stops = 3
# Shared with the realm around Python. [0] counts the calls that have a time limit of their own, [1] is set when an answer is due,
# though it be a part, [2] when the limit interrupts a call.
_shared = bytearray(3)


def _forget_frozen():
    """Brings the modules that Python has as code, and takes away what makes code of such bytes, whosever they are."""
    imp = sys.modules["_imp"]
    for name in imp._frozen_module_names():
        if not name.startswith("__") and name not in sys.modules:
            try:
                importlib.import_module(name)
            except ImportError:
                pass
    del imp.get_frozen_object


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
        found = _runtime.get(name)
        if found is None:
            return None
        package = any(other.startswith(name + ".") for other in _runtime)
        return importlib.machinery.ModuleSpec(name, _Source(*found), origin=found[0], is_package=package)


class _Refused(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in _FORBIDDEN:
            raise ModuleNotFoundError(f"module {name!r} is not available in rules", name=name)
        return None
