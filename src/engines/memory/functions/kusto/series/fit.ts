import type { Value } from '../../../../../values/value.ts';
import { wholeIn } from '../scalars.ts';
import { mean, type Numbers, numbersIn, sum, variance, type Whole } from './numbers.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly slope: number;
  readonly interception: number;
}

function pointsOf(numbers: Numbers, from = 0): readonly Point[] {
  return numbers.flatMap((y, at) => (y === null ? [] : [{ x: from + at, y }]));
}

/** The line with the least squares of the distances. */
function nearestLine(points: readonly Point[]): Line {
  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  const spread = sum(points.map((point) => (point.x - x) ** 2));
  const slope = spread === 0 ? 0 : sum(points.map((point) => (point.x - x) * (point.y - y))) / spread;
  return { slope, interception: y - slope * x };
}

export function lineThrough(numbers: Numbers): Line {
  return nearestLine(pointsOf(numbers));
}

export function onLine({ slope, interception }: Line, length: number, from = 0): Whole {
  return Array.from({ length }, (_, at) => interception + slope * (from + at));
}

interface Quality {
  readonly rsquare: number;
  readonly variance: number;
  readonly rvariance: number;
}

/** How much of the spread of the points a fit explains. */
function qualityOf(points: readonly Point[], predict: (x: number) => number): Quality {
  const before = variance(points.map(({ y }) => y));
  const rests = points.map(({ x, y }) => y - predict(x));
  const after = points.length < 2 ? 0 : sum(rests.map((rest) => rest ** 2)) / (points.length - 1);
  return { rsquare: before === 0 ? 1 : 1 - after / before, variance: before, rvariance: after };
}

function fitted(points: readonly Point[]): Quality & Line {
  const line = nearestLine(points);
  return { ...line, ...qualityOf(points, (x) => line.interception + line.slope * x) };
}

export function seriesFitLine([series]: readonly Value[]): Value {
  const numbers = numbersIn(series);
  if (numbers === undefined || pointsOf(numbers).length === 0) return null;
  const fit = fitted(pointsOf(numbers));
  return [fit.rsquare, fit.slope, fit.variance, fit.rvariance, fit.interception, onLine(fit, numbers.length)];
}

/** The longest series whose every split is tried. */
const MOST_SPLITS = 5000;

export function seriesFit2Lines([series]: readonly Value[]): Value {
  const numbers = numbersIn(series);
  if (numbers === undefined || numbers.length < 2 || numbers.length > MOST_SPLITS) return null;
  const all = pointsOf(numbers);
  if (all.length === 0) return null;
  const split = bestSplit(numbers);
  const [left, right] = [pointsOf(numbers.slice(0, split)), pointsOf(numbers.slice(split), split)];
  const [before, after] = [fitted(left), fitted(right)];
  const line = (x: number): number => {
    const { interception, slope } = x < split ? before : after;
    return interception + slope * x;
  };
  const whole = qualityOf(all, line);
  const parts = [after, before].flatMap((fit) => [
    fit.rsquare,
    fit.slope,
    // The interception of the right line is where it begins.
    fit === after ? line(split) : fit.interception,
    fit.variance,
    fit.rvariance,
  ]);
  return [whole.rsquare, split, whole.variance, whole.rvariance, numbers.map((_, at) => line(at)), ...parts];
}

/** Where the second line begins, so that the squares of all distances are least; sums of the points before say it without a walk. */
function bestSplit(numbers: Numbers): number {
  const before = [{ n: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 }];
  for (const [x, y] of numbers.entries()) {
    const last = before[x] ?? { n: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };
    before.push(
      y === null
        ? last
        : {
            n: last.n + 1,
            x: last.x + x,
            y: last.y + y,
            xx: last.xx + x * x,
            xy: last.xy + x * y,
            yy: last.yy + y * y,
          },
    );
  }
  const rest = (from: number, to: number): number => {
    const [a, b] = [before[from], before[to]];
    if (a === undefined || b === undefined) return 0;
    const n = b.n - a.n;
    if (n < 2) return 0;
    const [x, y] = [b.x - a.x, b.y - a.y];
    const sxx = b.xx - a.xx - (x * x) / n;
    const sxy = b.xy - a.xy - (x * y) / n;
    const syy = b.yy - a.yy - (y * y) / n;
    return Math.max(0, syy - (sxx === 0 ? 0 : (sxy * sxy) / sxx));
  };
  const { length } = numbers;
  let best = { at: Math.floor(length / 2), rest: Number.POSITIVE_INFINITY };
  const margin = length >= 4 ? 2 : 1;
  for (let at = margin; at <= length - margin; at += 1) {
    const both = rest(0, at) + rest(at, length);
    if (both < best.rest - 1e-12 * Math.abs(best.rest)) best = { at, rest: both };
  }
  return best.at;
}

const HIGHEST_DEGREE = 7;

export function seriesFitPoly([series, xs, degree]: readonly Value[]): Value {
  const numbers = numbersIn(series);
  if (numbers === undefined) return null;
  const places = numbersIn(xs);
  const points = numbers.flatMap((y, at): Point[] => {
    const x = places === undefined ? at : (places[at] ?? null);
    return y === null || x === null ? [] : [{ x, y }];
  });
  const power = Math.min(HIGHEST_DEGREE, Math.max(1, wholeIn(degree) ?? 5), points.length - 1);
  const coefficients = power < 0 ? undefined : polynomial(points, power);
  if (coefficients === undefined) return null;
  const at = (x: number): number => coefficients.reduceRight((value, coefficient) => value * x + coefficient, 0);
  const { rsquare, variance: before, rvariance } = qualityOf(points, at);
  const fit = numbers.map((_, place) => at(places === undefined ? place : (places[place] ?? 0)));
  return [rsquare, coefficients, before, rvariance, fit];
}

/** The coefficients of the least squares, from that of the constant, by elimination. */
function polynomial(points: readonly Point[], power: number): number[] | undefined {
  const size = power + 1;
  const rows = Array.from({ length: size }, (_, row) => [
    ...Array.from({ length: size }, (__, column) => sum(points.map(({ x }) => x ** (row + column)))),
    sum(points.map(({ x, y }) => y * x ** row)),
  ]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    const best = [...rows.keys()]
      .slice(pivot)
      .reduce((a, b) => (Math.abs(rows[b]?.[pivot] ?? 0) > Math.abs(rows[a]?.[pivot] ?? 0) ? b : a), pivot);
    const [one, other] = [rows[pivot], rows[best]];
    if (one === undefined || other === undefined || other[pivot] === 0) return undefined;
    rows[pivot] = other;
    rows[best] = one;
    for (const [row, cells] of rows.entries()) {
      if (row === pivot) continue;
      const factor = (cells[pivot] ?? 0) / (other[pivot] ?? 1);
      rows[row] = cells.map((cell, column) => cell - factor * (other[column] ?? 0));
    }
  }
  return rows.map((cells, row) => (cells[size] ?? 0) / (cells[row] ?? 1));
}
