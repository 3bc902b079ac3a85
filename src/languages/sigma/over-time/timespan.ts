/** Seconds in a unit of a timespan. Specification: s, m, h, d. The reference implementation adds w, M (a mean month) and y. */
const UNITS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  M: 2_629_746,
  y: 31_556_952,
};

/** `90m` in seconds; undefined for what is no timespan, and for none at all (`0s`). */
export function parseTimespan(text: string): number | undefined {
  const found = /^(\d{1,9})([smhdwMy])$/.exec(text.trim());
  const unit = UNITS[found?.[2] ?? ''];
  const number = Number(found?.[1] ?? 0);
  return unit === undefined || number === 0 ? undefined : number * unit;
}
