import type { KustoNumberFunction } from '../../../ir/functions/kusto-number.ts';
import { TimeSpan, type Value } from '../../../ir/value.ts';
import type { Implementation } from './implementation.ts';
import { isNumeric, wholeIn } from './kusto-scalars.ts';

export const kustoNumberImplementations: Record<KustoNumberFunction, Implementation> = {
  'kusto.abs': ([value]) => {
    if (typeof value === 'bigint') return value < 0n ? -value : value;
    if (value instanceof TimeSpan) return value.ticks < 0n ? new TimeSpan(-value.ticks) : value;
    return typeof value === 'number' ? Math.abs(value) : null;
  },
  'kusto.round': ([value, digits]) => round(value, wholeIn(digits) ?? 0),
  'kusto.ceiling': ([value]) => (typeof value === 'number' ? Math.ceil(value) : (value ?? null)),
  'kusto.sign': ([value]) => (isNumeric(value) ? Math.sign(Number(value)) : null),
  'kusto.math': ([name, a, b]) => math(String(name), a, b),
  'kusto.bits': ([name, a, b]) => bits(String(name), a, b),
  'kusto.real-test': ([name, value]) => {
    const number = Number(value);
    if (name === 'nan') return Number.isNaN(number);
    return name === 'finite' ? Number.isFinite(number) : number === Infinity || number === -Infinity;
  },
};

/** Halves go away from zero. The digits are those of the decimal text, so that 1.005 with two is 1.01. */
function round(value: Value, digits: number): Value {
  if (typeof value === 'bigint') {
    if (digits >= 0) return value;
    const unit = 10n ** BigInt(Math.min(-digits, 19));
    const half = value < 0n ? -unit / 2n : unit / 2n;
    return ((value + half) / unit) * unit;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return value ?? null;
  const places = Math.max(-300, Math.min(digits, 15));
  const shifted = Number(`${Math.abs(value)}e${places}`);
  if (!Number.isFinite(shifted)) return value;
  const rounded = Number(`${Math.round(shifted)}e${-places}`);
  return Number.isNaN(rounded) ? value : Math.sign(value) * rounded;
}

const FUNCTIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  sqrt: Math.sqrt,
  log: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  exp: Math.exp,
  exp2: (a) => 2 ** a,
  exp10: (a) => 10 ** a,
  pow: (a, b) => a ** b,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  pi: () => Math.PI,
  degrees: (a) => (a * 180) / Math.PI,
  radians: (a) => (a * Math.PI) / 180,
};

function math(name: string, a: Value, b: Value): number | null {
  const compute = FUNCTIONS[name];
  if (compute === undefined) return null;
  const result = compute(Number(a ?? 0), Number(b ?? 0));
  return Number.isNaN(result) || (name.startsWith('log') && !Number.isFinite(result)) ? null : result;
}

function bits(name: string, a: Value, b: Value): bigint | null {
  if (!isNumeric(a)) return null;
  const left = BigInt(typeof a === 'number' ? Math.trunc(a) : a);
  const right = isNumeric(b) ? BigInt(typeof b === 'number' ? Math.trunc(b) : b) : 0n;
  switch (name) {
    case 'and':
      return left & right;
    case 'or':
      return left | right;
    case 'xor':
      return left ^ right;
    case 'not':
      return ~left;
    case 'left':
      return right < 0n ? null : BigInt.asIntN(64, left << (right % 64n));
    case 'right':
      return right < 0n ? null : left >> (right % 64n);
    case 'count':
      return BigInt(BigInt.asUintN(64, left).toString(2).replaceAll('0', '').length);
    default:
      return null;
  }
}
