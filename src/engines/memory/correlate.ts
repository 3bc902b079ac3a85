import type { Correlate, CorrelateInput } from '../../ir/plan.ts';
import { TICKS_PER_SECOND } from '../../values/date-time.ts';
import { elementsOf } from '../../values/elements.ts';
import { keyOf } from '../../values/key.ts';
import { momentOf } from '../../values/moment.ts';
import { displayText } from '../../values/text-of.ts';
import { DateTime, type Value } from '../../values/value.ts';
import { compileExpr, compilePredicate, type Decide, type Evaluate } from './compile.ts';
import { type Entry, Group } from './correlate-group.ts';
import type { Clock, Row } from './row.ts';

/** How much a correlation may remember. */
export interface CorrelateLimits {
  readonly rows: number;
  readonly groups: number;
}

export const NO_LIMITS: CorrelateLimits = { rows: Number.POSITIVE_INFINITY, groups: Number.POSITIVE_INFINITY };

/** What did not come into a correlation as it should. */
export interface CorrelateLosses {
  /** Rows that had to be forgotten while their window was open, because of the limits. */
  forgotten: number;
  /** Rows that came after their time was over: the order of the stream was worse than its slack. */
  late: number;
  /** Rows without a time, which took the latest time read before. */
  untimed: number;
}

/** The places of rows that a match tells. */
const EVENTS_TOLD = 100;
/** Keys or values that one row may have, all combinations counted. */
const MOST_COMBINATIONS = 1_000;

interface CompiledInput {
  readonly time: Evaluate;
  readonly keys: readonly Evaluate[];
  readonly values: readonly Evaluate[];
  readonly carry: readonly { readonly name: string; readonly evaluate: Evaluate }[];
}

interface Batch {
  readonly keys: readonly Value[];
  /** By record. */
  readonly entries: Map<number | object, Entry>;
  /** That of the last entry. */
  row: Row;
}

interface Pending {
  readonly at: bigint;
  readonly order: number;
  readonly input: number;
  readonly row: Row;
}

/**
 * One `correlate` operator at work. Rows come in any order before the time to which it was advanced; they are judged in the
 * order of their times, all rows of one time together, so that what comes out does not depend on how they arrived.
 */
export class Correlator {
  readonly losses: CorrelateLosses = { forgotten: 0, late: 0, untimed: 0 };
  private readonly plan: Correlate;
  private readonly limits: CorrelateLimits;
  private readonly inputs: readonly CompiledInput[];
  private readonly holds: Decide;
  private readonly within: bigint | undefined;
  /** In the order in which they were last given a row (`sliding`) or opened (`anchored`). */
  private readonly groups = new Map<string, Group>();
  private pending: Pending[] = [];
  private sorted = true;
  private rows = 0;
  private count = 0;
  private latest = 0n;
  /** Groups are in the order of their ends, so as long as the first has not ended there is nothing to look for. */
  private nothingEndsBefore = 0n;
  private done: bigint | undefined;

  constructor(plan: Correlate, clock: Clock, limits: CorrelateLimits) {
    this.plan = plan;
    this.limits = limits;
    this.inputs = plan.inputs.map((input) => compileInput(input, clock));
    this.holds = compilePredicate(plan.condition, clock);
    this.within =
      plan.within === null ? undefined : BigInt(Math.round(plan.within * 1000)) * (TICKS_PER_SECOND / 1000n);
  }

  /** By how much a match may come later than the time it bears. */
  get delay(): bigint | undefined {
    return this.plan.window === 'sliding' ? 0n : this.within;
  }

  get isIdle(): boolean {
    return this.pending.length === 0 && this.groups.size === 0;
  }

  push(input: number, row: Row): void {
    const read = this.inputs[input];
    if (read === undefined) return;
    let at = momentOf(read.time(row));
    if (at === undefined) {
      this.losses.untimed += 1;
      at = this.latest;
    } else if (at > this.latest) this.latest = at;
    if (this.done !== undefined && at < this.done) {
      this.losses.late += 1;
      return;
    }
    const last = this.pending.at(-1);
    const order = row.origin?.order ?? this.count;
    this.count += 1;
    const pending: Pending = { at, order, input, row };
    if (last !== undefined && compareDue(last, pending) > 0) this.sorted = false;
    this.pending.push(pending);
    if (this.pending.length + this.rows > this.limits.rows) this.forget();
  }

  /** Judges all rows before a moment: no further ones from before it will be taken. */
  advance(until: bigint | undefined): Row[] {
    const found: Row[] = [];
    if (!this.sorted) {
      this.pending.sort(compareDue);
      this.sorted = true;
    }
    let next = 0;
    while (next < this.pending.length) {
      const at = this.pending[next]?.at;
      if (at === undefined || (until !== undefined && at >= until)) break;
      let end = next + 1;
      while (this.pending[end]?.at === at) end += 1;
      this.closeWindows(at, found);
      this.take(at, this.pending.slice(next, end), found);
      next = end;
    }
    if (next > 0) this.pending.splice(0, next);
    this.closeWindows(until, found);
    if (until !== undefined && (this.done === undefined || until > this.done)) this.done = until;
    return found;
  }

  /** Rows of one time, into their groups. */
  private take(at: bigint, rows: readonly Pending[], found: Row[]): void {
    const byGroup = new Map<string, Batch>();
    for (const pending of rows) {
      const read = this.inputs[pending.input];
      if (read === undefined) continue;
      const entry = this.entryOf(pending, read);
      for (const keys of combinations(read.keys.map((key) => alternatives(key(pending.row))))) {
        if (this.plan.missingKeys === 'drop' && keys.some((key) => key === null)) continue;
        const id = JSON.stringify(keys.map((key) => (key === null ? null : keyText(key))));
        const batch: Batch = byGroup.get(id) ?? { keys, entries: new Map(), row: pending.row };
        byGroup.set(id, batch);
        const known = batch.entries.get(entry.record);
        // The same record as a row of another input: one entry, with what the first input makes of it.
        if (known === undefined) {
          batch.entries.set(entry.record, entry);
          batch.row = pending.row;
        } else batch.entries.set(entry.record, { ...known, inputs: [...new Set([...known.inputs, ...entry.inputs])] });
      }
    }
    for (const [id, batch] of byGroup) {
      this.judge(at, this.group(id, batch.keys, at), batch, found);
    }
  }

  private entryOf({ at, order, input, row }: Pending, read: CompiledInput): Entry {
    const { kind } = this.plan.measure;
    const values = read.values.map((value) => alternatives(value(row)));
    const texts =
      kind !== 'count-distinct'
        ? []
        : combinations(values).flatMap((one) => (one.includes(null) ? [] : [JSON.stringify(one.map(keyText))]));
    const numbers = kind === 'count-distinct' ? [] : values.flat().flatMap(numberOf);
    const record = row.origin?.order ?? row.event ?? row;
    return {
      at,
      order,
      inputs: [input],
      record,
      values: [...new Set(texts)],
      numbers,
      source: row.origin?.record.source,
    };
  }

  private group(id: string, keys: readonly Value[], at: bigint): Group {
    let group = this.groups.get(id);
    if (group === undefined) {
      if (this.groups.size >= this.limits.groups) this.dropOldestGroup();
      group = new Group(id, keys, this.plan.measure, this.plan.inputs.length);
      group.opened = at;
    } else if (this.plan.window === 'sliding') {
      this.groups.delete(id);
    }
    this.groups.set(id, group);
    return group;
  }

  private judge(at: bigint, group: Group, { entries: batch, row }: Batch, found: Row[]): void {
    const entries = [...batch.values()];
    group.add(entries);
    group.lastRow = row;
    this.rows += entries.length;
    if (this.plan.window === 'anchored') return;
    const from = this.within === undefined ? 0n : at - this.within;
    for (let first = group.first; first !== undefined && first.at < from; first = group.first) {
      group.shift();
      this.rows -= 1;
    }
    const quiet =
      this.plan.emit === 'once' &&
      group.matched !== undefined &&
      (this.within === undefined || at - group.matched <= this.within);
    if (quiet) return;
    const match = this.matchOf(group, from);
    if (match === undefined) return;
    group.matched = at;
    found.push(match);
  }

  /** Ends the anchored windows that are over before a moment, and forgets groups that no window can reach any more. */
  private closeWindows(until: bigint | undefined, found: Row[]): void {
    if (until !== undefined && (this.within === undefined || until <= this.nothingEndsBefore)) return;
    for (const [id, group] of this.groups) {
      const start = this.plan.window === 'anchored' ? (group.opened ?? 0n) : group.latest;
      if (until !== undefined && this.within !== undefined && start + this.within >= until) {
        this.nothingEndsBefore = start + this.within;
        return;
      }
      if (this.plan.window === 'anchored') {
        const match = this.matchOf(group, group.opened ?? 0n);
        if (match !== undefined) found.push(match);
      }
      this.rows -= group.size;
      this.groups.delete(id);
    }
    // No group is left, and none will start before this moment.
    if (until !== undefined && this.within !== undefined) this.nothingEndsBefore = until + this.within;
  }

  private matchOf(group: Group, from: bigint): Row | undefined {
    const { first, last, lastRow } = group;
    if (first === undefined || last === undefined || lastRow === undefined) return undefined;
    const value = group.measured(from);
    const seen: [string, Value][] = this.plan.inputs.map((input, place) => [`has ${input.name}`, group.has(place)]);
    if (this.holds({ event: undefined, columns: new Map([['value', value], ...seen]) }) !== true) return undefined;
    const columns = new Map<string, Value>([
      ['count', group.size],
      ['value', value],
      ['first_time', new DateTime(first.at)],
      ['last_time', new DateTime(last.at)],
      ['rules', this.plan.inputs.flatMap((input, place) => (group.has(place) ? [input.name] : []))],
      ['events', group.tail(EVENTS_TOLD).flatMap(({ source }) => (source === undefined ? [] : [{ ...source }]))],
    ]);
    for (const [place, name] of this.plan.by.entries()) columns.set(name, group.keys[place] ?? null);
    for (const { name, evaluate } of this.inputs[last.inputs[0] ?? 0]?.carry ?? []) {
      if (!this.plan.by.includes(name)) columns.set(name, evaluate(lastRow));
    }
    return { ...lastRow, columns };
  }

  /** Makes room: the group that was quiet the longest goes; a lone group loses its oldest row. */
  private forget(): void {
    const [oldest] = this.groups.values();
    if (oldest === undefined) {
      // Several at a time: taking one from the front of a long array is slow.
      this.losses.forgotten += this.pending.splice(0, Math.ceil(this.pending.length / 16)).length;
    } else if (this.groups.size > 1) {
      this.dropOldestGroup();
    } else {
      oldest.shift();
      this.rows -= 1;
      this.losses.forgotten += 1;
      if (oldest.size === 0) this.groups.delete(oldest.key);
    }
  }

  private dropOldestGroup(): void {
    for (const [id, group] of this.groups) {
      this.losses.forgotten += group.size;
      this.rows -= group.size;
      this.groups.delete(id);
      return;
    }
  }
}

/** The order in which rows are judged. */
function compareDue(a: Pending, b: Pending): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.order - b.order || a.input - b.input;
}

function compileInput(input: CorrelateInput, clock: Clock): CompiledInput {
  return {
    time: compileExpr(input.time, clock),
    keys: input.keys.map((key) => compileExpr(key, clock)),
    values: input.values.map((value) => compileExpr(value, clock)),
    carry: input.carry.map(({ name, expr }) => ({ name, evaluate: compileExpr(expr, clock) })),
  };
}

/** What a value stands for where one is wanted: itself, each element of an array once, null when there is none. */
function alternatives(value: Value): readonly Value[] {
  if (!Array.isArray(value)) return [value ?? null];
  const found = new Map(elementsOf(value).map((element) => [keyText(element), element]));
  return found.size === 0 ? [null] : [...found.values()];
}

/** One of each, in all ways; the first `MOST_COMBINATIONS` of them. */
function combinations(parts: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  let made: (readonly Value[])[] = [[]];
  for (const part of parts) {
    made = made.flatMap((start) => part.map((value) => [...start, value])).slice(0, MOST_COMBINATIONS);
  }
  return made;
}

/** Values are the same when they read the same: 5 and "5". */
function keyText(value: Value): string {
  return displayText(value) ?? keyOf(value);
}

function numberOf(value: Value): number[] {
  if (typeof value === 'number' || typeof value === 'bigint') return [Number(value)];
  if (typeof value !== 'string' || !/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(value)) return [];
  const number = Number(value);
  return Number.isFinite(number) ? [number] : [];
}
