import { and, field } from '../../../ir/construct.ts';
import type { CompareOp, Expr } from '../../../ir/expr.ts';
import type { SummaryColumns, WindowMeasure } from '../../../ir/plan/keyed.ts';
import { type ColumnType, EVENT_TIME, type Plan, rowsOf, type Threshold } from '../../../ir/plan/plan.ts';
import { TICKS_PER_SECOND } from '../../../values/date-time.ts';

/** A comparison of the measure with a number. */
export interface Bound {
  readonly op: CompareOp;
  readonly value: number;
}

/** What is measured of the events of a window; of their values, where there are any. */
export type Measure =
  | { readonly fn: 'count' | 'count-distinct' | 'sum' | 'avg' | 'min' | 'max' | 'inputs' }
  | { readonly fn: 'percentile'; readonly percent: number }
  | { readonly fn: 'in-order'; readonly inputs: readonly number[] };

/** One rule (or part of one) whose events are counted or measured together with others. */
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
  /** Over `hasRule`; must hold too. */
  readonly seen?: Expr;
}

/** How many events a match tells the places of. */
const EVENTS_TOLD = 100;

/**
 * A Sigma correlation as a plan. Events that lack a field to group by are of a group of their own, as in the reference
 * implementation's backends. Matches of a group share no window, so that what lasts matches once in its timespan.
 */
export function thresholdPlan({ rules, by, within, measure, bounds, seen }: Correlation): Threshold {
  const { value, ...summary } = outputNames(by);
  const measured = { kind: 'column', name: value } as const;
  return {
    kind: 'threshold',
    inputs: rules.map(({ name, plan, keys, values }) => ({
      name,
      plan,
      time: field(EVENT_TIME),
      keys: keys.map((key) => field(key)),
      keep: values.map((one, place) => ({ name: keptName(place), expr: field(one) })),
    })),
    by: by.map((name) => ({ name, missing: 'key', many: 'each' })),
    window: { kind: 'within', length: within === null ? null : ticks(within) },
    measures: [windowMeasure(value, measure, rules[0]?.values.length ?? 0)],
    having: and([...bounds.map((bound) => compare(measured, bound)), ...(seen === undefined ? [] : [seen])]),
    emit: { how: 'once-per-window', rows: 'last', mostRows: EVENTS_TOLD },
    summary,
  };
}

/** The columns of a correlation's matches. */
export function correlationColumns(by: readonly string[]): readonly ColumnType[] {
  const { count, value, first, last, inputs, rows } = outputNames(by);
  const dynamic = (name: string): ColumnType => ({ name, type: 'dynamic' });
  return [
    { name: count, type: 'long' },
    { name: value, type: 'real' },
    { name: first, type: 'datetime' },
    { name: last, type: 'datetime' },
    dynamic(inputs),
    dynamic(rows),
    ...by.map(dynamic),
  ];
}

/** That a rule has an event in the window. */
export function hasRule(name: string): Expr {
  return compare({ kind: 'column', name: rowsOf(name) }, { op: '>=', value: 1 });
}

/**
 * What matches call what they tell, beside the group: a name that the group has already is put behind `correlation_`, as often
 * as it takes.
 */
function outputNames(by: readonly string[]): Required<Omit<SummaryColumns, 'shared'>> & { readonly value: string } {
  const free = (name: string): string => (by.includes(name) ? free(`correlation_${name}`) : name);
  return {
    count: free('count'),
    value: free('value'),
    first: free('first_time'),
    last: free('last_time'),
    inputs: free('rules'),
    rows: free('events'),
  };
}

function windowMeasure(name: string, measure: Measure, values: number): WindowMeasure {
  const of = keptName(0);
  switch (measure.fn) {
    case 'count':
    case 'inputs':
      return { name, fn: measure.fn };
    case 'count-distinct':
      return { name, fn: measure.fn, of: Array.from({ length: values }, (_, place) => keptName(place)) };
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return { name, fn: measure.fn, of };
    case 'percentile':
      return { name, fn: measure.fn, of, percent: measure.percent };
    case 'in-order':
      return { name, fn: measure.fn, inputs: measure.inputs };
  }
}

function keptName(place: number): string {
  return `(value ${place})`;
}

function compare(left: Expr, { op, value }: Bound): Expr {
  const right: Expr = { kind: 'literal', type: 'real', value };
  return { kind: 'compare', op, left, right, nulls: 'unknown', many: 'whole' };
}

function ticks(seconds: number): string {
  return (BigInt(Math.round(seconds * 1000)) * (TICKS_PER_SECOND / 1000n)).toString();
}
