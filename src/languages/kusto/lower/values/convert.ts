import type { Json } from '../../../../base/json.ts';
import { call, not, text } from '../../../../ir/construct.ts';
import type { Expr, Literal } from '../../../../ir/expr.ts';
import type { FunctionName } from '../../../../ir/functions/registry.ts';
import { isLoose, isNumber, isWhole, type KustoType } from '../../types.ts';
import type { Typed } from '../scope.ts';

const CONVERSIONS: Readonly<Record<Exclude<KustoType, 'unknown'>, FunctionName>> = {
  bool: 'kusto.to-bool',
  int: 'kusto.to-int',
  long: 'kusto.to-long',
  real: 'kusto.to-real',
  decimal: 'convert.real',
  string: 'convert.string',
  datetime: 'kusto.to-datetime',
  timespan: 'kusto.to-timespan',
  guid: 'convert.guid',
  dynamic: 'convert.dynamic',
};

/** The value as text, as tostring() gives it. */
export function asText(value: Typed): Expr {
  const { expr, type } = value;
  if (type === 'string') return expr;
  if (type === 'bool') return boolText(expr);
  if (expr.kind === 'literal' && (isWhole(type) || type === 'guid') && expr.value !== null)
    return text(String(expr.value), expr.span);
  return call(type === 'real' ? 'kusto.real-text' : 'convert.string', [expr], expr.span);
}

/** `True` and `False`, as the engine writes them. */
function boolText(expr: Expr): Expr {
  const branches = [
    { when: expr, then: text('True') },
    { when: not(expr), then: text('False') },
  ];
  return { kind: 'cond', branches, otherwise: text(''), ...(expr.span !== undefined && { span: expr.span }) };
}

/** A value whose type is not known before it is there, as one of a type; any other as it is. */
export function asType(value: Typed, type: KustoType): Expr {
  if (type === 'unknown' || type === 'dynamic' || !isLoose(value.type)) return value.expr;
  if (type === 'string') return asText(value);
  if (isNumber(type)) return call('kusto.number', [value.expr], value.expr.span);
  return call(CONVERSIONS[type], [value.expr], value.expr.span);
}

/** Converts to a type whatever the value's own is, as `tolong()` and its like do. */
export function convert(value: Typed, type: Exclude<KustoType, 'unknown'>): Expr {
  if (type === 'string') return asText(value);
  if (value.type === type) return value.expr;
  return call(CONVERSIONS[type], [value.expr], value.expr.span);
}

/** A constant's text, if the value is a constant string. */
export function constantText(value: Typed): string | undefined {
  const { expr } = value;
  return expr.kind === 'literal' && expr.type === 'string' && typeof expr.value === 'string' ? expr.value : undefined;
}

/** A constant whole number. */
export function constantWhole(value: Typed): bigint | undefined {
  const { expr } = value;
  if (expr.kind !== 'literal' || (expr.type !== 'long' && expr.type !== 'int') || typeof expr.value !== 'string')
    return undefined;
  return BigInt(expr.value);
}

/** The JSON value of a dynamic constant; undefined where it holds numbers that only a run reads exactly. */
export function constantJson(literal: Literal): Json | undefined {
  if (literal.type !== 'dynamic' || typeof literal.value !== 'string' || /\d{16}/.test(literal.value)) return undefined;
  try {
    return JSON.parse(literal.value) as Json;
  } catch {
    return undefined;
  }
}

/** A JSON scalar as a literal of its own type. */
export function literalOf(json: Json): Typed {
  switch (typeof json) {
    case 'string':
      return { expr: text(json), type: 'string' };
    case 'boolean':
      return { expr: { kind: 'literal', type: 'bool', value: json }, type: 'bool' };
    case 'number':
      if (Number.isInteger(json)) return { expr: { kind: 'literal', type: 'long', value: String(json) }, type: 'long' };
      return { expr: { kind: 'literal', type: 'real', value: json }, type: 'real' };
    case 'bigint':
      return { expr: { kind: 'literal', type: 'long', value: json.toString() }, type: 'long' };
    default:
      return {
        expr: { kind: 'literal', type: 'dynamic', value: json === null ? null : JSON.stringify(json) },
        type: 'dynamic',
      };
  }
}
