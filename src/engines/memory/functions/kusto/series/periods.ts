import type { Value } from '../../../../../values/value.ts';
import { wholeIn } from '../scalars.ts';
import { mean, type Numbers, numberIn, numbersIn, present, sum, type Whole } from './numbers.ts';

/** A period and how significant it is, from 0 to 1. */
export interface Period {
  readonly length: number;
  readonly score: number;
}

/** The shortest period that is looked for. */
const SHORTEST = 4;
/** A score below this one says nothing. */
const LEAST_SCORE = 0.1;
/** Longer series are not searched: every shift is compared with every place. */
const LONGEST_SERIES = 20_000;

/** How much a series is like itself shifted by each number of places, without the mean. */
function likeness(series: Whole): (shift: number) => number {
  const middle = mean(series);
  const rests = series.map((number) => number - middle);
  const spread = sum(rests.map((rest) => rest * rest)) / rests.length;
  const known = new Map<number, number>();
  return (shift) => {
    const found =
      known.get(shift) ??
      (spread === 0
        ? 0
        : sum(rests.slice(0, rests.length - shift).map((rest, at) => rest * (rests[at + shift] ?? 0))) /
          (rests.length - shift) /
          spread);
    known.set(shift, found);
    return found;
  };
}

/**
 * The score of a period: how much the series is like itself one period later and two periods later, the lesser of the two, where it is
 * more like itself than one place before and after. It has to fit twice. Microsoft documents no formula; this one gives the scores
 * that its pages print.
 */
function scoring(series: Numbers): (length: number) => number {
  const numbers = present(series);
  const like = likeness(numbers);
  return (length) => {
    if (length < SHORTEST || numbers.length !== series.length || 2 * length >= numbers.length) return 0;
    const here = like(length);
    if (here <= like(length - 1) || here <= like(length + 1)) return 0;
    return Math.round(100 * Math.max(0, Math.min(1, here, like(2 * length)))) / 100;
  };
}

/** The best periods between two lengths; none that is a multiple of a better one. */
export function detectPeriods(series: Numbers, least: number, most: number, count: number): readonly Period[] {
  if (series.length > LONGEST_SERIES) return [];
  const score = scoring(series);
  const candidates: Period[] = [];
  for (let length = Math.max(SHORTEST, Math.ceil(least)); length <= Math.min(most, series.length / 2); length += 1) {
    const found = { length, score: score(length) };
    if (found.score >= LEAST_SCORE) candidates.push(found);
  }
  candidates.sort((a, b) => b.score - a.score || a.length - b.length);
  const chosen: Period[] = [];
  for (const candidate of candidates) {
    if (chosen.length < count && !chosen.some(({ length }) => candidate.length % length === 0)) chosen.push(candidate);
  }
  return chosen;
}

/** The most periods that are asked for at once. */
const MOST_PERIODS = 16;

export function seriesPeriodsDetect([series, least, most, count]: readonly Value[]): Value {
  const numbers = numbersIn(series);
  const wanted = Math.min(MOST_PERIODS, Math.max(0, wholeIn(count) ?? 0));
  if (numbers === undefined) return null;
  const found = detectPeriods(numbers, numberIn(least) ?? 0, numberIn(most) ?? numbers.length, wanted);
  const padded = Array.from({ length: wanted }, (_, at) => found[at] ?? { length: 0, score: 0 });
  return [padded.map(({ length }) => length), padded.map(({ score }) => score)];
}

export function seriesPeriodsValidate([series, ...periods]: readonly Value[]): Value {
  const numbers = numbersIn(series);
  if (numbers === undefined) return null;
  const score = scoring(numbers);
  const lengths = periods.map((period) => numberIn(period) ?? 0);
  return [lengths, lengths.map((length) => score(Math.round(length)))];
}
