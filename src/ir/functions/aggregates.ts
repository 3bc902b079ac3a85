import type { AggregateName } from '../plan/plan.ts';
import { type TypeName, type TypeSet, types } from '../static-type.ts';
import { AVERAGE, type TypeRule, typeOfArgument } from './type-rules.ts';

/** What an aggregate takes and gives. */
export interface AggregateSignature {
  /** One for each argument; `each`: any number of arguments, and a column of its type for each of them. */
  readonly parameters: readonly TypeSet[] | 'each';
  readonly result: TypeSet | TypeRule;
}

function row(parameters: readonly TypeName[] | 'each', result: TypeName | TypeRule): AggregateSignature {
  return {
    parameters: parameters === 'each' ? parameters : parameters.map(types),
    result: typeof result === 'string' ? types(result) : result,
  };
}

const ITS_TYPE = typeOfArgument(0, 'value');

/** The condition of the `-if` forms is the last argument. */
export const aggregates: Readonly<Record<AggregateName, AggregateSignature>> = {
  count: row([], 'long'),
  'count-if': row(['bool'], 'long'),
  'count-distinct': row(['any'], 'long'),
  'count-distinct-if': row(['any', 'bool'], 'long'),
  sum: row(['number'], ITS_TYPE),
  'sum-if': row(['number', 'bool'], ITS_TYPE),
  avg: row(['number'], AVERAGE),
  'avg-if': row(['number', 'bool'], AVERAGE),
  min: row(['any'], ITS_TYPE),
  'min-if': row(['any', 'bool'], ITS_TYPE),
  max: row(['any'], ITS_TYPE),
  'max-if': row(['any', 'bool'], ITS_TYPE),
  'make-set': row(['any'], 'dynamic'),
  'make-set-if': row(['any', 'bool'], 'dynamic'),
  'make-list': row(['any'], 'dynamic'),
  'make-list-if': row(['any', 'bool'], 'dynamic'),
  'make-list-all': row(['any'], 'dynamic'),
  moments: row(['number'], 'dynamic'),
  'moments-if': row(['number', 'bool'], 'dynamic'),
  'bits-and': row(['whole'], 'long'),
  'bits-or': row(['whole'], 'long'),
  'bits-xor': row(['whole'], 'long'),
  'values-count': row(['any'], 'long'),
  'values-different-count': row(['any'], 'long'),
  'values-sum': row(['any'], 'number'),
  'values-min': row(['any', 'string'], 'any'),
  'values-max': row(['any', 'string'], 'any'),
  'values-different': row(['any'], 'any'),
  'values-all': row(['any'], 'any'),
  'values-moments': row(['any'], 'dynamic'),
  'values-first': row(['any', 'any'], 'any'),
  'values-last': row(['any', 'any'], 'any'),
  'take-any': row('each', ITS_TYPE),
  'arg-max': row('each', ITS_TYPE),
  'arg-min': row('each', ITS_TYPE),
};
