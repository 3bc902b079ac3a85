_JAVASCRIPT = ("js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core")


def _cut_javascript():
    """
    Takes away what of pyodide's modules leads to JavaScript: they are needed to start Python only. Functions and classes of
    theirs that are found all the same have no names to work with any more, so that none of them gives or makes such an object.
    """
    family = [module for name, module in sys.modules.items() if name.partition(".")[0] in _JAVASCRIPT]
    _forget_javascript()
    for module in family:
        # Some are objects of JavaScript themselves: what leads to them goes.
        if type(module) is types.ModuleType:
            module.__dict__.clear()


def _forget_javascript():
    """Takes the names out of the harness's own by which pyodide knows its modules there."""
    names = globals()
    for name in [name for name in names if name in _JAVASCRIPT]:
        del names[name]


def _forget_copy():
    """
    Empties what Python keeps of pyodide's own module to make it of once more, which takes neither its name among those that are built
    in nor the module itself.
    """
    core = sys.modules["_pyodide_core"].__dict__
    for each in gc.get_referrers(core["create_proxy"]):
        if type(each) is dict and each is not core and each.get("__name__") == core["__name__"]:
            each.clear()
