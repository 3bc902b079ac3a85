from _refused import refusing

__getattr__ = refusing(__name__)


class RequestException(IOError):
    pass
