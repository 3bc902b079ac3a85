import type { Json } from '../base/json.ts';
import { readArray, readBigInt, readNumber, readText } from '../state/plain.ts';

/** A stretch of time in which matches of one group are one alert. */
export interface AlertWindow {
  readonly id: string;
  /** When it begins, in ticks; undefined where it is open to all times. */
  readonly from: bigint | undefined;
  /** The first match's time, as text. */
  readonly first: string | null;
  count: number;
}

/** How many windows one rule keeps; those that were opened first are evicted first. */
const MOST_WINDOWS = 100_000;

/**
 * The windows of one rule. A window is fixed by its first match: it takes what comes within `period` after that, and does
 * not grow. Matches are taken as they come; one that is earlier than all windows of its group opens an earlier one, which
 * ends where the next begins at the latest.
 */
export class AlertWindows {
  private readonly period: bigint | null;
  private readonly most: number;
  private readonly byGroup = new Map<string, AlertWindow[]>();
  private kept = 0;
  private latest: bigint | undefined;
  /** Windows that were evicted while matches could still have come into them. */
  evicted = 0;

  /** `period` in ticks; null: windows have no end. */
  constructor(period: bigint | null, most: number = MOST_WINDOWS) {
    this.period = period;
    this.most = most;
  }

  /** The window that a moment falls into. */
  find(group: string, at: bigint): AlertWindow | undefined {
    const windows = this.byGroup.get(group) ?? [];
    const last = windows.findLast(({ from }) => from === undefined || from <= at);
    return last !== undefined && this.reaches(last, at) ? last : undefined;
  }

  /** Opens a window at a moment that falls into none. */
  open(group: string, at: bigint, { id, first }: Pick<AlertWindow, 'id' | 'first'>): AlertWindow {
    const window: AlertWindow = { id, first, from: this.period === null ? undefined : at, count: 0 };
    const windows = this.byGroup.get(group) ?? [];
    const before = windows.findLastIndex(({ from }) => from === undefined || from <= at);
    windows.splice(before + 1, 0, window);
    // Behind the groups whose windows were opened earlier.
    this.byGroup.delete(group);
    this.byGroup.set(group, windows);
    if (this.latest === undefined || at > this.latest) this.latest = at;
    this.kept += 1;
    if (this.kept > this.most) this.evict();
    return window;
  }

  /** All windows are over. */
  clear(): void {
    this.byGroup.clear();
    this.kept = 0;
  }

  /** All windows, in the order in which they are evicted. */
  all(): readonly AlertWindow[] {
    return [...this.byGroup.values()].flat();
  }

  snapshot(): Json {
    const groups = [...this.byGroup].map(([group, windows]) => [
      group,
      windows.map(({ id, from, first, count }) => [id, from?.toString() ?? null, first, count]),
    ]);
    return [groups, this.latest?.toString() ?? null, this.evicted];
  }

  /** Throws `NotStored`. */
  restore(stored: Json | undefined): void {
    const [groups, latest = null, evicted] = readArray(stored);
    for (const one of readArray(groups)) {
      const [group, windows] = readArray(one);
      const read = readArray(windows).map(readWindow);
      this.byGroup.set(readText(group), read);
      this.kept += read.length;
    }
    this.latest = latest === null ? undefined : readBigInt(latest);
    this.evicted = readNumber(evicted);
  }

  private reaches({ from }: AlertWindow, at: bigint): boolean {
    return from === undefined || this.period === null || at < from + this.period;
  }

  private evict(): void {
    for (const [group, windows] of this.byGroup) {
      const window = windows.shift();
      if (windows.length === 0) this.byGroup.delete(group);
      this.kept -= 1;
      if (window !== undefined && this.latest !== undefined && this.reaches(window, this.latest)) this.evicted += 1;
      return;
    }
  }
}

function readWindow(stored: Json): AlertWindow {
  const [id, from = null, first = null, count] = readArray(stored);
  return {
    id: readText(id),
    from: from === null ? undefined : readBigInt(from),
    first: first === null ? null : readText(first),
    count: readNumber(count),
  };
}
