
class _World:
    """
    What a rule has to itself: its builtins, a copy of every module of Python's own, and the modules of its repository, run
    for it alone. What it assigns to any of them only it sees.
    """

    __slots__ = ("bundle", "modules", "builtins", "copies")

    def __init__(self, bundle):
        self.bundle = bundle
        self.modules = {}
        self.copies = {}
        self.builtins = _COPIED["builtins"](self, sys.modules["builtins"]).__dict__

    def module(self, name):
        """The rule's own of a module, with those it is inside of."""
        found = self.modules.get(name)
        if found is not None:
            return found
        parent, _, leaf = name.rpartition(".")
        if parent:
            self.module(parent)
        own = name in self.bundle.sources and name not in _standing and name.partition(".")[0] not in _library
        made = self.run(name, *self.bundle.code(name)) if own else self.copy(_shared_module(name))
        self.modules.setdefault(name, made)
        if parent:
            setattr(self.modules[parent], leaf, made)
        return made

    def run(self, name, file, code):
        """Runs a module of the repository."""
        module = types.ModuleType(name)
        package = any(other.startswith(name + ".") for other in self.bundle.sources)
        names = module.__dict__
        names["__builtins__"] = self.builtins
        names["__file__"] = file
        names["__package__"] = name if package else name.rpartition(".")[0]
        names["__spec__"] = importlib.machinery.ModuleSpec(name, None, origin=file, is_package=package)
        if package:
            names["__path__"] = []
        self.modules[name] = module
        # Data classes look for the module of their class among the loaded ones.
        seen = sys.modules.setdefault(name, module)
        try:
            exec(code, names)
        except BaseException:
            del self.modules[name]
            raise
        finally:
            if seen is module:
                sys.modules.pop(name, None)
        return module

    def copy(self, original):
        made = self.copies.get(original)
        if made is None:
            made = self.copies[original] = _COPIED.get(original.__name__, _copied)(self, original)
        return made

    def load(self, name, globals=None, locals=None, fromlist=(), level=0):
        """`__import__` of the rule."""
        if level:
            package = globals.get("__package__") or ""
            base = package.rsplit(".", level - 1)[0]
            if not base:
                raise ImportError("attempted relative import with no known parent package")
            name = f"{base}.{name}" if name else base
        found = self.module(name)
        if not fromlist:
            return found if level else self.modules[name.partition(".")[0]]
        for each in fromlist:
            if isinstance(each, str) and each != "*" and "__path__" in found.__dict__ and not hasattr(found, each):
                inner = f"{name}.{each}"
                try:
                    self.module(inner)
                except ModuleNotFoundError as error:
                    if error.name != inner:
                        raise
        return found


def _copied(world, original):
    """A copy of a module. The modules in it are copied when they are asked for."""
    made = types.ModuleType(original.__name__)
    held = original.__dict__
    names = made.__dict__
    names.update(held)
    for name in [name for name, value in held.items() if isinstance(value, types.ModuleType)]:
        del names[name]
    if "__builtins__" in names:
        names["__builtins__"] = world.builtins
    further = held.get("__getattr__")

    def __getattr__(name):
        value = held.get(name)
        if isinstance(value, types.ModuleType):
            value = names[name] = world.copy(value)
            return value
        if further is not None:
            return further(name)
        raise AttributeError(f"module {original.__name__!r} has no attribute {name!r}")

    names["__getattr__"] = __getattr__
    return made


def _copied_builtins(world, original):
    made = types.ModuleType("builtins")
    made.__dict__.update(original.__dict__)
    load = world.load

    def __import__(name, globals=None, locals=None, fromlist=(), level=0):
        return load(name, globals, locals, fromlist, level)

    made.__import__ = __import__
    world.copies[original] = made
    return made


def _copied_sys(world, original):
    made = _copied(world, original)
    made.modules = world.modules
    for name in ("meta_path", "path", "path_hooks", "path_importer_cache", "warnoptions", "argv"):
        setattr(made, name, getattr(original, name).copy())
    return made


def _copied_importlib(world, original):
    made = _copied(world, original)

    def import_module(name, package=None):
        return world.module(importlib.util.resolve_name(name, package) if name.startswith(".") else name)

    made.import_module = import_module
    return made


def _copied_os(world, original):
    made = _copied(world, original)
    made.environ = original.environ.copy()
    return made


def _copied_random(world, original):
    """With a generator of its own: to seed it is no matter of others."""
    made = _copied(world, original)
    generator = original.Random()
    for name, value in original.__dict__.items():
        if getattr(value, "__self__", None) is original._inst:
            setattr(made, name, getattr(generator, name))
    made._inst = generator
    return made


def _copied_logging(world, original):
    """With loggers of its own: their handlers run in the midst of others."""
    made = _copied(world, original)
    root = original.RootLogger(original.WARNING)
    manager = original.Manager(root)

    def getLogger(name=None):
        return manager.getLogger(name) if name and name != root.name else root

    made.root = root
    made.getLogger = getLogger
    for name in ("debug", "info", "warning", "error", "exception", "critical", "log"):
        setattr(made, name, getattr(root, name))
    made.basicConfig = lambda **_: None
    return made


# Those of which a copy of the names is not enough. The harness itself is nobody's to import.
_COPIED = {
    "builtins": _copied_builtins,
    "sys": _copied_sys,
    "importlib": _copied_importlib,
    "os": _copied_os,
    "random": _copied_random,
    "logging": _copied_logging,
    "__main__": lambda world, original: types.ModuleType("__main__"),
}
_library = sys.stdlib_module_names
# Modules that the sandbox has loaded before any rule.
_standing = frozenset()


def _shared_module(name):
    """A module of Python's own, as it is shared. What it brings is put down as it came, before a rule has it."""
    if name.partition(".")[0] in _FORBIDDEN:
        raise ModuleNotFoundError(f"module {name!r} is not available in rules", name=name)
    found = sys.modules.get(name)
    if found is None:
        before = set(sys.modules)
        found = importlib.import_module(name)
        _put_down([sys.modules[each] for each in sys.modules if each not in before])
    return found
