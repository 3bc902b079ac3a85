from _refused import refusing

__getattr__ = refusing(__name__)
