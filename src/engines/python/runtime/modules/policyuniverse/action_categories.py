"""What actions do: List, Read, Write, Tagging or Permissions."""
from collections import defaultdict

from policyuniverse._actions import LEVELS


def categories_for_actions(actions):
    """Each service of the actions with the categories of those that AWS has. An action may be of several."""
    found = defaultdict(set)
    for action in actions:
        action = str(action).lower()
        categories = found[action.split(":")[0]]
        categories.update(LEVELS.get(action, ()))
    return found
