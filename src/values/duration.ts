import { TICKS_PER_SECOND } from './date-time.ts';

/** The seconds of each unit that rule files write behind a number. */
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

const SHORT = /^(\d+)\s*([smhdw])$/i;
const ISO = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i;

/** The ticks of a duration as rule files write it: `5m`, `14d`, `24H`, `PT1H`. Undefined when it is none. */
export function parseDuration(text: string): bigint | undefined {
  const short = SHORT.exec(text.trim());
  if (short !== null) return ticks(Number(short[1]) * (UNITS[short[2]?.toLowerCase() ?? ''] ?? 0));
  const iso = ISO.exec(text.trim());
  if (iso === null) return undefined;
  const [, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = [...iso].map((part) => Number(part ?? 0));
  return ticks(weeks * 604_800 + days * 86_400 + hours * 3600 + minutes * 60 + seconds);
}

export function ticks(seconds: number): bigint {
  return BigInt(Math.round(seconds)) * TICKS_PER_SECOND;
}

/** `9m`, `1h`, `14d`, `1h 30m`: the fewest units that say it, down to seconds. */
export function durationInWords(duration: bigint): string {
  let left = duration / TICKS_PER_SECOND;
  const parts: string[] = [];
  for (const [unit, size] of [
    ['d', 86_400n],
    ['h', 3600n],
    ['m', 60n],
    ['s', 1n],
  ] as const) {
    if (left >= size) parts.push(`${left / size}${unit}`);
    left %= size;
  }
  return parts.length === 0 ? '0s' : parts.join(' ');
}
