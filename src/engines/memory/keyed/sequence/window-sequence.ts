import type { Json } from '../../../../base/json.ts';
import type { Sequence, Step, StepOrder } from '../../../../ir/plan/plan.ts';
import { readArray, readBigInt, readText, readValue, storeValue } from '../../../../state/plain.ts';
import type { MatchRow, RecordId, StateRow } from '../../../../state/state-row.ts';
import { isPast, type Watermark } from '../../../../state/watermark.ts';
import type { Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import { KeyedOperator } from '../keyed-operator.ts';
import type { OperatorOptions } from '../operator.ts';
import type { Arrival } from '../rows/arrivals.ts';
import type { Sized } from '../rows/bounded-state.ts';
import { keyText, valueText } from '../rows/key-values.ts';
import { latestOf } from '../rows/moments.ts';
import { compareRows, type HeldRow, readHeld, storeHeld, TimedRows } from '../rows/timed-rows.ts';
import { stepsMatch } from './sequence-match.ts';

type WindowOrder = Extract<StepOrder, { readonly kind: 'any' }>;

/** A row of a step, with the values of those keys that only some steps have; undefined: it agrees with any. */
interface PartRow extends HeldRow {
  readonly values: readonly Value[];
}

/** The rows of the keys that all steps have. */
class Gathering implements Sized {
  /** The keys that all steps have. */
  readonly keys: readonly Value[];
  /** For each step. */
  readonly rows: readonly TimedRows<PartRow>[];
  /** When the last window of a match ended, by the other keys. */
  readonly ended: Map<string, bigint> = new Map();
  /** Windows that began before this moment were judged. */
  judged = 0n;

  constructor(keys: readonly Value[], steps: number) {
    this.keys = keys;
    this.rows = Array.from({ length: steps }, () => new TimedRows());
  }

  get size(): number {
    return this.rows.reduce((sum, rows) => sum + rows.size, 0);
  }
}

/** A window's rows of one step. */
interface Part {
  readonly place: number;
  readonly step: Step;
  readonly count: number;
  readonly last: HeldRow | undefined;
  rows(): readonly PartRow[];
}

/** When a window begins and ends; undefined: with the last row there is. */
interface Span {
  readonly start: bigint;
  readonly end: bigint | undefined;
}

/** Panther's groups: steps in any order within a window, each with a number of rows. */
export class WindowSequence extends KeyedOperator<Gathering> {
  protected readonly delay: bigint | 'forever';
  private readonly plan: Sequence;
  private readonly within: bigint | undefined;
  /** The places of the keys that all steps have, and of the others. */
  private readonly common: readonly number[];
  private readonly partial: readonly number[];
  private readonly present: readonly number[];

  constructor(plan: Sequence, { within }: WindowOrder, clock: Clock, { limits }: OperatorOptions) {
    super(plan.steps, plan.by, clock, limits);
    this.plan = plan;
    this.within = within === null ? undefined : BigInt(within);
    this.delay = this.within ?? 'forever';
    const places = [...plan.by.keys()];
    this.common = places.filter((place) => plan.steps.every(({ keys }) => keys[place] !== null));
    this.partial = places.filter((place) => !this.common.includes(place));
    this.present = [...plan.steps.keys()].filter((place) => (plan.steps[place]?.count.atLeast ?? 0) > 0);
  }

  protected judge(at: bigint, arrivals: readonly Arrival[]): void {
    for (const { input, row, order, record, keys } of arrivals) {
      for (const own of keys) {
        const values = this.allKeys(input, own);
        const common = this.common.map((place) => values[place]);
        const key = keyText(common);
        const gathering = this.held.get(key) ?? new Gathering(common, this.plan.steps.length);
        // No window that begins before now is left to judge.
        if (this.nextStart(gathering) === undefined) gathering.judged = at;
        this.forget(gathering);
        gathering.rows[input]?.add({ row, order, record, values: this.partial.map((place) => values[place]) });
        this.keep(key, gathering, this.untilOf(gathering));
      }
    }
  }

  protected close(watermark: Watermark, found: MatchRow[]): void {
    for (let due = this.held.expire(watermark); due.length > 0; due = this.held.expire(watermark)) {
      for (const { key, state } of due) {
        for (let start = this.nextStart(state); start !== undefined; start = this.nextStart(state)) {
          const end = this.within === undefined ? undefined : start + this.within;
          if (end !== undefined && !isPast(end, watermark)) break;
          this.judgeWindow(state, { start, end }, found);
          state.judged = start + 1n;
        }
        this.forget(state);
        const until = this.untilOf(state);
        if (until === 'forever' ? watermark !== 'end' : !isPast(until, watermark)) this.keep(key, state, until);
      }
    }
  }

  protected shrink({ rows }: Gathering): number {
    const [oldest] = rows.filter(({ size }) => size > 0).sort(byFirst);
    if (oldest === undefined) return 0;
    oldest.shift();
    return 1;
  }

  protected *recordsOf({ rows }: Gathering): Iterable<RecordId> {
    for (const place of this.present)
      for (const { row } of rows[place]?.all() ?? []) if (row.id !== undefined) yield row.id;
  }

  protected *rowsOf({ rows }: Gathering): Iterable<StateRow> {
    for (const step of rows) for (const { row } of step.all()) yield row;
  }

  protected store({ keys, rows, ended, judged }: Gathering): Json {
    return [
      keys.map(storeValue),
      rows.map((step) => step.all().map((row) => [storeHeld(row), row.values.map(storeValue)])),
      [...ended].map(([key, end]) => [key, end.toString()]),
      judged.toString(),
    ];
  }

  protected read(stored: Json): Gathering {
    const [keys, rows, ended, judged] = readArray(stored);
    const gathering = new Gathering(readArray(keys).map(readValue), this.plan.steps.length);
    for (const [place, step] of readArray(rows).entries()) {
      for (const one of readArray(step)) {
        const [row, values] = readArray(one);
        gathering.rows[place]?.add({ ...readHeld(row), values: readArray(values).map(readValue) });
      }
    }
    for (const one of readArray(ended)) {
      const [key, end] = readArray(one);
      gathering.ended.set(readText(key), readBigInt(end));
    }
    gathering.judged = readBigInt(judged);
    return gathering;
  }

  /** The keys of a row at their places; undefined at those that its step has not. */
  private allKeys(input: number, own: readonly Value[]): readonly Value[] {
    let next = 0;
    return (this.plan.steps[input]?.keys ?? []).map((key) => {
      if (key === null) return undefined;
      next += 1;
      return own[next - 1] ?? null;
    });
  }

  /** When a window that is not judged begins. */
  private nextStart({ rows, judged }: Gathering): bigint | undefined {
    let next: bigint | undefined;
    for (const place of this.present) {
      const first = rows[place]?.firstFrom(judged)?.row.at;
      if (first !== undefined && (next === undefined || first < next)) next = first;
    }
    return next;
  }

  /** Rows that no window can reach any more. */
  private forget(state: Gathering): void {
    for (const [place, rows] of state.rows.entries()) {
      // Absence is looked for before the window too.
      const reach = this.present.includes(place) ? 0n : (this.within ?? state.judged);
      rows.dropBefore(state.judged - reach);
    }
    for (const [key, end] of state.ended) if (end < state.judged) state.ended.delete(key);
  }

  /** When the next window is over, or else when nothing matters any more. */
  private untilOf(state: Gathering): bigint | 'forever' {
    if (this.within === undefined) return 'forever';
    const start = this.nextStart(state);
    if (start !== undefined) return start + this.within;
    return (latestOf(state.rows.map(({ last }) => last?.row.at ?? 0n)) ?? 0n) + this.within;
  }

  private judgeWindow(state: Gathering, span: Span, found: MatchRow[]): void {
    const { start, end } = span;
    const parts = this.present.flatMap((place): Part[] => {
      const [step, rows] = [this.plan.steps[place], state.rows[place]];
      if (step === undefined || rows === undefined) return [];
      const count = rows.count(start, end);
      return [{ place, step, count, last: rows.lastTo(end), rows: () => rows.between(start, end) }];
    });
    if (parts.every(hasEnough)) this.narrow(state, span, parts, [], found);
  }

  /** Key by key, the rows are narrowed to those with one value in common. */
  private narrow(
    state: Gathering,
    span: Span,
    parts: readonly Part[],
    values: readonly Value[],
    found: MatchRow[],
  ): void {
    const at = values.length;
    const place = this.partial[at];
    if (place === undefined) {
      this.judgeValues(state, span, parts, values, found);
      return;
    }
    const sides = parts.filter(({ step }) => step.keys[place] !== null);
    const [side] = sides;
    if (side === undefined) {
      this.narrow(state, span, parts, [...values, undefined], found);
      return;
    }
    for (const [text, value] of new Map(side.rows().map((row) => [valueText(row.values[at]), row.values[at]]))) {
      const narrowed = parts.map((part) => {
        if (!sides.includes(part)) return part;
        const rows = part.rows().filter((row) => valueText(row.values[at]) === text);
        return { ...part, count: rows.length, last: rows.at(-1), rows: () => rows };
      });
      if (narrowed.every(hasEnough)) this.narrow(state, span, narrowed, [...values, value], found);
    }
  }

  private judgeValues(
    state: Gathering,
    { start, end }: Span,
    parts: readonly Part[],
    values: readonly Value[],
    found: MatchRow[],
  ): void {
    const key = keyText(values);
    const ended = state.ended.get(key);
    if (ended !== undefined && start <= ended) return;
    if (parts.some(({ count, step }) => step.count.atMost !== null && count > step.count.atMost)) return;
    const last = latestOf(parts.flatMap((part) => part.last?.row.at ?? [])) ?? start;
    const from = this.within === undefined ? undefined : last - this.within;
    if (!this.plan.steps.every((step, place) => isAbsent(step, this.against(state, place, from, end, values)))) return;
    const rows = parts
      .flatMap((part) => part.rows().map((row) => ({ row, place: part.place })))
      .sort((a, b) => compareRows(a.row, b.row) || a.place - b.place);
    // With other values the window begins later.
    if (rows[0]?.row.row.at !== start) return;
    state.ended.set(key, end ?? last);
    const all = this.plan.by.map((_, place) => {
      const common = this.common.indexOf(place);
      return common >= 0 ? state.keys[common] : values[this.partial.indexOf(place)];
    });
    const stepOf = rows.map(({ place }) => place);
    found.push(
      stepsMatch(
        this.plan,
        rows.map(({ row }) => row),
        stepOf,
        all,
        all,
      ),
    );
  }

  /** How many rows of a step there are with such values. */
  private against(
    state: Gathering,
    place: number,
    from: bigint | undefined,
    to: bigint | undefined,
    values: readonly Value[],
  ): number {
    const rows = state.rows[place];
    const own = [...this.partial.entries()].filter(
      ([at, key]) => this.plan.steps[place]?.keys[key] !== null && values[at] !== undefined,
    );
    if (rows === undefined || own.length === 0) return rows?.count(from, to) ?? 0;
    return rows
      .between(from, to)
      .filter((row) => own.every(([at]) => valueText(row.values[at]) === valueText(values[at]))).length;
  }
}

function hasEnough({ step, count }: Part): boolean {
  return count >= step.count.atLeast;
}

function isAbsent({ count }: Step, rows: number): boolean {
  return count.atLeast > 0 || rows <= (count.atMost ?? 0);
}

function byFirst(a: TimedRows<PartRow>, b: TimedRows<PartRow>): number {
  const [one, other] = [a.first, b.first];
  return one === undefined || other === undefined ? 0 : compareRows(one, other);
}
