import type { PythonModule } from '../../../ir/python.ts';
import { AWS_ACTIONS } from './aws-actions.ts';
import { runtimeModule } from './runtime-module.ts';

const STATEMENT = `
"""One statement of an AWS policy document: whom it names, under which conditions, and whether that is everybody."""
import ipaddress
from collections import namedtuple
from collections.abc import Mapping, Sequence, Set

ConditionTuple = namedtuple("ConditionTuple", "category value")

_CATEGORIES = {
    "aws:sourcearn": "arn",
    "aws:principalarn": "arn",
    "aws:sourceowner": "account",
    "aws:sourceaccount": "account",
    "aws:principalaccount": "account",
    "kms:calleraccount": "account",
    "aws:userid": "userid",
    "aws:sourcevpc": "vpc",
    "aws:sourcevpce": "vpce",
    "aws:sourceip": "cidr",
    "aws:principalorgid": "organization",
    "aws:sourceorgid": "organization",
}
# Only operators that ask for a value restrict; those that exclude one leave everybody else in.
_OPERATORS = {"arnequals", "arnlike", "stringequals", "stringlike", "stringequalsignorecase", "ipaddress"}


def _listed(value):
    if value is None:
        return []
    return list(value) if isinstance(value, (Sequence, Set)) and not isinstance(value, str) else [value]


def _everybody(entry):
    value = str(entry.value)
    if entry.category == "cidr":
        try:
            return ipaddress.ip_network(value, strict=False).prefixlen == 0
        except ValueError:
            return value == "*"
    if entry.category == "arn":
        parts = value.split(":")
        return "*" in value and (len(parts) < 5 or parts[4] in ("", "*")) and not value.startswith("arn:aws:s3:::")
    if entry.category == "userid":
        return value.split(":")[0] == "*"
    return value == "*"


class Statement:
    def __init__(self, statement):
        self.statement = statement
        self.condition_entries = self._conditions()
        self.principals = self._principals()
        self.actions = {str(action).lower() for action in _listed(statement.get("Action"))}

    @property
    def effect(self):
        return self.statement.get("Effect")

    @property
    def resources(self):
        return {str(resource) for resource in _listed(self.statement.get("Resource"))}

    def uses_not_principal(self):
        return "NotPrincipal" in self.statement

    def is_internet_accessible(self):
        if self.effect != "Allow":
            return False
        if not self.uses_not_principal() and not any(_principal_is_everybody(each) for each in self.principals):
            return False
        return all(_everybody(entry) for entry in self.condition_entries)

    def _principals(self):
        principal = self.statement.get("Principal")
        if isinstance(principal, Mapping):
            return {str(each) for value in principal.values() for each in _listed(value)}
        return {str(each) for each in _listed(principal)}

    def _conditions(self):
        entries = set()
        for operator, conditions in (self.statement.get("Condition") or {}).items():
            plain = operator.lower().removesuffix("ifexists").split(":")[-1]
            if plain not in _OPERATORS or not isinstance(conditions, Mapping):
                continue
            for key, values in conditions.items():
                category = _CATEGORIES.get(key.lower())
                if category is not None:
                    entries.update(ConditionTuple(category, str(value)) for value in _listed(values))
        return entries


def _principal_is_everybody(principal):
    if principal == "*":
        return True
    parts = principal.split(":")
    return principal.startswith("arn:") and len(parts) > 4 and parts[4] == "*"
`;

const POLICY = `
"""An AWS policy document."""
from collections.abc import Mapping

from policyuniverse.action_categories import categories_for_actions
from policyuniverse.statement import Statement


class Policy:
    def __init__(self, policy):
        self.policy = policy
        statements = policy.get("Statement") or []
        if isinstance(statements, Mapping):
            statements = [statements]
        self.statements = [Statement(statement) for statement in statements]

    @property
    def version(self):
        return self.policy.get("Version")

    @property
    def principals(self):
        return {principal for statement in self.statements for principal in statement.principals}

    @property
    def condition_entries(self):
        return {entry for statement in self.statements for entry in statement.condition_entries}

    def is_internet_accessible(self):
        return any(statement.is_internet_accessible() for statement in self.statements)

    def internet_accessible_actions(self):
        open_statements = (each for each in self.statements if each.is_internet_accessible())
        return {action for statement in open_statements for action in statement.actions}

    def action_summary(self):
        actions = (statement.actions for statement in self.statements if statement.effect == "Allow")
        return categories_for_actions({action for group in actions for action in group})
`;

const ACTIONS = `
"""The actions of AWS and their access levels."""
import re
import zlib
from base64 import b64decode

_LEVELS = {"L": "List", "R": "Read", "W": "Write", "T": "Tagging", "P": "Permissions"}


def _read():
    levels = {}
    for line in zlib.decompress(b64decode(_TEXT)).decode().split("\\n"):
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
    fits = re.compile(re.escape(action).replace("\\\\*", ".*").replace("\\\\?", ".")).fullmatch
    return {known for known in LEVELS if fits(known)} or {action}
`;

const CATEGORIES = `
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
`;

const EXPANDER = `
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
`;

/** The part of `policyuniverse` that rules use. */
export const policyuniverse: readonly PythonModule[] = [
  runtimeModule('policyuniverse', ''),
  runtimeModule('policyuniverse.statement', STATEMENT),
  runtimeModule('policyuniverse._actions', `_TEXT = "${AWS_ACTIONS}"\n${ACTIONS}`),
  runtimeModule('policyuniverse.policy', POLICY),
  runtimeModule('policyuniverse.action_categories', CATEGORIES),
  runtimeModule('policyuniverse.expander_minimizer', EXPANDER),
];
