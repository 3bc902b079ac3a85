import type { EqlTimeUnit } from './ast.ts';

/** Milliseconds in each unit of `maxspan`. */
const UNITS: Readonly<Record<EqlTimeUnit, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function isEqlTimeUnit(text: string): text is EqlTimeUnit {
  return Object.hasOwn(UNITS, text);
}

export function millisecondsOf(count: number, unit: EqlTimeUnit): number {
  return count * UNITS[unit];
}
