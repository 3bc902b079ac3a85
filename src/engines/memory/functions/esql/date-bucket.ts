/** How wide a bucket of time is: one of the three is not zero. */
export interface BucketWidth {
  readonly months: number;
  readonly days: number;
  /** In units of 100 ns. */
  readonly ticks: bigint;
}

const DAY = 86_400_000;

/** Widths that people read, from wide to narrow. */
const WIDTHS: readonly { readonly width: BucketWidth; readonly milliseconds: number }[] = [
  { width: { months: 12, days: 0, ticks: 0n }, milliseconds: 365 * DAY },
  { width: { months: 1, days: 0, ticks: 0n }, milliseconds: 30 * DAY },
  { width: { months: 0, days: 7, ticks: 0n }, milliseconds: 7 * DAY },
  { width: { months: 0, days: 1, ticks: 0n }, milliseconds: DAY },
  ...[12 * 60, 3 * 60, 60, 30, 10, 5, 1].map((minutes) => duration(minutes * 60_000)),
  ...[30, 10, 5, 1].map((seconds) => duration(seconds * 1000)),
  ...[100, 50, 10, 1].map(duration),
];

function duration(milliseconds: number): { readonly width: BucketWidth; readonly milliseconds: number } {
  return { width: { months: 0, days: 0, ticks: BigInt(milliseconds) * 10_000n }, milliseconds };
}

/** The narrowest width that makes no more buckets than asked for, between two moments in milliseconds. */
export function bucketWidth(buckets: number, from: number, to: number): BucketWidth {
  let found: BucketWidth = { months: 12, days: 0, ticks: 0n };
  for (const { width, milliseconds } of WIDTHS.slice(1)) {
    if (Math.ceil(to / milliseconds) - Math.floor(from / milliseconds) > buckets) break;
    found = width;
  }
  return found;
}
