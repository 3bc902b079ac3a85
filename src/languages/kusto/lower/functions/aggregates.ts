import type { AggregateName } from '../../../../ir/plan.ts';
import type { KustoType } from '../../types.ts';
import { KNOWN_AGGREGATES } from './known.ts';
import type { ParameterKind } from './parameter.ts';

/** One aggregate of the language. `arg_max`, `arg_min`, `take_any` and `any` give several columns and have their own way. */
export interface AggregateFunction {
  readonly fn: AggregateName;
  /** What stands before the first argument's name in the column's name. */
  readonly prefix: string | undefined;
  readonly parameters: readonly ParameterKind[];
  /** A last argument with which nothing is done but this: the accuracy of `dcount`, or the most elements of a set. */
  readonly extra?: 'accuracy' | 'limit';
  readonly result: (type: KustoType) => KustoType;
}

const same = (type: KustoType): KustoType => type;
const wide = (type: KustoType): KustoType => (type === 'int' ? 'long' : type);
const mean = (type: KustoType): KustoType => (type === 'int' || type === 'long' ? 'real' : type);
const long = (): KustoType => 'long';
const dynamic = (): KustoType => 'dynamic';

function row(
  fn: AggregateName,
  prefix: string | undefined,
  parameters: readonly ParameterKind[],
  result: (type: KustoType) => KustoType,
  extra?: 'accuracy' | 'limit',
): AggregateFunction {
  return { fn, prefix, parameters, result, ...(extra !== undefined && { extra }) };
}

const makeSet = row('make-set', 'set', ['any'], dynamic, 'limit');
const makeList = row('make-list', 'list', ['any'], dynamic, 'limit');

const rows: ReadonlyMap<string, AggregateFunction> = new Map(
  Object.entries({
    count: row('count', 'count', [], long),
    countif: row('count-if', 'countif', ['bool'], long),
    dcount: row('count-distinct', 'dcount', ['any'], long, 'accuracy'),
    dcountif: row('count-distinct-if', 'dcountif', ['any', 'bool'], long, 'accuracy'),
    count_distinct: row('count-distinct', 'count_distinct', ['any'], long),
    count_distinctif: row('count-distinct-if', 'count_distinctif', ['any', 'bool'], long),
    sum: row('sum', 'sum', ['dated'], wide),
    sumif: row('sum-if', 'sumif', ['dated', 'bool'], wide),
    avg: row('avg', 'avg', ['dated'], mean),
    avgif: row('avg-if', 'avgif', ['dated', 'bool'], mean),
    min: row('min', 'min', ['any'], same),
    minif: row('min-if', 'minif', ['any', 'bool'], same),
    max: row('max', 'max', ['any'], same),
    maxif: row('max-if', 'maxif', ['any', 'bool'], same),
    make_set: makeSet,
    makeset: makeSet,
    make_set_if: row('make-set-if', 'set', ['any', 'bool'], dynamic, 'limit'),
    make_list: makeList,
    makelist: makeList,
    make_list_if: row('make-list-if', 'list', ['any', 'bool'], dynamic, 'limit'),
  }),
);

/** Aggregates that give the values of one row, in a column each. */
export const ROW_AGGREGATES: ReadonlySet<string> = new Set([
  'arg_max',
  'arg_min',
  'take_any',
  'any',
  'argmax',
  'argmin',
]);

export function aggregateFunction(name: string): AggregateFunction | undefined {
  return rows.get(name);
}

/** Whether Kusto has an aggregate of this name, lowered or not. */
export function isAggregate(name: string): boolean {
  return KNOWN_AGGREGATES.has(name) || rows.has(name);
}

export function aggregateNames(): Iterable<string> {
  return [...rows.keys(), ...ROW_AGGREGATES, ...KNOWN_AGGREGATES];
}
