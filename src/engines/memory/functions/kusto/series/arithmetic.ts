import type { SERIES_MAPS, SERIES_MEASURES, SERIES_PAIRS } from '../../../../../ir/functions/kusto/series.ts';
import type { Value } from '../../../../../values/value.ts';
import { arrayIn, isNumeric } from '../scalars.ts';
import { mean, type Numbers, numberIn, numbersIn, present, sum, type Whole } from './numbers.ts';

const MAPS: Readonly<Record<(typeof SERIES_MAPS)[number], (number: number) => number>> = {
  abs: Math.abs,
  acos: Math.acos,
  asin: Math.asin,
  atan: Math.atan,
  ceiling: Math.ceil,
  cos: Math.cos,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  sign: Math.sign,
  sin: Math.sin,
  tan: Math.tan,
};

const PAIRS: Readonly<Record<(typeof SERIES_PAIRS)[number], (a: number, b: number) => number | boolean>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  pow: (a, b) => a ** b,
  equals: (a, b) => a === b,
  not_equals: (a, b) => a !== b,
  greater: (a, b) => a > b,
  greater_equals: (a, b) => a >= b,
  less: (a, b) => a < b,
  less_equals: (a, b) => a <= b,
};

const MEASURES: Readonly<Record<(typeof SERIES_MEASURES)[number], (left: Whole, right: Whole) => number>> = {
  sum,
  product: (left) => left.reduce((product, number) => product * number, 1),
  magnitude,
  dot_product: dot,
  cosine_similarity: (left, right) => dot(left, right) / Math.sqrt(dot(left, left) * dot(right, right)),
  pearson_correlation: (left, right) => {
    const [a, b] = [left, right].map((series) => {
      const middle = mean(series);
      return series.map((number) => number - middle);
    });
    return a === undefined || b === undefined ? Number.NaN : dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  },
};

function dot(left: Whole, right: Whole): number {
  return sum(left.map((number, at) => number * (right[at] ?? 0)));
}

function magnitude(numbers: Whole): number {
  return Math.sqrt(dot(numbers, numbers));
}

function named<T>(table: Readonly<Record<string, T>>, name: Value): T | undefined {
  return typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined;
}

/** What is no number in JSON is a gap. */
function finite(value: number | boolean): number | boolean | null {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

export function seriesMap([name, series]: readonly Value[]): Value {
  const change = named(MAPS, name);
  if (change === undefined) return null;
  return numbersIn(series)?.map((number) => (number === null ? null : finite(change(number)))) ?? null;
}

export function seriesPair([name, left, right]: readonly Value[]): Value {
  const combine = named(PAIRS, name);
  const [one, other] = [arrayIn(left), arrayIn(right)];
  const length = Math.max(one?.length ?? 0, other?.length ?? 0);
  if (combine === undefined || (one === undefined && other === undefined)) return null;
  if ((one === undefined && !isNumeric(left)) || (other === undefined && !isNumeric(right))) return null;
  return Array.from({ length }, (_, at) => {
    const [a, b] = [numberIn(one === undefined ? left : one[at]), numberIn(other === undefined ? right : other[at])];
    return a === null || b === null ? null : finite(combine(a, b));
  });
}

export function seriesMeasure([name, left, right]: readonly Value[]): Value {
  const measure = named(MEASURES, name);
  const one = numbersIn(left) ?? constant(left, right);
  const other = right === undefined ? [] : (numbersIn(right) ?? constant(right, left));
  if (measure === undefined || one === undefined || other === undefined) return null;
  const isWhole = present(one).length === one.length && present(other).length === other.length;
  if (!isWhole || (right !== undefined && one.length !== other.length)) return null;
  const result = measure(present(one), present(other));
  return Number.isNaN(result) ? null : result;
}

/** A number beside a series stands at every place. */
function constant(value: Value, beside: Value): Numbers | undefined {
  const length = arrayIn(beside)?.length;
  return isNumeric(value) && length !== undefined ? Array.from({ length }, () => Number(value)) : undefined;
}
