import { EPOCH_TICKS } from '../../../../values/date-time.ts';

const formats = new Map<string, Intl.DateTimeFormat | undefined>();
const TICKS_PER_MS = 10_000n;

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(zone)) return formats.get(zone);
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // There is no such zone.
  }
  formats.set(zone, format);
  return format;
}

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function offsetAt(ms: number, format: Intl.DateTimeFormat): number {
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(ms / 1000) * 1000;
}

function milliseconds(ticks: bigint): number {
  return Number((ticks - EPOCH_TICKS) / TICKS_PER_MS);
}

/** Undefined where there is no such zone. */
export function toLocal(ticks: bigint, zone: string): bigint | undefined {
  const format = formatOf(zone);
  return format && ticks + BigInt(offsetAt(milliseconds(ticks), format)) * TICKS_PER_MS;
}

/** A time that clocks show twice is the earlier one. */
export function toUtc(ticks: bigint, zone: string): bigint | undefined {
  const format = formatOf(zone);
  if (format === undefined) return undefined;
  const local = milliseconds(ticks);
  const day = 86_400_000;
  const offsets = [offsetAt(local - day, format), offsetAt(local + day, format)];
  const fitting = offsets.find((offset) => offsetAt(local - offset, format) === offset) ?? offsets[0] ?? 0;
  return ticks - BigInt(fitting) * TICKS_PER_MS;
}
