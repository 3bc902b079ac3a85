import type { Json } from '../../../../../base/json.ts';
import type { Value } from '../../../../../values/value.ts';
import { arrayIn, dynamicOf, isNumeric } from '../scalars.ts';

/** A place of a series, and whether it is a gap. */
interface Place {
  readonly value: Json;
  readonly isGap: boolean;
}

function placesOf(series: Value, placeholder: Value): readonly Place[] | undefined {
  return arrayIn(series)?.map((value) => {
    const isGap = isNumeric(placeholder)
      ? isNumeric(value) && Number(value) === Number(placeholder)
      : !isNumeric(value);
    return { value: dynamicOf(value), isGap };
  });
}

export function seriesFill([how, series, placeholder, constant]: readonly Value[]): Value {
  const places = placesOf(series, placeholder);
  if (places === undefined) return null;
  if (how === 'const') return places.map(({ value, isGap }) => (isGap ? dynamicOf(constant) : value));
  const ordered = how === 'backward' ? [...places].reverse() : places;
  let last: Json | undefined;
  const filled = ordered.map(({ value, isGap }) => {
    if (!isGap) last = value;
    return isGap ? (last ?? value) : value;
  });
  return how === 'backward' ? filled.reverse() : filled;
}

export function seriesFillLinear([series, placeholder, edges, constant]: readonly Value[]): Value {
  const places = placesOf(series, placeholder);
  if (places === undefined) return null;
  const known = places.flatMap(({ value, isGap }, at) => (isGap ? [] : [{ at, value: Number(value) }]));
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined) {
    const otherwise = isNumeric(constant) ? Number(constant) : 0;
    return places.map(() => otherwise);
  }
  let next = 0;
  return places.map(({ value, isGap }, at) => {
    if (!isGap) return value;
    while ((known[next]?.at ?? places.length) < at) next += 1;
    const [before, after] = [known[next - 1], known[next]];
    if (before === undefined || after === undefined) {
      if (edges === false) return value;
      return at < first.at ? first.value : last.value;
    }
    return before.value + ((after.value - before.value) * (at - before.at)) / (after.at - before.at);
  });
}
