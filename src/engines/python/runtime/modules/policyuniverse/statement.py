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
