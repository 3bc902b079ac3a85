import { call, FALSE, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { isScalarText } from '../conditions/facts.ts';
import { NONE, STR } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { textMatch } from './text-match.ts';
import {
  boolean,
  constant,
  type Dynamic,
  expressionOf,
  isOf,
  knownJson,
  type Outcomes,
  type Pair,
  type PyValue,
  sure,
} from './value.ts';

/** A truth value that never raises. */
export const pair = (found: Pair): Outcomes => sure(boolean(found));

/** Python's `==`; undefined where it is not understood. */
export function equality(a: PyValue, b: PyValue, of: Translator): Outcomes | undefined {
  const left = knownJson(a);
  const right = knownJson(b);
  if (left !== undefined && right !== undefined && a.kind === 'const' && b.kind === 'const') {
    return sure(constant(sameConstant(a.value, b.value)));
  }
  if (a.kind === 'dynamic') return dynamicEquality(a, b, of);
  if (b.kind === 'dynamic') return dynamicEquality(b, a, of);
  if (a.kind === 'bool' && b.kind === 'const' && typeof b.value === 'boolean') {
    return pair(b.value ? a : { t: a.f, f: a.t });
  }
  if (b.kind === 'bool') return a.kind === 'const' ? equality(b, a, of) : undefined;
  if (a.kind === 'bool' && b.kind === 'const' && (b.value === null || typeof b.value === 'string'))
    return sure(constant(false));
  return undefined;
}

function sameConstant(a: string | number | boolean | null, b: string | number | boolean | null): boolean {
  if (typeof a === 'string' || typeof b === 'string' || a === null || b === null) return a === b;
  return Number(a) === Number(b);
}

function dynamicEquality(a: Dynamic, b: PyValue, of: Translator): Outcomes | undefined {
  if (b.kind === 'const' && b.value === null) return pair(of.pairOf(isOf(a, NONE)));
  if (b.kind === 'const' && typeof b.value === 'string') return pair(of.pairOf(textEquals(a, b.value)));
  // A plain list is no tuple; the event's lists are equal to both.
  if (b.kind === 'seq' && a.made !== 'event' && (b.type === 'tuple') !== (a.made === 'tuple')) return undefined;
  if (b.kind === 'dynamic' && (a.made === 'tuple') !== (b.made === 'tuple')) return undefined;
  return known(a, b, of);
}

function known(a: Dynamic, b: PyValue, of: Translator): Outcomes | undefined {
  const other = expressionOf(b);
  return other === undefined ? undefined : pair(of.pairOf(call('python.equals', [a.expr, other])));
}

/** Whether a value is this text. */
function textEquals(value: Dynamic, wanted: string): Expr {
  if ((value.mask & STR) === 0) return FALSE;
  if (value.mask !== STR && isScalarText(wanted)) return call('python.equals', [value.expr, text(wanted)]);
  return textMatch(value, { kind: 'equals', value: wanted });
}
