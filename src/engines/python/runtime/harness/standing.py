# All that stands before there is a rule.
_join = "".join
_collect = gc.collect
_freeze = gc.freeze
_forget_frozen()
_standing = frozenset(sys.modules)
del sys.modules["__main__"].__dict__["_json"]
_forget_javascript()
_forget_copy()
_functions = (_parts, _note, _one_test, _where_it_returned, _trace_event, trace, _Bundle.code)
_checking["refuse"](globals(), [each.__code__ for each in _functions])
del _checking["refuse"], _functions
_put_down([module for name, module in list(sys.modules.items()) if name.partition(".")[0].lstrip("_") not in _ASIDE])
gc.disable()
_checking["put"] = _put
_checking["check"](_fresh)
gc.collect()
gc.freeze()
