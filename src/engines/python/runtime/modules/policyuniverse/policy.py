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
