"""Writes out the actions that wildcards stand for, and the way back."""
import copy
from collections.abc import Mapping, Sequence, Set

from policyuniverse._actions import LEVELS, expand


def _listed(value):
    return list(value) if isinstance(value, (Sequence, Set)) and not isinstance(value, str) else [value]


def _expanded(actions):
    return {name for action in _listed(actions) for name in expand(action)}


def get_actions_from_statement(statement):
    """All actions, in lower case. NotAction stands for every action that AWS has but these."""
    actions = _expanded(statement.get("Action") or [])
    if "NotAction" in statement:
        actions |= set(LEVELS) - _expanded(statement["NotAction"] or [])
    return actions


def expand_policy(policy=None, expand_deny=False):
    """A copy with the actions written out, sorted. Deny statements stay as they are unless asked for."""
    expanded = copy.deepcopy(policy)
    statements = expanded.get("Statement") or []
    for statement in [statements] if isinstance(statements, Mapping) else statements:
        if statement.get("Effect") == "Deny" and not expand_deny:
            continue
        if "Action" in statement or "NotAction" in statement:
            statement["Action"] = sorted(get_actions_from_statement(statement))
            statement.pop("NotAction", None)
    return expanded


def minimize_statement_actions(statement, minchars=None):
    """The shortest prefixes with a wildcard that stand for the statement's actions and for no other, sorted."""
    if statement["Effect"] != "Allow":
        raise Exception("only statements that allow can be minimized")
    wanted = get_actions_from_statement(statement)
    services = {action.partition(":")[0] for action in wanted}
    others = set()
    for action in LEVELS:
        service, name = action.split(":", 1)
        if service in services and action not in wanted:
            others.update(service + ":" + name[:length] for length in range(len(name) + 1))
    shortest = int(minchars or 0)
    found = set()
    for action in wanted:
        service, _, name = action.partition(":")
        prefixes = (service + ":" + name[:length] for length in range(shortest, len(name)))
        prefix = next((each for each in prefixes if each not in others), None)
        found.add(action if prefix is None else prefix + "*")
    return sorted(found)
