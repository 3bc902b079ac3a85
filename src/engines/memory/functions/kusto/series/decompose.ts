import type { Value } from '../../../../../values/value.ts';
import { wholeIn } from '../scalars.ts';
import { lineThrough, onLine } from './fit.ts';
import { mean, median, type Numbers, numberIn, numbersIn, percentileOf, present, type Whole } from './numbers.ts';
import { detectPeriods } from './periods.ts';

/** The score from which a period that was found counts. */
const SEASON_SCORE = 0.7;
const DECOMPOSE_SCORE = 0.6;

/** The median of what stands at the same place of each period. */
function seasonalPart(numbers: Numbers, period: number): Whole {
  const byPhase: (number | null)[][] = [];
  for (const [at, number] of numbers.entries()) {
    const phase = byPhase[at % period];
    if (phase === undefined) byPhase[at % period] = [number];
    else phase.push(number);
  }
  const phases = byPhase.map((phase) => median(present(phase)));
  return numbers.map((_, at) => phases[at % period] ?? 0);
}

/** A period: as said, or found (-1); undefined where there is none. */
function periodOf(numbers: Numbers, asked: number, score: number): number | undefined {
  if (asked > 0) return asked;
  if (asked === 0) return undefined;
  const [best] = detectPeriods(numbers, 0, numbers.length / 2, 1);
  return best === undefined || best.score < score ? undefined : best.length;
}

export function seriesSeasonal([series, period]: readonly Value[]): Value {
  const numbers = numbersIn(series);
  if (numbers === undefined) return null;
  const length = periodOf(numbers, wholeIn(period) ?? -1, SEASON_SCORE);
  return length === undefined ? numbers.map(() => 0) : seasonalPart(numbers, length);
}

interface Decomposed {
  readonly baseline: Whole;
  readonly seasonal: Whole;
  readonly trend: Whole;
  readonly residual: Numbers;
}

/** First the seasonal part, then the trend of what is left. Numbers to be tested are kept out of both. */
function decompose(numbers: Numbers, [period, trend, tested, threshold]: readonly Value[]): Decomposed {
  const learnt = numbers.slice(0, Math.max(1, numbers.length - Math.max(0, wholeIn(tested) ?? 0)));
  const length = periodOf(learnt, wholeIn(period) ?? -1, numberIn(threshold) ?? DECOMPOSE_SCORE);
  const phases = length === undefined ? [] : seasonalPart(learnt, length);
  const seasonal = numbers.map((_, at) => (length === undefined ? 0 : (phases[at % length] ?? 0)));
  const rest = learnt.map((number, at) => (number === null ? null : number - (seasonal[at] ?? 0)));
  const line = trendOf(rest, numbers.length, trend);
  const baseline = seasonal.map((part, at) => part + (line[at] ?? 0));
  const residual = numbers.map((number, at) => (number === null ? null : number - (baseline[at] ?? 0)));
  return { baseline, seasonal, trend: line, residual };
}

function trendOf(rest: Numbers, length: number, trend: Value): Whole {
  if (trend === 'linefit') return onLine(lineThrough(rest), length);
  const level = trend === 'none' ? 0 : mean(present(rest));
  return Array.from({ length }, () => level);
}

export function seriesDecompose([series, ...how]: readonly Value[]): Value {
  const numbers = numbersIn(series);
  if (numbers === undefined) return null;
  const { baseline, seasonal, trend, residual } = decompose(numbers, how);
  return [baseline, seasonal, trend, residual];
}

interface Fences {
  readonly low: number;
  readonly high: number;
}

const FENCES: Readonly<Record<string, Fences>> = { tukey: { low: 0.25, high: 0.75 }, ctukey: { low: 0.1, high: 0.9 } };

/** How far each number lies outside the fences, in distances between them. */
function outliers(numbers: Numbers, { low, high }: Fences): Whole {
  const there = present(numbers);
  const [bottom, top] = [percentileOf(there, low), percentileOf(there, high)];
  const range = top - bottom;
  return numbers.map((number) => {
    if (number === null || range === 0) return 0;
    if (number > top) return (number - top) / range;
    return number < bottom ? (number - bottom) / range : 0;
  });
}

function fencesOf(kind: Value, least?: Value, most?: Value): Fences {
  if (kind === 'tukey') return FENCES['tukey'] ?? { low: 0.25, high: 0.75 };
  return { low: (numberIn(least) ?? 10) / 100, high: (numberIn(most) ?? 90) / 100 };
}

export function seriesOutliers([series, kind, ignored, least, most]: readonly Value[]): Value {
  const numbers = numbersIn(series);
  if (numbers === undefined) return null;
  const gap = numberIn(ignored);
  const seen = numbers.map((number) => (number === gap ? null : number));
  return outliers(seen, fencesOf(kind, least, most));
}

const THRESHOLD = 1.5;

export function seriesAnomalies([series, limit, period, trend, tested, kind, score]: readonly Value[]): Value {
  const numbers = numbersIn(series);
  if (numbers === undefined) return null;
  const { baseline, residual } = decompose(numbers, [period, trend, tested, score]);
  const scores = outliers(residual, fencesOf(kind));
  const threshold = numberIn(limit) ?? THRESHOLD;
  const flags = scores.map((one) => (one > threshold ? 1 : one < -threshold ? -1 : 0));
  return [flags, scores, baseline];
}
