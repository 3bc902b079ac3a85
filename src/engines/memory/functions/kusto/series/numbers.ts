import type { Value } from '../../../../../values/value.ts';
import { arrayIn, isNumeric } from '../scalars.ts';

/** A series: what is no number is a gap. */
export type Numbers = readonly (number | null)[];

/** A series that is all there. */
export type Whole = readonly number[];

export function numberIn(value: Value): number | null {
  return isNumeric(value) ? Number(value) : null;
}

/** Undefined where the value is no array. */
export function numbersIn(value: Value): Numbers | undefined {
  return arrayIn(value)?.map(numberIn);
}

/** The numbers of a series, gaps left out. */
export function present(numbers: Numbers): Whole {
  return numbers.filter((number) => number !== null);
}

export function sum(numbers: Whole): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** 0 of none. */
export function mean(numbers: Whole): number {
  return numbers.length === 0 ? 0 : sum(numbers) / numbers.length;
}

/** That of a sample; 0 of fewer than two. */
export function variance(numbers: Whole): number {
  if (numbers.length < 2) return 0;
  const middle = mean(numbers);
  return sum(numbers.map((number) => (number - middle) ** 2)) / (numbers.length - 1);
}

/** The value below which a share of the numbers lies, on the line between the two that are nearest to the place. */
export function percentileOf(numbers: Whole, share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}

export function median(numbers: Whole): number {
  return percentileOf(numbers, 0.5);
}
