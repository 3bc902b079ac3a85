import type { Value } from '../../../../../values/value.ts';
import type { Budget } from '../../../budget.ts';
import type { Clock } from '../../../row.ts';
import { numbersIn, sum, type Whole } from './numbers.ts';

/** Gaps count as 0. */
function filled(value: Value): Whole | undefined {
  return numbersIn(value)?.map((number) => number ?? 0);
}

export function seriesFir([series, filter, normalize, center]: readonly Value[], { budget }: Clock): Value {
  const [input, weights] = [filled(series), filled(filter)];
  if (input === undefined || weights === undefined || weights.length === 0) return null;
  const isNormal = typeof normalize === 'boolean' ? normalize : weights.every((weight) => weight >= 0);
  const total = sum(weights);
  const scale = isNormal && total !== 0 ? total : 1;
  const shift = center === true ? Math.floor(weights.length / 2) : 0;
  return input.map((_, at) => weighted(weights, 0, input, at + shift, budget) / scale);
}

/** Weights from `first` on, times the numbers from `from` backwards; none stands outside of the series. */
function weighted(weights: Whole, first: number, input: Whole, from: number, budget: Budget | undefined): number {
  budget?.step();
  let total = 0;
  const last = Math.min(weights.length - 1, first + from);
  for (let at = first + Math.max(0, from - input.length + 1); at <= last; at += 1) {
    total += (weights[at] ?? 0) * (input[first + from - at] ?? 0);
  }
  return total;
}

export function seriesIir([series, numerators, denominators]: readonly Value[], { budget }: Clock): Value {
  const [input, b, a] = [filled(series), filled(numerators), filled(denominators)];
  const first = a?.[0] ?? 0;
  if (input === undefined || b === undefined || a === undefined || first === 0) return null;
  const output: number[] = [];
  for (const [at] of input.entries()) {
    const forward = weighted(b, 0, input, at, budget);
    const backward = weighted(a, 1, output, at - 1, budget);
    output.push((forward - backward) / first);
  }
  return output.map((number) => (Number.isFinite(number) ? number : null));
}
