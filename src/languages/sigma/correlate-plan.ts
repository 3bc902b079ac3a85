import { and, field } from '../../ir/construct.ts';
import type { CompareOp, Expr } from '../../ir/expr.ts';
import {
  type ColumnType,
  type Correlate,
  type CorrelateInput,
  EVENT_TIME,
  type Measure,
  type Plan,
} from '../../ir/plan.ts';
import { mapInputs } from '../../ir/traverse.ts';

/** A comparison of the measure with a number. */
export interface Bound {
  readonly op: CompareOp;
  readonly value: number;
}

/** One rule (or part of one) whose events are correlated. */
export interface CorrelatedRule {
  readonly name: string;
  readonly plan: Plan;
  /** Fields of its events, one for each of `by`. */
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

interface Correlation {
  readonly rules: readonly CorrelatedRule[];
  readonly by: readonly string[];
  /** Seconds; null for all events there are. */
  readonly within: number | null;
  readonly measure: Measure;
  /** All must hold. */
  readonly bounds: readonly Bound[];
  /** Over `has <rule>`; must hold too. */
  readonly seen?: Expr;
  /** Whether `seen` asks for a rule not to be there. */
  readonly asksForAbsence?: boolean;
}

/**
 * A Sigma correlation as a plan. Events that lack a field to group by are of a group of their own, as in the reference
 * implementation's backends. Conditions that further events cannot undo are judged through sliding windows, the others when
 * an anchored window is over (see `Correlate`).
 */
export function correlatePlan(correlation: Correlation): Correlate {
  const { rules, by, within, measure, bounds, seen, asksForAbsence } = correlation;
  const inputs = rules.map(({ name, plan, keys, values }): CorrelateInput => {
    const rows = rowsWith(plan, [...keys, ...values], countsMatches(measure) ? 'once' : 'each');
    return {
      name,
      plan: rows,
      time: field(rows.kind === 'correlate' ? 'last_time' : EVENT_TIME),
      keys: keys.map((key) => field(key)),
      values: values.map((value) => field(value)),
      carry: [],
    };
  });
  const undone = asksForAbsence === true || !bounds.every((bound) => isLasting(measure, bound.op));
  return {
    kind: 'correlate',
    inputs,
    by,
    missingKeys: 'group',
    within,
    window: undone ? 'anchored' : 'sliding',
    measure,
    condition: and([...bounds.map(boundExpr), ...(seen === undefined ? [] : [seen])]),
    emit: 'once',
  };
}

/** The columns of a correlation's matches. */
export function correlationColumns(by: readonly string[]): readonly ColumnType[] {
  const dynamic = (name: string): ColumnType => ({ name, type: 'dynamic' });
  return [
    { name: 'count', type: 'long' },
    { name: 'value', type: 'real' },
    { name: 'first_time', type: 'datetime' },
    { name: 'last_time', type: 'datetime' },
    dynamic('rules'),
    dynamic('events'),
    ...by.map(dynamic),
  ];
}

/** That a rule has an event in the window. */
export function hasRule(name: string): Expr {
  return { kind: 'column', name: `has ${name}` };
}

/** Whether a comparison that holds for some events of a window holds for more of them too. */
function isLasting({ kind }: Measure, op: CompareOp): boolean {
  switch (kind) {
    case 'count':
    case 'count-distinct':
    case 'inputs':
    case 'ordered':
    case 'sum':
    case 'max':
      return op === '>' || op === '>=';
    case 'min':
      return op === '<' || op === '<=';
    case 'avg':
    case 'percentile':
      return false;
  }
}

/** Whether matches of a nested correlation are counted, so that one that lasts must be one match, or only have to be near. */
function countsMatches({ kind }: Measure): boolean {
  switch (kind) {
    case 'count':
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'percentile':
      return true;
    case 'count-distinct':
    case 'inputs':
    case 'ordered':
      return false;
  }
}

function boundExpr({ op, value }: Bound): Expr {
  const right: Expr = { kind: 'literal', type: 'real', value };
  return { kind: 'compare', op, left: { kind: 'column', name: 'value' }, right, nulls: 'unknown', many: 'whole' };
}

/** A correlation whose matches have these fields: those of their last events, where they are not what it groups by. */
function rowsWith(plan: Plan, fields: readonly string[], emit: Correlate['emit']): Plan {
  if (plan.kind !== 'correlate') return plan;
  const wanted = [...new Set(fields)].filter((name) => !plan.by.includes(name));
  const inputs = plan.inputs.map((input) => ({
    ...input,
    plan: rowsWith(input.plan, wanted, input.plan.kind === 'correlate' ? input.plan.emit : 'once'),
    carry: [
      ...input.carry,
      ...wanted
        .filter((name) => !input.carry.some((column) => column.name === name))
        .map((name) => ({ name, expr: field(name) })),
    ],
  }));
  return { ...plan, inputs, emit };
}

/** The plan with a further condition on the events that it reads. */
export function filterEvents(plan: Plan, condition: Expr): Plan {
  if (plan.kind === 'source') return { kind: 'where', predicate: condition, input: plan };
  if (plan.kind !== 'where' || plan.input.kind !== 'source') {
    return mapInputs(plan, (input) => filterEvents(input, condition));
  }
  return { ...plan, predicate: and([plan.predicate, condition]) };
}
