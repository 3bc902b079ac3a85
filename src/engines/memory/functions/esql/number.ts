import type { EsqlNumberFunction } from '../../../../ir/functions/esql/number.ts';
import type { Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import type { Implementation } from '../implementation.ts';
import { each, fail, illegal, realIn, single, textIn, wholeIn } from './multi-value.ts';
import { orderOfType } from './order.ts';

/** Between what bounds whole numbers of a type lie. */
export const BOUNDS: Readonly<Record<string, readonly [least: bigint, most: bigint]>> = {
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
  unsigned_long: [0n, 2n ** 64n - 1n],
};

export function overflow(clock: Clock, type: string): null {
  return fail(clock, `java.lang.ArithmeticException: ${type} overflow`);
}

/** A whole number of a type, or null where the type cannot hold it. */
export function within(value: bigint, type: string, clock: Clock): Value {
  const [least, most] = BOUNDS[type] ?? [value, value];
  return value < least || value > most ? overflow(clock, type) : value;
}

function finite(value: number, clock: Clock): Value {
  if (Number.isFinite(value)) return value;
  return fail(
    clock,
    `java.lang.ArithmeticException: not a finite double number: ${Number.isNaN(value) ? 'NaN' : value}`,
  );
}

/** Arithmetic on two numbers of one type, whose name is the last argument. */
function arithmetic(
  whole: (left: bigint, right: bigint) => bigint | undefined,
  real: (left: number, right: number) => number | undefined,
): Implementation {
  return single(([left, right, of], clock) => {
    const type = textIn(of);
    if (type === 'double') {
      const found = real(realIn(left), realIn(right));
      return found === undefined ? byZero(clock) : finite(found, clock);
    }
    if (typeof left !== 'bigint' || typeof right !== 'bigint') return null;
    const found = whole(left, right);
    return found === undefined ? byZero(clock) : within(found, type, clock);
  });
}

function byZero(clock: Clock): null {
  return fail(clock, 'java.lang.ArithmeticException: / by zero');
}

/** A division of doubles that gives no number counts as one by zero. */
function finiteOrNone(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

const OF_ONE: Readonly<Record<string, (x: number) => number>> = {
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  signum: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
};

/** What Elasticsearch says where a function has no value for a number, or one that no double holds. */
const REASONS: Readonly<Record<string, string>> = {
  acos: 'Acos input out of range',
  acosh: 'Acosh input out of range',
  asin: 'Asin input out of range',
  atanh: 'Atanh input out of range',
  cosh: 'cosh overflow',
  sinh: 'sinh overflow',
  sqrt: 'Square root of negative',
};

function roundTo(value: Value, type: string, decimals: number, clock: Clock): Value {
  if (typeof value === 'bigint') {
    if (decimals >= 0) return value;
    const unit = 10n ** BigInt(Math.min(-decimals, 40));
    const size = value < 0n ? -value : value;
    const rounded = ((size + unit / 2n) / unit) * unit;
    return within(value < 0n ? -rounded : rounded, type, clock);
  }
  const number = realIn(value);
  if (!Number.isFinite(number)) return finite(number, clock);
  const unit = 10 ** Math.min(Math.abs(decimals), 300);
  const scaled = decimals >= 0 ? Math.abs(number) * unit : Math.abs(number) / unit;
  // Too large to have anything behind the point.
  if (scaled > 2 ** 62) return number;
  const rounded = Math.floor(scaled + 0.5);
  return Math.sign(number) * (decimals >= 0 ? rounded / unit : rounded * unit);
}

function best(sign: 1 | -1): Implementation {
  return single((args) => {
    const type = args.at(-1);
    const order = orderOfType(type);
    const [first = null, ...others] = args.slice(0, -1);
    return others.reduce((known, one) => (Math.sign(order(one, known)) === sign ? one : known), first);
  });
}

export const esqlNumberImplementations: Record<EsqlNumberFunction, Implementation> = {
  'esql.add': arithmetic(
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  'esql.subtract': arithmetic(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  'esql.multiply': arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  'esql.divide': arithmetic(
    (a, b) => (b === 0n ? undefined : a / b),
    (a, b) => finiteOrNone(a / b),
  ),
  'esql.modulo': arithmetic(
    (a, b) => (b === 0n ? undefined : a % b),
    (a, b) => finiteOrNone(a % b),
  ),
  'esql.negate': single(([value, type], clock) =>
    typeof value === 'bigint' ? within(-value, textIn(type), clock) : -realIn(value),
  ),
  'esql.abs': single(([value, type], clock) => {
    if (typeof value !== 'bigint') return Math.abs(realIn(value));
    return within(value < 0n ? -value : value, textIn(type), clock);
  }),
  'esql.ceil': single(([value]) => (typeof value === 'bigint' ? value : Math.ceil(realIn(value)))),
  'esql.floor': single(([value]) => (typeof value === 'bigint' ? value : Math.floor(realIn(value)))),
  'esql.round': single(([value, type, decimals], clock) =>
    roundTo(value ?? null, textIn(type), wholeIn(decimals, 0), clock),
  ),
  'esql.round-to': single(([value, ...points]) => {
    const order = orderOfType('double');
    const sorted = [...points].sort(order);
    return sorted.reduce<Value>((known, point) => (order(point, value) <= 0 ? point : known), sorted[0] ?? null);
  }),
  'esql.math': single(([name, value], clock) => {
    const found = OF_ONE[textIn(name)]?.(realIn(value)) ?? Number.NaN;
    const reason = REASONS[textIn(name)];
    if (Number.isFinite(found) || reason === undefined) return finite(found, clock);
    return fail(clock, `java.lang.ArithmeticException: ${reason}`);
  }),
  'esql.to-degrees': each((value, _, clock) => finite((realIn(value) / Math.PI) * 180, clock)),
  'esql.to-radians': each((value, _, clock) => finite((realIn(value) / 180) * Math.PI, clock)),
  'esql.log': single(([base, value], clock) => {
    const [b, x] = [realIn(base), realIn(value)];
    if (x <= 0 || b <= 0) return fail(clock, 'java.lang.ArithmeticException: Log of non-positive number');
    if (b === 1) return fail(clock, 'java.lang.ArithmeticException: Log of base 1');
    if (b === 10) return Math.log10(x);
    return b === Math.E ? Math.log(x) : Math.log(x) / Math.log(b);
  }),
  'esql.pow': single(([base, exponent], clock) => finite(realIn(base) ** realIn(exponent), clock)),
  'esql.atan2': single(([y, x]) => Math.atan2(realIn(y), realIn(x))),
  'esql.hypot': single(([a, b], clock) => finite(Math.hypot(realIn(a), realIn(b)), clock)),
  'esql.copy-sign': single(([size, sign]) => {
    const negative = realIn(sign) < 0 || Object.is(realIn(sign), -0);
    if (typeof size === 'bigint') return negative === size < 0n ? size : -size;
    return negative ? -Math.abs(realIn(size)) : Math.abs(realIn(size));
  }),
  'esql.scalb': single(([value, factor], clock) => finite(realIn(value) * 2 ** wholeIn(factor, 0), clock)),
  'esql.greatest': best(1),
  'esql.least': best(-1),
  'esql.clamp': single(([value, least, most, type], clock) => {
    const order = orderOfType(type);
    if (order(least ?? null, most ?? null) > 0) return illegal(clock, 'min must not be greater than max');
    if (order(value ?? null, least ?? null) < 0) return least ?? null;
    return order(value ?? null, most ?? null) > 0 ? (most ?? null) : (value ?? null);
  }),
};
