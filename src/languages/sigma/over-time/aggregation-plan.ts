import type { Diagnostic } from '../../../base/diagnostic.ts';
import { and, not, or } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { Plan, Source, Threshold } from '../../../ir/plan/plan.ts';
import type { Condition } from '../ast.ts';
import { lowerCondition } from '../lower.ts';
import { printCondition } from '../print.ts';
import type { Aggregation, AggregationFunction } from './aggregation.ts';
import { hasRule, type Measure, thresholdPlan } from './threshold-plan.ts';

/** An aggregation with what it needs of its rule. */
export interface RuleAggregation {
  readonly aggregation: Aggregation;
  /** The rule's `timeframe` in seconds; null where it has none: all events there are. */
  readonly within: number | null;
  /** The predicates of the detections that `near` names. */
  readonly near: ReadonlyMap<string, Expr>;
  /** What a field that the aggregation names is called in the rule's events. */
  readonly fieldName: (name: string) => string;
}

/** What the condition itself is called beside the detections that `near` names. */
const CONDITION = '(condition)';

/** The predicates of what a `near` expression is made of, by their texts; undefined when one is wrong, which was reported. */
export function lowerNear(
  expression: Condition,
  detections: ReadonlyMap<string, Expr | undefined>,
  report: (found: Diagnostic) => void,
): ReadonlyMap<string, Expr> | undefined {
  const found = new Map<string, Expr>();
  let sound = true;
  for (const atom of atoms(expression)) {
    const predicate = lowerCondition(atom, detections, report);
    if (predicate === undefined) sound = false;
    else found.set(printCondition(atom), predicate);
  }
  return sound ? found : undefined;
}

/** The plan of a rule whose condition ends in an aggregation: `predicate` is the condition before the pipe. */
export function aggregationPlan(
  predicate: Expr,
  { aggregation, within, near, fieldName }: RuleAggregation,
  source: Source,
): Threshold {
  const events = (of: Expr): Plan => ({ kind: 'where', predicate: of, input: source });
  if (aggregation.kind === 'near') {
    const parts = [[CONDITION, predicate] as const, ...near].map(([name, of]) => ({
      name,
      plan: events(of),
      keys: [],
      values: [],
    }));
    return thresholdPlan({
      rules: parts,
      by: [],
      within,
      measure: { fn: 'inputs' },
      bounds: [],
      seen: and([hasRule(CONDITION), nearExpr(aggregation.expression)]),
    });
  }
  const { fn, field, by, op, value } = aggregation;
  const values = field === null ? [] : [fieldName(field)];
  const rule = { name: CONDITION, plan: events(predicate), keys: by.map(fieldName), values };
  return thresholdPlan({ rules: [rule], by, within, measure: measureOf(fn, field), bounds: [{ op, value }] });
}

/** `count(field)` counts different values, as the converters of Sigma 1 had it. */
function measureOf(fn: AggregationFunction, field: string | null): Measure {
  if (fn === 'count') return { fn: field === null ? 'count' : 'count-distinct' };
  return { fn };
}

function atoms(condition: Condition): readonly Condition[] {
  switch (condition.kind) {
    case 'reference':
    case 'selector':
      return [condition];
    case 'not':
      return atoms(condition.item);
    case 'and':
    case 'or':
      return condition.items.flatMap(atoms);
  }
}

function nearExpr(condition: Condition): Expr {
  switch (condition.kind) {
    case 'reference':
    case 'selector':
      return hasRule(printCondition(condition));
    case 'not':
      return not(nearExpr(condition.item));
    case 'and':
      return and(condition.items.map(nearExpr));
    case 'or':
      return or(condition.items.map(nearExpr));
  }
}

/** Whether a condition has a `not` anywhere. */
export function hasNot(condition: Condition): boolean {
  switch (condition.kind) {
    case 'reference':
    case 'selector':
      return false;
    case 'not':
      return true;
    case 'and':
    case 'or':
      return condition.items.some(hasNot);
  }
}
