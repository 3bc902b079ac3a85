import type { Value } from '../../../../../values/value.ts';
import { numbersIn, sum, type Whole } from './numbers.ts';

/** Gaps count as 0. */
function filled(value: Value): Whole | undefined {
  return numbersIn(value)?.map((number) => number ?? 0);
}

export function seriesFir([series, filter, normalize, center]: readonly Value[]): Value {
  const [input, weights] = [filled(series), filled(filter)];
  if (input === undefined || weights === undefined || weights.length === 0) return null;
  const isNormal = typeof normalize === 'boolean' ? normalize : weights.every((weight) => weight >= 0);
  const total = sum(weights);
  const scale = isNormal && total !== 0 ? total : 1;
  const shift = center === true ? Math.floor(weights.length / 2) : 0;
  return input.map((_, at) => sum(weights.map((weight, back) => weight * (input[at + shift - back] ?? 0))) / scale);
}

export function seriesIir([series, numerators, denominators]: readonly Value[]): Value {
  const [input, b, a] = [filled(series), filled(numerators), filled(denominators)];
  const first = a?.[0] ?? 0;
  if (input === undefined || b === undefined || a === undefined || first === 0) return null;
  const output: number[] = [];
  for (const [at] of input.entries()) {
    const forward = sum(b.map((weight, back) => weight * (input[at - back] ?? 0)));
    const backward = sum(a.slice(1).map((weight, back) => weight * (output[at - back - 1] ?? 0)));
    output.push((forward - backward) / first);
  }
  return output.map((number) => (Number.isFinite(number) ? number : null));
}
