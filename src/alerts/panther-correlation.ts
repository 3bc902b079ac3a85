import type { SignalCorrelation, SignalMember, SignalTransition } from '../ir/rule.ts';

/** A match of a member's rule. */
export interface Signal {
  /** Milliseconds since 1970, or from any common start. */
  readonly time: number;
  /** The texts at the fields that the correlation asks for; a field with a list has several. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What was found: the common values, and the signals that make it, in the order of time. */
export interface Occurrence<S extends Signal> {
  readonly values: readonly string[];
  readonly signals: readonly S[];
  readonly first: number;
  readonly last: number;
}

/**
 * Where an absent member's signals count against a match: at any time, as Panther's tests have it, or no farther than the
 * lookback from those that are present, as its service looks at one window at a time.
 */
export type AbsenceScope = 'any-time' | 'lookback';

const MINUTE = 60_000;

/**
 * Panther's correlations over signals that are all there. Panther's own evaluator is not public; this is what its
 * documentation says and what all published tests hold to:
 *
 * - Group: for values in common, one window of the lookback's length has at least `minimum` signals of each present member.
 * - Sequence: for each transition the signals agree, and the second is not before the first and within the time frame of
 *   it; all of them lie in one window of the lookback's length.
 * - An absent member has fewer than `minimum` signals: in the group, or, in a sequence, that a transition would lead to.
 *
 * Each occurrence is given once for its values: the next may start after the window of the one before.
 */
export function correlate<S extends Signal>(
  correlation: SignalCorrelation,
  signals: ReadonlyMap<string, readonly S[]>,
  absence: AbsenceScope,
): Occurrence<S>[] {
  const byMember = new Map<string, readonly S[]>();
  for (const { id } of correlation.members) {
    byMember.set(
      id,
      [...(signals.get(id) ?? [])].sort((a, b) => a.time - b.time),
    );
  }
  const found =
    correlation.kind === 'group' ? groups(correlation, byMember, absence) : sequences(correlation, byMember);
  return found.sort((a, b) => a.last - b.last);
}

/** Signals of a member with one value at a field, in the order of time. */
type ByValue<S> = ReadonlyMap<string, readonly S[]>;

function byValue<S extends Signal>(signals: readonly S[], field: string): ByValue<S> {
  const found = new Map<string, S[]>();
  for (const signal of signals) {
    for (const value of signal.values.get(field) ?? []) {
      const held = found.get(value);
      if (held === undefined) found.set(value, [signal]);
      else held.push(signal);
    }
  }
  return found;
}

function groups<S extends Signal>(
  correlation: SignalCorrelation,
  signals: ReadonlyMap<string, readonly S[]>,
  absence: AbsenceScope,
): Occurrence<S>[] {
  const { members } = correlation;
  const present = members.filter((member) => !member.absent);
  const found: Occurrence<S>[] = [];
  // Criterion by criterion, the members' signals are narrowed to those with one common value.
  const narrow = (at: number, values: readonly string[], left: ReadonlyMap<string, readonly S[]>): void => {
    const criterion = correlation.criteria[at];
    if (criterion === undefined) {
      found.push(...windows(correlation, present, left, values, absence));
      return;
    }
    const sides = criterion.fields.map(({ member, field }) => ({ member, by: byValue(left.get(member) ?? [], field) }));
    const needed = sides.filter(({ member }) => present.some((one) => one.id === member));
    if (needed.length === 0) {
      narrow(at + 1, values, left);
      return;
    }
    const [smallest] = [...needed].sort((a, b) => a.by.size - b.by.size);
    for (const value of smallest?.by.keys() ?? []) {
      if (!needed.every(({ by }) => by.has(value))) continue;
      const narrowed = new Map(left);
      for (const { member, by } of sides) narrowed.set(member, by.get(value) ?? []);
      narrow(at + 1, [...values, value], narrowed);
    }
  };
  narrow(0, [], signals);
  return found;
}

/** The windows in which every present member has enough signals, each starting after the end of the one before. */
function windows<S extends Signal>(
  correlation: SignalCorrelation,
  present: readonly SignalMember[],
  signals: ReadonlyMap<string, readonly S[]>,
  values: readonly string[],
  absence: AbsenceScope,
): Occurrence<S>[] {
  const length = correlation.lookbackMinutes * MINUTE;
  const of = (member: SignalMember): readonly S[] => signals.get(member.id) ?? [];
  const absent = correlation.members.filter((member) => member.absent);
  const starts = [...new Set(present.flatMap((member) => of(member).map((signal) => signal.time)))].sort(
    (a, b) => a - b,
  );
  const ranges = present.map((member) => ({ member, all: of(member), from: 0, to: 0 }));
  const found: Occurrence<S>[] = [];
  let after = Number.NEGATIVE_INFINITY;
  for (const start of starts) {
    const end = start + length;
    let enough = true;
    for (const range of ranges) {
      while ((range.all[range.from]?.time ?? Infinity) < start) range.from += 1;
      while ((range.all[range.to]?.time ?? Infinity) <= end) range.to += 1;
      const count = range.to - range.from;
      enough &&= count >= range.member.minimum && count <= (range.member.maximum ?? Infinity);
    }
    if (start <= after || !enough) continue;
    const within = ranges.flatMap(({ all, from, to }) => all.slice(from, to)).sort((a, b) => a.time - b.time);
    const first = within[0]?.time ?? start;
    const last = within.at(-1)?.time ?? start;
    const counted = (member: SignalMember): number =>
      absence === 'any-time'
        ? of(member).length
        : of(member).filter(({ time }) => time >= last - length && time <= first + length).length;
    if (absent.some((member) => counted(member) >= member.minimum)) continue;
    found.push({ values, signals: within, first, last });
    after = end;
  }
  return found;
}

function agree(a: Signal, b: Signal, match: SignalTransition['match']): readonly string[] | undefined {
  if (match === undefined) return [];
  const right = b.values.get(match.to);
  const common = [...(a.values.get(match.from) ?? [])].filter((value) => right?.has(value) === true);
  return common.length === 0 ? undefined : common;
}

function sequences<S extends Signal>(
  correlation: SignalCorrelation,
  signals: ReadonlyMap<string, readonly S[]>,
): Occurrence<S>[] {
  const { members, transitions, lookbackMinutes } = correlation;
  const absent = new Set(members.filter((member) => member.absent).map((member) => member.id));
  const steps = transitions.filter(({ from, to }) => !absent.has(from) && !absent.has(to));
  const order = orderOf(members, steps);
  const finder = new SequenceFinder<S>(correlation, signals, steps, absent);
  const [start] = order;
  if (start === undefined) return [];
  const found: Occurrence<S>[] = [];
  const lastOf = new Map<string, number>();
  for (const signal of signals.get(start.id) ?? []) {
    const chain = finder.from(signal, order);
    if (chain === undefined) continue;
    const { chosen, values } = chain;
    const times = chosen.map((one) => one.time);
    const first = Math.min(...times);
    const last = Math.max(...times);
    const key = JSON.stringify(values);
    if (first <= (lastOf.get(key) ?? Number.NEGATIVE_INFINITY)) continue;
    lastOf.set(key, first + lookbackMinutes * MINUTE);
    found.push({ values, signals: [...chosen].sort((a, b) => a.time - b.time), first, last });
  }
  return found;
}

/** Present members so that, where the transitions allow it, each is reached from one before it. */
function orderOf(members: readonly SignalMember[], steps: readonly SignalTransition[]): SignalMember[] {
  const left = members.filter((member) => !member.absent);
  const ordered: SignalMember[] = [];
  while (left.length > 0) {
    const next = left.findIndex(({ id }) =>
      steps.some(({ from, to }) => to === id && ordered.some((o) => o.id === from)),
    );
    const free = left.findIndex(({ id }) => !steps.some(({ to }) => to === id));
    ordered.push(...left.splice(next >= 0 ? next : Math.max(0, free), 1));
  }
  return ordered;
}

/** How many signals are tried for one start: sequences are short, but their members may have very many signals. */
const MOST_TRIES = 100_000;

class SequenceFinder<S extends Signal> {
  private readonly correlation: SignalCorrelation;
  private readonly signals: ReadonlyMap<string, readonly S[]>;
  private readonly steps: readonly SignalTransition[];
  private readonly absent: ReadonlySet<string>;
  private tries = 0;

  constructor(
    correlation: SignalCorrelation,
    signals: ReadonlyMap<string, readonly S[]>,
    steps: readonly SignalTransition[],
    absent: ReadonlySet<string>,
  ) {
    this.correlation = correlation;
    this.signals = signals;
    this.steps = steps;
    this.absent = absent;
  }

  /** The signals of all members, the first of them given; undefined where there are none that fit. */
  from(
    signal: S,
    order: readonly SignalMember[],
  ): { readonly chosen: readonly S[]; readonly values: readonly string[] } | undefined {
    this.tries = 0;
    const chosen = new Map<string, S>();
    const start = order[0];
    if (start === undefined) return undefined;
    chosen.set(start.id, signal);
    if (!this.choose(order, 1, chosen)) return undefined;
    const values = new Set<string>();
    for (const { from, to, match } of this.steps) {
      const a = chosen.get(from);
      const b = chosen.get(to);
      for (const value of (a && b && agree(a, b, match)) ?? []) values.add(value);
    }
    return { chosen: [...chosen.values()], values: [...values] };
  }

  private choose(order: readonly SignalMember[], at: number, chosen: Map<string, S>): boolean {
    const member = order[at];
    if (member === undefined) return this.holds(chosen);
    const known = [...chosen.values()].map((one) => one.time);
    const window = this.correlation.lookbackMinutes * MINUTE;
    const earliest = Math.max(...known) - window;
    const latest = Math.min(...known) + window;
    for (const signal of this.signals.get(member.id) ?? []) {
      if (signal.time < earliest) continue;
      if (signal.time > latest || this.tries >= MOST_TRIES) break;
      this.tries += 1;
      chosen.set(member.id, signal);
      if (this.stepsHold(member.id, chosen) && this.choose(order, at + 1, chosen)) return true;
      chosen.delete(member.id);
    }
    return false;
  }

  /** The transitions of a member to and from those that are chosen. */
  private stepsHold(id: string, chosen: ReadonlyMap<string, S>): boolean {
    return this.steps.every((step) => {
      if (step.from !== id && step.to !== id) return true;
      const a = chosen.get(step.from);
      const b = chosen.get(step.to);
      return a === undefined || b === undefined || this.follows(a, b, step);
    });
  }

  private follows(a: Signal, b: Signal, step: SignalTransition): boolean {
    const apart = b.time - a.time;
    return apart >= 0 && apart <= step.withinMinutes * MINUTE && agree(a, b, step.match) !== undefined;
  }

  /** What can be said only of the whole: how many signals there are, and which there are not. */
  private holds(chosen: ReadonlyMap<string, S>): boolean {
    const { members, transitions } = this.correlation;
    return members.every((member) => {
      const all = this.signals.get(member.id) ?? [];
      if (!this.absent.has(member.id)) {
        const one = chosen.get(member.id);
        if (one === undefined) return false;
        if (member.minimum === 1 && member.maximum === undefined) return true;
        const count = this.alike(member, one, all, chosen);
        return count >= member.minimum && count <= (member.maximum ?? Infinity);
      }
      const touching = transitions.filter(({ from, to }) => from === member.id || to === member.id);
      const against = all.filter((signal) =>
        touching.some((step) => {
          const other = chosen.get(step.from === member.id ? step.to : step.from);
          if (other === undefined) return false;
          return step.from === member.id ? this.follows(signal, other, step) : this.follows(other, signal, step);
        }),
      );
      return against.length < member.minimum;
    });
  }

  /** How many signals of a member could stand where the chosen one stands, within the lookback of the others. */
  private alike(member: SignalMember, one: S, all: readonly S[], chosen: ReadonlyMap<string, S>): number {
    const others = [...chosen].filter(([id]) => id !== member.id).map(([, signal]) => signal.time);
    const window = this.correlation.lookbackMinutes * MINUTE;
    const earliest = Math.max(one.time, ...others) - window;
    const latest = Math.min(one.time, ...others) + window;
    return all.filter(
      (signal) =>
        signal.time >= earliest &&
        signal.time <= latest &&
        this.stepsHold(member.id, new Map(chosen).set(member.id, signal)),
    ).length;
  }
}
