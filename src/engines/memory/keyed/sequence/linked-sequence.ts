import type { Json } from '../../../../base/json.ts';
import type { Sequence, StepOrder } from '../../../../ir/plan/plan.ts';
import { readArray, readBigInt, readText, readValue, storeValue } from '../../../../state/plain.ts';
import type { MatchRow, RecordId, StateRow } from '../../../../state/state-row.ts';
import { isPast, type Watermark } from '../../../../state/watermark.ts';
import type { Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import { KeyedOperator } from '../keyed-operator.ts';
import type { OperatorOptions } from '../operator.ts';
import type { Arrival } from '../rows/arrivals.ts';
import type { Sized } from '../rows/bounded-state.ts';
import { keyText } from '../rows/key-values.ts';
import { latestOf } from '../rows/moments.ts';
import { compareRows, readHeld, storeHeld } from '../rows/timed-rows.ts';
import { LinkSearch } from './link-search.ts';
import { type LinkedRow, LinkedRows, linkedRow } from './linked-rows.ts';
import { stepsMatch } from './sequence-match.ts';

type LinkedOrder = Extract<StepOrder, { readonly kind: 'linked' }>;

/** One key's rows. */
class Gathering implements Sized {
  readonly keys: readonly Value[];
  /** For each step. */
  readonly rows: readonly LinkedRows[];
  /** Until when matches that agree on the same values would overlap one that was found. */
  readonly ended: Map<string, bigint> = new Map();
  /** Rows of the first step from before this moment were judged. */
  judged = 0n;

  constructor(keys: readonly Value[], steps: number) {
    this.keys = keys;
    this.rows = Array.from({ length: steps }, () => new LinkedRows());
  }

  get size(): number {
    return this.rows.reduce((sum, rows) => sum + rows.size, 0);
  }
}

/** Panther's sequences: for each row of the first step, rows of the others that links lead to. */
export class LinkedSequence extends KeyedOperator<Gathering> {
  protected readonly delay: bigint | 'forever';
  private readonly plan: Sequence;
  private readonly within: bigint | undefined;
  private readonly search: LinkSearch;
  /** How far before and after a row of the first step others count. */
  private readonly reach: bigint | undefined;

  constructor(plan: Sequence, { within, links }: LinkedOrder, clock: Clock, { limits }: OperatorOptions) {
    super(plan.steps, plan.by, clock, limits);
    this.plan = plan;
    this.within = within === null ? undefined : BigInt(within);
    this.search = new LinkSearch(plan.steps, links, this.within);
    const absent = links.filter(({ from, to }) =>
      [from, to].some((place) => (plan.steps[place]?.count.atLeast ?? 0) === 0),
    );
    const further = absent.map((link) => link.within);
    this.reach =
      this.within === undefined || further.includes(null)
        ? undefined
        : this.within + (latestOf(further.map((one) => BigInt(one ?? 0))) ?? 0n);
    this.delay = this.reach ?? 'forever';
  }

  protected judge(at: bigint, arrivals: readonly Arrival[]): void {
    for (const { input, row, order, record, keys } of arrivals) {
      for (const values of keys) {
        const key = keyText(values);
        const gathering = this.held.get(key) ?? new Gathering(values, this.plan.steps.length);
        // No row of the first step from before now is left to judge.
        if (this.nextStart(gathering) === undefined) gathering.judged = at;
        this.forget(gathering);
        gathering.rows[input]?.add(linkedRow({ row, order, record }));
        this.keep(key, gathering, this.untilOf(gathering));
      }
    }
  }

  protected close(watermark: Watermark, found: MatchRow[]): void {
    for (let due = this.held.expire(watermark); due.length > 0; due = this.held.expire(watermark)) {
      for (const { key, state } of due) {
        for (let start = this.nextStart(state); start !== undefined; start = this.nextStart(state)) {
          const { at } = start.row;
          if (this.reach !== undefined && !isPast(at + this.reach, watermark)) break;
          for (const row of this.firstRows(state)?.between(at, at) ?? []) this.judgeStart(state, row, found);
          state.judged = at + 1n;
        }
        this.forget(state);
        const until = this.untilOf(state);
        if (until === 'forever' ? watermark !== 'end' : !isPast(until, watermark)) this.keep(key, state, until);
      }
    }
  }

  protected shrink({ rows }: Gathering): number {
    let oldest: LinkedRows | undefined;
    for (const step of rows) {
      const [first, other] = [step.first, oldest?.first];
      if (first !== undefined && (other === undefined || compareRows(first, other) < 0)) oldest = step;
    }
    oldest?.shift();
    return oldest === undefined ? 0 : 1;
  }

  protected *recordsOf({ rows }: Gathering): Iterable<RecordId> {
    for (const step of this.search.order) {
      for (const { row } of rows[step]?.all() ?? []) if (row.id !== undefined) yield row.id;
    }
  }

  protected *rowsOf({ rows }: Gathering): Iterable<StateRow> {
    for (const step of rows) for (const { row } of step.all()) yield row;
  }

  protected store({ keys, rows, ended, judged }: Gathering): Json {
    return [
      keys.map(storeValue),
      rows.map((step) => step.all().map(storeHeld)),
      [...ended].map(([key, end]) => [key, end.toString()]),
      judged.toString(),
    ];
  }

  protected read(stored: Json): Gathering {
    const [keys, rows, ended, judged] = readArray(stored);
    const gathering = new Gathering(readArray(keys).map(readValue), this.plan.steps.length);
    for (const [place, step] of readArray(rows).entries()) {
      for (const row of readArray(step)) gathering.rows[place]?.add(linkedRow(readHeld(row)));
    }
    for (const one of readArray(ended)) {
      const [key, end] = readArray(one);
      gathering.ended.set(readText(key), readBigInt(end));
    }
    gathering.judged = readBigInt(judged);
    return gathering;
  }

  /** The rows that a search begins with. */
  private firstRows({ rows }: Gathering): LinkedRows | undefined {
    const [first] = this.search.order;
    return first === undefined ? undefined : rows[first];
  }

  private nextStart(state: Gathering): LinkedRow | undefined {
    return this.firstRows(state)?.firstFrom(state.judged);
  }

  /** Rows that none of the first step can reach any more. */
  private forget(state: Gathering): void {
    if (this.reach === undefined || this.within === undefined) return;
    for (const rows of state.rows) rows.dropBefore(state.judged - this.reach);
    for (const [key, end] of state.ended) if (end < state.judged - this.within) state.ended.delete(key);
  }

  /** When the next row of the first step is to be judged, or else when nothing matters any more. */
  private untilOf(state: Gathering): bigint | 'forever' {
    if (this.reach === undefined) return 'forever';
    const start = this.nextStart(state);
    if (start !== undefined) return start.row.at + this.reach;
    return (latestOf(state.rows.map(({ last }) => last?.row.at ?? 0n)) ?? 0n) + this.reach;
  }

  private judgeStart(state: Gathering, start: LinkedRow, found: MatchRow[]): void {
    const choice = this.search.find(state.rows, start);
    if (choice === 'abandoned') this.abandon();
    if (choice === 'abandoned' || choice === undefined) return;
    const rows = [...choice].map(([step, row]) => ({ step, row })).sort((a, b) => compareRows(a.row, b.row));
    const first = rows[0]?.row.row.at ?? start.row.at;
    const agreed = this.search.agreed(choice);
    const key = keyText(agreed);
    const ended = state.ended.get(key);
    if (ended !== undefined && first <= ended) return;
    state.ended.set(key, this.within === undefined ? (rows.at(-1)?.row.row.at ?? first) : first + this.within);
    const stepOf = rows.map(({ step }) => step);
    found.push(
      stepsMatch(
        this.plan,
        rows.map(({ row }) => row),
        stepOf,
        state.keys,
        [...state.keys, ...agreed],
      ),
    );
  }
}
