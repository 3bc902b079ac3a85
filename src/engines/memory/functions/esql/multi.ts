import type { EsqlMultiFunction } from '../../../../ir/functions/esql/multi.ts';
import { keyOf } from '../../../../values/key.ts';
import type { Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import type { Implementation } from '../implementation.ts';
import { distinct } from './field.ts';
import { columnOf, fail, illegal, overAll, realIn, SEVERAL, textIn, valuesIn, wholeIn } from './multi-value.ts';
import { overflow, within } from './number.ts';
import { orderOfType } from './order.ts';

/** The sum without the errors of adding up small and large numbers (Neumaier). */
function compensatedSum(numbers: Iterable<number>): number {
  let sum = 0;
  let lost = 0;
  for (const number of numbers) {
    const next = sum + number;
    lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum;
    sum = next;
  }
  return Number.isFinite(lost) ? sum + lost : sum;
}

function sumOf(values: readonly Value[], type: string, clock: Clock): Value {
  if (type === 'double') return compensatedSum(values.map(realIn));
  const sum = values.reduce((total: bigint, value) => total + (typeof value === 'bigint' ? value : 0n), 0n);
  return within(sum, type, clock);
}

function sorted(values: readonly Value[], type: Value): readonly Value[] {
  return [...values].sort(orderOfType(type));
}

/** Between the two values next to a rank, in proportion; whole numbers are cut. */
function percentileOf(ordered: readonly Value[], percentile: number): Value {
  const rank = (percentile / 100) * (ordered.length - 1);
  const [below, above] = [ordered[Math.floor(rank)] ?? null, ordered[Math.ceil(rank)] ?? null];
  const rest = rank - Math.floor(rank);
  if (rest === 0) return below;
  if (typeof below === 'bigint' && typeof above === 'bigint') {
    return below + BigInt(Math.trunc(rest * realIn(above - below)));
  }
  return realIn(below) + rest * (realIn(above) - realIn(below));
}

function medianOf(values: readonly Value[], type: Value): Value {
  const ordered = sorted(values, type);
  const middle = ordered.length / 2;
  if (!Number.isInteger(middle)) return ordered[Math.floor(middle)] ?? null;
  const [below, above] = [ordered[middle - 1] ?? null, ordered[middle] ?? null];
  if (typeof below === 'bigint' && typeof above === 'bigint') {
    const sum = below + above;
    // As Java shifts: toward the lower one.
    return sum >= 0n || sum % 2n === 0n ? sum / 2n : sum / 2n - 1n;
  }
  return realIn(below) / 2 + realIn(above) / 2;
}

function slice(values: readonly Value[], start: Value, end: Value, clock: Clock): Value {
  const place = (index: number): number => (index < 0 ? values.length + index : index);
  const [first, last] = [wholeIn(start, 0), end === undefined ? wholeIn(start, 0) : wholeIn(end, 0)];
  if (first > last && first >= 0 === last >= 0) {
    return fail(clock, 'InvalidArgumentException: Start offset is greater than end offset');
  }
  const [from, to] = [Math.max(0, place(first)), place(last)];
  return columnOf(values.slice(from, Math.max(from, to + 1)));
}

function keysOf(values: readonly Value[]): ReadonlySet<string> {
  return new Set(values.map(keyOf));
}

function zip(lefts: Value, rights: Value, delimiter: Value): Value {
  const [left, right] = [valuesIn(lefts), valuesIn(rights)];
  const length = Math.max(left.length, right.length);
  return columnOf(
    Array.from({ length }, (_, at) => {
      const [one, other] = [left[at], right[at]];
      if (one === undefined || other === undefined) return one ?? other ?? null;
      return `${textIn(one)}${textIn(delimiter)}${textIn(other)}`;
    }),
  );
}

function isOne(...values: readonly Value[]): boolean {
  return values.every((value) => !Array.isArray(value));
}

export const esqlMultiImplementations: Record<EsqlMultiFunction, Implementation> = {
  'esql.mv-append': (args) =>
    args.some((arg) => (arg ?? null) === null) ? null : columnOf(args.flatMap((arg) => [...valuesIn(arg)])),
  'esql.mv-avg': overAll((values) => compensatedSum(values.map(realIn)) / values.length),
  'esql.mv-concat': ([values, delimiter], clock) => {
    if ((delimiter ?? null) === null) return null;
    if (!isOne(delimiter ?? null)) return fail(clock, SEVERAL);
    const all = valuesIn(values);
    return all.length === 0 ? null : all.map(textIn).join(textIn(delimiter));
  },
  'esql.mv-count': overAll((values) => BigInt(values.length)),
  'esql.mv-dedupe': overAll((values) => columnOf(distinct(values))),
  'esql.mv-first': overAll((values) => values[0]),
  'esql.mv-last': overAll((values) => values.at(-1)),
  'esql.mv-max': overAll((values, [type]) => sorted(values, type).at(-1)),
  'esql.mv-min': overAll((values, [type]) => sorted(values, type)[0]),
  'esql.mv-median': overAll((values, [type]) => medianOf(values, type)),
  'esql.mv-deviation': overAll((values, [type]) => {
    const median = medianOf(values, type);
    const distances = values.map((value): Value => {
      if (typeof value === 'bigint' && typeof median === 'bigint')
        return value < median ? median - value : value - median;
      return Math.abs(realIn(value) - realIn(median));
    });
    return medianOf(distances, type);
  }),
  'esql.mv-percentile': ([values, percentile, type], clock) => {
    const all = valuesIn(values);
    if (all.length === 0 || (percentile ?? null) === null) return null;
    if (!isOne(percentile)) return fail(clock, SEVERAL);
    const wanted = realIn(percentile);
    if (!(wanted >= 0 && wanted <= 100)) {
      return illegal(clock, `Percentile parameter must be a number between 0 and 100, found [${wanted}]`);
    }
    return percentileOf(sorted(all, type), wanted);
  },
  'esql.mv-weighted-sum': ([values, p], clock) => {
    const all = valuesIn(values);
    if (all.length === 0 || (p ?? null) === null) return null;
    if (!isOne(p)) return fail(clock, SEVERAL);
    if (realIn(p) <= 0) return illegal(clock, `p must be greater than 0, got ${realIn(p)}`);
    const sum = compensatedSum(all.map((value, at) => realIn(value) / (at + 1) ** realIn(p)));
    return Number.isFinite(sum) ? sum : overflow(clock, 'double');
  },
  'esql.mv-slice': ([values, start, end], clock) => {
    if ((start ?? null) === null || end === null) return null;
    if (!isOne(start, end)) return fail(clock, SEVERAL);
    const all = valuesIn(values);
    return all.length === 0 ? null : slice(all, start, end, clock);
  },
  'esql.mv-sort': overAll((values, [type, direction], clock) => {
    const order = (textIn(direction ?? null) || 'asc').toLowerCase();
    if (order !== 'asc' && order !== 'desc') return illegal(clock, `Invalid order [${order}], expected ASC or DESC`);
    const ordered = sorted(values, type);
    return columnOf(order === 'desc' ? [...ordered].reverse() : ordered);
  }),
  'esql.mv-sum': overAll((values, [type], clock) => sumOf(values, textIn(type), clock)),
  'esql.mv-zip': ([lefts, rights, delimiter]) => zip(lefts, rights, delimiter === undefined ? ',' : delimiter),
  'esql.mv-contains': ([superset, subset]) => {
    const all = keysOf(valuesIn(superset));
    return valuesIn(subset).every((value) => all.has(keyOf(value)));
  },
  'esql.mv-intersects': ([lefts, rights]) => {
    const all = keysOf(valuesIn(rights));
    return valuesIn(lefts).some((value) => all.has(keyOf(value)));
  },
  'esql.mv-intersection': ([lefts, rights]) => {
    const all = keysOf(valuesIn(rights));
    return columnOf(distinct(valuesIn(lefts)).filter((value) => all.has(keyOf(value))));
  },
  'esql.mv-difference': ([lefts, rights]) => {
    const all = keysOf(valuesIn(rights));
    return columnOf(distinct(valuesIn(lefts)).filter((value) => !all.has(keyOf(value))));
  },
  'esql.mv-union': ([lefts, rights]) => columnOf(distinct([...valuesIn(lefts), ...valuesIn(rights)])),
  'esql.sum-of': ([sum, count], clock) =>
    (sum ?? null) === null && count !== 0n && (count ?? null) !== null ? overflow(clock, 'long') : (sum ?? null),
  'esql.spread': ([moments, measure]) => {
    const [count = 0, , squares = 0] = valuesIn(moments).map(realIn);
    if (count === 0) return null;
    return measure === 'variance' ? squares / count : Math.sqrt(squares / count);
  },
  'esql.mv-top-by': overAll((keys, [values, type, count, direction]) => {
    const order = orderOfType(type);
    const sign = direction === 'asc' ? 1 : -1;
    const all = valuesIn(values ?? null);
    const pairs = keys.map((key, place) => ({ key, value: all[place] ?? null }));
    const ordered = pairs.sort((one, other) => sign * order(one.key, other.key));
    return columnOf(ordered.slice(0, wholeIn(count, 0)).map(({ value }) => value));
  }),
  'esql.mv-top': overAll((values, [type, count, direction]) => {
    const ordered = sorted(values, type);
    return columnOf((direction === 'asc' ? ordered : [...ordered].reverse()).slice(0, wholeIn(count, 0)));
  }),
};
