class PantherError(Exception):
    """The base of errors of the rule runtime."""


class FunctionReturnTypeError(PantherError):
    """A rule function gave a value of a type that its contract does not allow."""


class UnknownDestinationError(PantherError):
    """A destination that nobody has configured."""
