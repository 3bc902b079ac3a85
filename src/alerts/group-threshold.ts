import type { Json } from '../base/json.ts';
import type { AlertThreshold } from '../ir/rule/alert.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { readArray, readBigInt, readNumber, readText } from '../state/plain.ts';
import type { Match } from './match.ts';
import { readMatch, storeMatch } from './stored-match.ts';
import { isReached } from './threshold.ts';

/** A match with what decides its alert. */
export interface PlacedMatch {
  readonly match: Match;
  readonly group: string;
  /** In ticks. */
  readonly at: bigint;
  /** Its place among the rule's matches. */
  readonly order: number;
}

/** Told of a match that does not come out; `counted`: the matches of its period, or their distinct values. */
export type OnOutOfReach = (match: Match, counted: number) => void;

/** How many matches of one rule wait for others at the most. */
const MOST_HELD = 1_000_000;

/**
 * A threshold on the matches of one group within a period that begins with the first of them (Panther's `Threshold`). Which
 * matches share a period is known when all are: they are held to the end and taken in the order of their times.
 */
export class GroupThreshold {
  private readonly threshold: AlertThreshold;
  private readonly period: bigint | null;
  private readonly onOutOfReach: OnOutOfReach | undefined;
  private readonly most: number;
  private readonly byGroup = new Map<string, PlacedMatch[]>();
  private held = 0;
  /** Matches that did not come out. */
  dropped = 0;
  /** Matches that could not be held. */
  overflown = 0;

  /** `period` in ticks; null: all the time there is. */
  constructor(threshold: AlertThreshold, period: bigint | null, onOutOfReach?: OnOutOfReach, most: number = MOST_HELD) {
    this.threshold = threshold;
    this.period = period;
    this.onOutOfReach = onOutOfReach;
    this.most = most;
  }

  take(placed: PlacedMatch): void {
    if (this.held >= this.most) {
      this.overflown += 1;
      return;
    }
    this.held += 1;
    const held = this.byGroup.get(placed.group);
    if (held === undefined) this.byGroup.set(placed.group, [placed]);
    else held.push(placed);
  }

  /** The matches of all periods that reach the threshold: group by group, and by time in each. */
  finish(): PlacedMatch[] {
    const found: PlacedMatch[] = [];
    for (const held of this.byGroup.values()) {
      held.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.order - b.order));
      for (const period of this.periodsOf(held)) {
        const measured = measure(period);
        if (isReached(this.threshold, measured)) found.push(...period);
        else this.drop(period, measured);
      }
    }
    this.byGroup.clear();
    this.held = 0;
    return found;
  }

  snapshot(): Json {
    const groups = [...this.byGroup].map(([group, held]) => [
      group,
      held.map(({ match, at, order }) => [storeMatch(match), at.toString(), order]),
    ]);
    return [groups, this.dropped, this.overflown];
  }

  /** Throws `NotStored`. */
  restore(stored: Json | undefined, rule: Rule): void {
    const [groups, dropped, overflown] = readArray(stored);
    for (const one of readArray(groups)) {
      const [name, held] = readArray(one);
      const group = readText(name);
      for (const placed of readArray(held)) {
        const [match, at, order] = readArray(placed);
        this.take({ match: readMatch(match, rule), group, at: readBigInt(at), order: readNumber(order) });
      }
    }
    this.dropped = readNumber(dropped);
    this.overflown = readNumber(overflown);
  }

  private drop(period: readonly PlacedMatch[], measured: number): void {
    this.dropped += period.length;
    for (const { match } of period) this.onOutOfReach?.(match, measured);
  }

  private periodsOf(held: readonly PlacedMatch[]): PlacedMatch[][] {
    const periods: PlacedMatch[][] = [];
    let first: bigint | undefined;
    for (const one of held) {
      const last = periods.at(-1);
      const isWithin = first !== undefined && (this.period === null || one.at < first + this.period);
      if (last !== undefined && isWithin) {
        last.push(one);
      } else {
        periods.push([one]);
        first = one.at;
      }
    }
    return periods;
  }
}

/** Matches, or the distinct values of what the rule says makes them unique. */
function measure(held: readonly PlacedMatch[]): number {
  const isUnique = held.some(({ match }) => match.unique !== undefined);
  return isUnique ? new Set(held.map(({ match }) => match.unique ?? '')).size : held.length;
}
