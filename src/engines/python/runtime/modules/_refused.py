"""Attributes that can be named, and raise when they are called: what rules import and cannot have."""


class _Refused:
    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Refused(f"{self._name}.{name}")

    def __call__(self, *args, **kwargs):
        raise RuntimeError(f"{self._name}() is not available: rules run without network access")


def refusing(module):
    """The `__getattr__` of a module that has every attribute."""

    def attribute(name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Refused(f"{module}.{name}")

    return attribute
