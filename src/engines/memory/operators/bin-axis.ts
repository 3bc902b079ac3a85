import { DateTime, TimeSpan, type Value } from '../../../values/value.ts';

/** An axis cut into bins, which are numbered from that of `from`, or of the axis's zero. */
export interface BinAxis {
  /** Undefined for what has no place on the axis, or lies outside of it. */
  binOf(value: Value): bigint | undefined;
  startOf(bin: bigint): Value;
  /** The first and the last bin, where the axis itself has them. */
  readonly first: bigint | undefined;
  readonly last: bigint | undefined;
}

/** An axis of moments, durations or numbers. `from` and `to` are null where it has no such end; without a step it has no bins. */
export function axisOf(from: Value, to: Value, step: Value): BinAxis {
  const width = sizeOf(step);
  if (width === undefined || !(width > 0)) return NO_BINS;
  const exact = typeof width === 'bigint' && [from, to].every((end) => end === null || typeof sizeOf(end) === 'bigint');
  return exact ? exactAxis(from, to, width) : realAxis(from, to, Number(width));
}

const NO_BINS: BinAxis = { binOf: () => undefined, startOf: () => null, first: 0n, last: -1n };

/** Ticks of moments and durations, and numbers. */
function sizeOf(value: Value): bigint | number | undefined {
  if (value instanceof DateTime || value instanceof TimeSpan) return value.ticks;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

/** Whole numbers, moments and durations. The ends, or the first value, say which. */
function exactAxis(from: Value, to: Value, step: bigint): BinAxis {
  const origin = wholeOf(from) ?? 0n;
  const end = wholeOf(to);
  let like = from ?? to;
  return {
    binOf: (value) => {
      const place = wholeOf(value);
      if (place === undefined || (from !== null && place < origin) || (end !== undefined && place >= end))
        return undefined;
      like ??= value;
      return floorDivided(place - origin, step);
    },
    startOf: (bin) => {
      const start = origin + bin * step;
      if (like instanceof DateTime) return new DateTime(start);
      return like instanceof TimeSpan ? new TimeSpan(start) : start;
    },
    first: from === null ? undefined : 0n,
    last: end === undefined ? undefined : floorDivided(end - 1n - origin, step),
  };
}

function realAxis(from: Value, to: Value, step: number): BinAxis {
  const origin = numberOf(from) ?? 0;
  const end = numberOf(to);
  return {
    binOf: (value) => {
      const place = numberOf(value);
      if (place === undefined || (from !== null && place < origin) || (end !== undefined && place >= end))
        return undefined;
      return BigInt(Math.floor((place - origin) / step));
    },
    startOf: (bin) => origin + Number(bin) * step,
    first: from === null ? undefined : 0n,
    last: end === undefined ? undefined : BigInt(Math.ceil((end - origin) / step) - 1),
  };
}

function wholeOf(value: Value): bigint | undefined {
  const size = sizeOf(value);
  if (typeof size === 'bigint') return size;
  return Number.isFinite(size) ? BigInt(Math.floor(Number(size))) : undefined;
}

function numberOf(value: Value): number | undefined {
  const size = sizeOf(value);
  return size === undefined || !Number.isFinite(Number(size)) ? undefined : Number(size);
}

function floorDivided(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
