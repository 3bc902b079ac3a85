import type { Value } from '../../../../../values/value.ts';
import { mean, numbersIn, present, sum, variance } from './numbers.ts';

export function seriesStats([series, ignoresGaps]: readonly Value[]): Value {
  const numbers = numbersIn(series);
  if (numbers === undefined) return null;
  const there = present(numbers);
  if (there.length === 0 || (there.length < numbers.length && ignoresGaps !== true)) {
    const names = ['min', 'min_idx', 'max', 'max_idx', 'avg', 'stdev', 'variance', 'sum'];
    return { ...Object.fromEntries(names.map((name) => [name, null])), len: numbers.length };
  }
  const min = there.reduce((least, number) => Math.min(least, number));
  const max = there.reduce((most, number) => Math.max(most, number));
  const spread = variance(there);
  return {
    min,
    min_idx: numbers.indexOf(min),
    max,
    max_idx: numbers.indexOf(max),
    avg: mean(there),
    stdev: Math.sqrt(spread),
    variance: spread,
    sum: sum(there),
    len: numbers.length,
  };
}
