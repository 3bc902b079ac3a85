import type { FilterWork } from '../../engines/port.ts';
import type { RuleStats } from './rule-stats.ts';

/** A rule's costs with those of one more program in which it stands. */
export function addWork(known: RuleStats | undefined, work: FilterWork, at: number): RuleStats {
  return {
    candidates: (known?.candidates ?? 0) + (work.candidates[at] ?? 0),
    verified: (known?.verified ?? 0) + (work.verified[at] ?? 0),
    matched: (known?.matched ?? 0) + (work.matched[at] ?? 0),
    ms: (known?.ms ?? 0) + (work.time[at] ?? 0) / 1e6,
  };
}

/** Decides one record for one rule, and counts it. */
export function timed<T>(work: FilterWork, at: number, decide: () => readonly T[]): readonly T[] {
  const start = performance.now();
  const decided = decide();
  add(work.time, at, (performance.now() - start) * 1e6);
  add(work.candidates, at, 1);
  add(work.verified, at, 1);
  if (decided.length > 0) add(work.matched, at, 1);
  return decided;
}

function add(counts: Float64Array, at: number, more: number): void {
  counts[at] = (counts[at] ?? 0) + more;
}
