import type { KustoNumberFunction } from '../../../../ir/functions/kusto/number.ts';
import { TimeSpan, type Value } from '../../../../values/value.ts';
import type { Implementation } from '../implementation.ts';
import { betaDensity, erf, erfc, gamma, inverseBeta, logGamma, regularizedBeta } from './distributions.ts';
import { isNumeric, realIn, textIn, wholeIn } from './scalars.ts';
import { convertUnit } from './units.ts';

export const kustoNumberImplementations: Record<KustoNumberFunction, Implementation> = {
  'kusto.abs': ([value]) => {
    if (typeof value === 'bigint') return value < 0n ? -value : value;
    if (value instanceof TimeSpan) return value.ticks < 0n ? new TimeSpan(-value.ticks) : value;
    return typeof value === 'number' ? Math.abs(value) : null;
  },
  'kusto.round': ([value, digits]) => round(value, wholeIn(digits) ?? 0),
  'kusto.ceiling': ([value]) => (typeof value === 'number' ? Math.ceil(value) : (value ?? null)),
  'kusto.sign': ([value]) => (isNumeric(value) ? Math.sign(Number(value)) : null),
  'kusto.math': ([name, a, b, c]) => math(textIn(name), a, b, c),
  'kusto.bits': ([name, a, b]) => bits(textIn(name), a, b),
  'kusto.convert-unit': ([measure, value, from, to]) =>
    isNumeric(value) ? (convertUnit(textIn(measure), Number(value), textIn(from), textIn(to)) ?? null) : null,
  'kusto.real-test': ([name, value]) => {
    const number = realIn(value);
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

const FUNCTIONS: ReadonlyMap<string, (a: number, b: number, c: number) => number> = new Map(
  Object.entries<(a: number, b: number, c: number) => number>({
    sqrt: Math.sqrt,
    log: Math.log,
    log10: Math.log10,
    log2: Math.log2,
    exp: Math.exp,
    exp2: (a: number) => 2 ** a,
    exp10: (a: number) => 10 ** a,
    pow: (a: number, b: number) => a ** b,
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    asin: Math.asin,
    acos: Math.acos,
    atan: Math.atan,
    atan2: Math.atan2,
    pi: () => Math.PI,
    degrees: (a: number) => (a * 180) / Math.PI,
    radians: (a: number) => (a * Math.PI) / 180,
    cot: (a: number) => 1 / Math.tan(a),
    gamma,
    loggamma: logGamma,
    erf,
    erfc,
    beta_cdf: (x: number, a: number, b: number) => ofBeta(x, a, b, regularizedBeta),
    beta_inv: (x: number, a: number, b: number) => ofBeta(x, a, b, inverseBeta),
    beta_pdf: (x: number, a: number, b: number) => ofBeta(x, a, b, betaDensity),
  }),
);

/** Nothing below 0 or beyond 1, and not a number for a distribution that there is not. */
function ofBeta(x: number, a: number, b: number, compute: (x: number, a: number, b: number) => number): number {
  return a > 0 && b > 0 ? compute(x, a, b) : Number.NaN;
}

function math(name: string, a: Value, b: Value, c: Value): number | null {
  const compute = FUNCTIONS.get(name);
  if (compute === undefined) return null;
  const [x, y, z] = [a, b, c].map((value) => (value === undefined ? 0 : realIn(value)));
  if (name === 'beta_inv' && (x === undefined || x < 0 || x > 1)) return null;
  const result = compute(x ?? 0, y ?? 0, z ?? 0);
  // Below 0 there is no logarithm; anything else that is not a number is just that.
  return Number.isNaN(result) && name.startsWith('log') ? null : result;
}

function long(value: Value): bigint | null {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.trunc(value)) : null;
}

function bits(name: string, a: Value, b: Value): bigint | null {
  const left = long(a);
  const right = long(b) ?? 0n;
  if (left === null) return null;
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
