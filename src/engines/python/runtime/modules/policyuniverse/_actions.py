"""The actions of AWS and their access levels."""
import re
import zlib
from base64 import b64decode

from policyuniverse._text import TEXT

_LEVELS = {"L": "List", "R": "Read", "W": "Write", "T": "Tagging", "P": "Permissions"}


def _read():
    levels = {}
    for line in zlib.decompress(b64decode(TEXT)).decode().split("\n"):
        service, *groups = line.split("|")
        for group in groups:
            letters, *names = group.split(" ")
            categories = frozenset(_LEVELS[letter] for letter in letters)
            for name in names:
                levels[service + ":" + name] = categories
    return levels


LEVELS = _read()


def expand(action):
    """The actions that one with wildcards stands for, in lower case; itself where there are no such or no wildcards."""
    action = str(action).lower()
    if "*" not in action and "?" not in action:
        return {action}
    fits = re.compile(re.escape(action).replace("\\*", ".*").replace("\\?", ".")).fullmatch
    return {known for known in LEVELS if fits(known)} or {action}
