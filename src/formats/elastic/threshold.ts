import { and, field } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Key, WindowMeasure } from '../../ir/plan/keyed.ts';
import { type ColumnType, EVENT_TIME, type NamedExpr, type Plan, type Threshold } from '../../ir/plan/plan.ts';
import { kindInWords, type LocatedTable } from '../source/located.ts';
import { RuleFields } from './fields.ts';

/** What a rule of type `threshold` asks of the events of a group. */
export interface ThresholdSettings {
  /** The fields that make the groups; with none, all events are one. */
  readonly fields: readonly string[];
  readonly value: number;
  /** How many different values of a field a group has to have. Elasticsearch looks at the first of several only. */
  readonly cardinality: { readonly field: string; readonly value: number } | undefined;
}

/** The columns of what it finds, named as in Kibana's alerts. */
const COUNT = 'threshold_result.count';
const CARDINALITY = 'threshold_result.cardinality';
const FIRST = 'threshold_result.from';

/** The `threshold` of a rule; undefined, with diagnostics, where it is wrong. */
export function readThreshold(fields: RuleFields): ThresholdSettings | undefined {
  if (fields.get('threshold') === undefined) fields.missing('threshold');
  const table = fields.innerTable('threshold');
  if (table === undefined) return undefined;
  const inner = new RuleFields(table, table.span);
  const written = inner.get('field');
  const names = written?.kind === 'string' ? [written.value] : inner.texts('field');
  const value = atLeastOne(inner, 'value');
  const [first] = inner.tables('cardinality');
  const cardinality = first === undefined ? undefined : readCardinality(first, inner);
  fields.diagnostics.push(...inner.diagnostics);
  if (value === undefined || inner.diagnostics.length > 0) return undefined;
  return { fields: names.filter((name) => name !== ''), value, cardinality };
}

function readCardinality(table: LocatedTable, outer: RuleFields): ThresholdSettings['cardinality'] {
  const inner = new RuleFields(table, table.span);
  const name = inner.required('field')?.value;
  const value = atLeastOne(inner, 'value');
  outer.diagnostics.push(...inner.diagnostics);
  return name === undefined || value === undefined ? undefined : { field: name, value };
}

function atLeastOne(fields: RuleFields, key: string): number | undefined {
  const value = fields.get(key);
  if (value === undefined) {
    fields.missing(key);
    return undefined;
  }
  const number = value.kind === 'number' || value.kind === 'string' ? Number(value.value) : Number.NaN;
  if (Number.isInteger(number) && number >= 1) return number;
  fields.wrong(key, `a whole number from 1, not ${kindInWords(value)}`, value);
  return undefined;
}

/**
 * Groups of events that are large enough: as Elasticsearch counts, an event without one of the fields is in no group, and one
 * with several values of a field is in the group of each. A group stands for its latest event.
 */
export function thresholdPlan(events: Plan, name: string, settings: ThresholdSettings): Threshold {
  const { fields, value, cardinality } = settings;
  const keep: readonly NamedExpr[] =
    cardinality === undefined ? [] : [{ name: 'value', expr: field(cardinality.field) }];
  const measures: readonly WindowMeasure[] = [
    { name: COUNT, fn: 'count' },
    ...(cardinality === undefined ? [] : [{ name: CARDINALITY, fn: 'count-distinct', of: ['value'] } as const]),
  ];
  const enough = [
    atLeast(COUNT, value),
    ...(cardinality === undefined ? [] : [atLeast(CARDINALITY, cardinality.value)]),
  ];
  return {
    kind: 'threshold',
    inputs: [{ name, plan: events, time: field(EVENT_TIME), keys: fields.map((one) => field(one)), keep }],
    by: fields.map((one): Key => ({ name: one, missing: 'drop', many: 'each' })),
    // A run looks at all events that it sees.
    window: { kind: 'anchored', length: null },
    measures,
    having: and(enough),
    emit: { how: 'each', rows: 'last', mostRows: 0 },
    summary: { first: FIRST },
  };
}

/** What a threshold rule gives: its groups, and what was counted. */
export function thresholdColumns({ fields, cardinality }: ThresholdSettings): readonly ColumnType[] {
  return [
    { name: COUNT, type: 'long' },
    ...(cardinality === undefined ? [] : [{ name: CARDINALITY, type: 'long' } as const]),
    { name: FIRST, type: 'datetime' },
    ...fields.map((name): ColumnType => ({ name, type: 'dynamic' })),
  ];
}

function atLeast(name: string, value: number): Expr {
  return {
    kind: 'compare',
    op: '>=',
    left: { kind: 'column', name },
    right: { kind: 'literal', type: 'real', value },
    nulls: 'unknown',
    many: 'whole',
  };
}
