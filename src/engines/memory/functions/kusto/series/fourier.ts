import type { Value } from '../../../../../values/value.ts';
import { numbersIn } from './numbers.ts';

/** The longest series that is transformed: the work grows with the square of it. */
const LONGEST = 4096;

export function seriesFourier([real, imaginary, inverse]: readonly Value[]): Value {
  const re = numbersIn(real)?.map((number) => number ?? 0);
  const im = (numbersIn(imaginary) ?? []).map((number) => number ?? 0);
  if (re === undefined || re.length > LONGEST) return null;
  const { length } = re;
  const turn = ((inverse === true ? 2 : -2) * Math.PI) / length;
  const scale = inverse === true ? length : 1;
  const sums = re.map((_, at) => {
    let [a, b] = [0, 0];
    for (const [place, part] of re.entries()) {
      const angle = turn * ((at * place) % length);
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const other = im[place] ?? 0;
      a += part * cos - other * sin;
      b += part * sin + other * cos;
    }
    return [a / scale, b / scale].map((part) => (Math.abs(part) < 1e-12 ? 0 : part));
  });
  return [sums.map(([a = 0]) => a), sums.map(([, b = 0]) => b)];
}
