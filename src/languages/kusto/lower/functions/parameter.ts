import type { Expr } from '../../../../ir/expr.ts';
import type { FunctionName } from '../../../../ir/functions/registry.ts';
import type { ValueType } from '../../../../ir/types.ts';
import type { CallExpression } from '../../ast/index.ts';
import { isLoose, isNumber, isWhole, type KustoType } from '../../types.ts';
import type { Environment, Typed } from '../scope.ts';

/**
 * What a parameter takes. `string`: text or dynamic; `text`: any value, read as text; `dated`: a number, datetime or
 * timespan; `series`: an array or a number; `columns`: a value, or `*` for all columns; `regex`: a constant pattern is checked; `type`: `typeof(…)`.
 */
export type ParameterKind =
  | 'any'
  | 'columns'
  | 'string'
  | 'text'
  | 'regex'
  | 'number'
  | 'whole'
  | 'dated'
  | 'bool'
  | 'datetime'
  | 'timespan'
  | 'dynamic'
  | 'series'
  | 'type';

/** One scalar function of the language. */
export interface ScalarFunction {
  readonly parameters: readonly ParameterKind[];
  /** How many of the last parameters may be left out. */
  readonly optional: number;
  /** Whether the last parameter may be repeated. */
  readonly rest: boolean;
  /** A type, or where it comes from. */
  readonly result: ValueType | 'first' | 'common' | 'widest' | 'computed';
  /** A function of IR that takes the arguments as they are, or how the call is lowered. */
  readonly lower: FunctionName | Lowering;
  /** How a column that holds the call is named: after its first argument, with a prefix, or by the text of it. */
  readonly naming?:
    | 'first'
    | 'column-text'
    | 'strlen'
    | 'string_size'
    | 'type'
    | 'repeat'
    | 'tree'
    | 'percentile_tdigest'
    | 'dcount_hll';
}

/** A lowering of its own. Arguments have been checked; those that may be anything are not converted. */
export type Lowering = (args: readonly Typed[], call: CallExpression, environment: Environment) => Typed | Expr;

/** Writes a row: parameters as words, `?` optional, `*` repeated. */
export function fn(
  parameters: string,
  result: ScalarFunction['result'],
  lower: ScalarFunction['lower'],
  naming?: ScalarFunction['naming'],
): ScalarFunction {
  const words = parameters.split(' ').filter((word) => word !== '');
  return {
    parameters: words.map((word) => word.replace(/[?*]$/, '') as ParameterKind),
    optional: words.filter((word) => word.endsWith('?')).length,
    rest: words.at(-1)?.endsWith('*') === true,
    result,
    lower,
    ...(naming !== undefined && { naming }),
  };
}

export function accepts(kind: ParameterKind, type: KustoType): boolean {
  if (type === 'unknown') return true;
  switch (kind) {
    case 'any':
    case 'columns':
    case 'text':
      return true;
    case 'string':
    case 'regex':
      return type === 'string' || type === 'dynamic';
    case 'number':
      return isNumber(type);
    case 'whole':
      return isWhole(type);
    case 'dated':
      return isNumber(type) || type === 'datetime' || type === 'timespan';
    case 'dynamic':
      return isLoose(type);
    case 'series':
      return isLoose(type) || isNumber(type);
    case 'bool':
    case 'datetime':
    case 'timespan':
      return type === kind;
    case 'type':
      return false;
  }
}

/** The parameter in words, for messages. */
export const IN_WORDS: Readonly<Record<ParameterKind, string>> = {
  any: 'a value',
  columns: 'a value or *',
  string: 'a string',
  text: 'a value',
  regex: 'a string',
  number: 'a number',
  whole: 'a whole number',
  dated: 'a number, a datetime or a timespan',
  bool: 'a bool',
  datetime: 'a datetime',
  timespan: 'a timespan',
  dynamic: 'a dynamic array or bag',
  series: 'a dynamic array or a number',
  type: 'typeof(…)',
};
