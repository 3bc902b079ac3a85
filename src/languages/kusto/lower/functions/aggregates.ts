import { call, NULL, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { AggregateName } from '../../../../ir/plan/plan.ts';
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
  /** At most so many values are gathered. */
  readonly most?: number;
  /** What the value is made of what has been gathered. */
  readonly finish?: (gathered: Expr) => Expr;
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
  finish?: (gathered: Expr) => Expr,
): AggregateFunction {
  return {
    fn,
    prefix,
    parameters,
    result,
    ...(extra !== undefined && { extra }),
    ...(finish !== undefined && { finish }),
  };
}

const makeSet = row('make-set', 'set', ['any'], dynamic, 'limit');
const makeList = row('make-list', 'list', ['any'], dynamic, 'limit');

type Spread = 'variance' | 'variancep' | 'stdev' | 'stdevp';

const real = (): KustoType => 'real';
const spread = (name: Spread): readonly (readonly [string, AggregateFunction])[] => {
  const finish = (gathered: Expr): Expr => call('kusto.spread', [text(name), gathered]);
  return [
    [name, row('moments', name, ['number'], real, undefined, finish)],
    [`${name}if`, row('moments-if', `${name}if`, ['number', 'bool'], real, undefined, finish)],
  ];
};
const first = (gathered: Expr): Expr => call('kusto.member', [gathered, { kind: 'literal', type: 'long', value: '0' }]);
const anyIf: AggregateFunction = { ...row('make-list-if', '', ['any', 'bool'], same, undefined, first), most: 1 };
const bags = (gathered: Expr): Expr => call('kusto.merge-bags', [gathered]);
const makeBag = row('make-list', 'bag', ['dynamic'], dynamic, 'limit', bags);
/** Of no values there is no digest. */
const orNull = (gathered: Expr): Expr => ({
  kind: 'cond',
  branches: [
    {
      when: {
        kind: 'compare',
        op: '<=',
        left: call('kusto.array-length', [gathered]),
        right: { kind: 'literal', type: 'long', value: '0' },
        nulls: 'unknown',
        many: 'whole',
      },
      then: NULL,
    },
  ],
  otherwise: gathered,
});
const schema = (gathered: Expr): Expr => call('kusto.schema-of', [gathered]);

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
    make_list_with_nulls: row('make-list-all', 'list', ['any'], dynamic),
    make_bag: makeBag,
    make_dictionary: makeBag,
    make_bag_if: row('make-list-if', 'bag', ['dynamic', 'bool'], dynamic, 'limit', bags),
    take_anyif: anyIf,
    anyif: anyIf,
    buildschema: row('make-list', 'schema', ['dynamic'], dynamic, undefined, schema),
    binary_all_and: row('bits-and', '', ['whole'], long),
    binary_all_or: row('bits-or', '', ['whole'], long),
    binary_all_xor: row('bits-xor', '', ['whole'], long),
    hll: row('make-set', 'hll', ['any'], dynamic, 'accuracy', orNull),
    hll_if: row('make-set-if', 'hll_if', ['any', 'bool'], dynamic, 'accuracy', orNull),
    tdigest: row('make-list', 'tdigest', ['dated'], dynamic, undefined, orNull),
    ...Object.fromEntries((['variance', 'variancep', 'stdev', 'stdevp'] as const).flatMap(spread)),
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

/** Whether an aggregate of this name is lowered. */
export function isSupportedAggregate(name: string): boolean {
  return rows.has(name) || (ROW_AGGREGATES.has(name) && !name.startsWith('argm')) || GATHERED.has(name);
}

/** Aggregates that need all values at once; they have their own way (`percentiles.ts`). */
export const GATHERED: ReadonlySet<string> = new Set([
  'percentile',
  'percentiles',
  'percentiles_array',
  'percentilew',
  'percentilesw',
  'percentilesw_array',
  'covariance',
  'covariancep',
  'covarianceif',
  'covariancepif',
]);
