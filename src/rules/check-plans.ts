import type { Diagnostic } from '../base/diagnostic.ts';
import type { LoadOutcome } from '../formats/rule-file.ts';
import { recordsOf } from '../ir/plan/keyed-inputs.ts';
import type { NamedExpr, Plan } from '../ir/plan/plan.ts';
import type { AlertTemplate } from '../ir/rule/alert.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { checkPlan } from '../passes/check.ts';
import type { Schemas } from '../passes/columns.ts';

/** What is wrong with the plans that a rule was lowered to: a fault of Dragoman's, not of the rule. */
export function checkRule({ logic, excepted, alert }: Rule, schemas: Schemas): readonly Diagnostic[] {
  if (logic.kind !== 'plan') return [];
  return [
    ...(logic.shared ?? []).flatMap(({ plan }) => checkPlan(plan, { schemas })),
    ...checkPlan(logic.plan, { schemas, columns: logic.columns }),
    ...(excepted === undefined ? [] : checkPlan(excepted, { schemas })),
    ...(alert === undefined ? [] : checkPlan(told(alert, toldOf(alert, logic.plan)), { schemas })),
  ];
}

/** A rule whose plan makes no sense is not run: what it would find is anyone's guess. */
export function withSoundPlans(outcomes: readonly LoadOutcome[], schemas: Schemas): readonly LoadOutcome[] {
  return outcomes.map((outcome) => {
    if (outcome.status !== 'loaded') return outcome;
    const found = checkRule(outcome.rule, schemas);
    if (found.length === 0) return outcome;
    return { status: 'invalid', identity: outcome.rule, diagnostics: [...outcome.diagnostics, ...found] };
  });
}

/** What the template's expressions are over. */
function toldOf(alert: AlertTemplate, plan: Plan): Plan {
  return (alert.of === undefined ? undefined : recordsOf(plan)) ?? plan;
}

/** What an alert says of a match, as an operator over the rule's rows. */
function told({ title, dedup, context, severities, risk, group }: AlertTemplate, rows: Plan): Plan {
  const input = severities.reduce<Plan>((below, { when }) => ({ kind: 'where', input: below, predicate: when }), rows);
  const exprs = [title, dedup, risk?.from, ...context.map(({ expr }) => expr), ...group.fields.map(({ expr }) => expr)];
  const columns = exprs.flatMap((expr, place): NamedExpr[] => (expr === undefined ? [] : [{ name: `${place}`, expr }]));
  return { kind: 'project', input, columns };
}
