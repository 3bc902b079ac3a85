import type { Json } from '../../../../base/json.ts';
import type { Sequence, StepOrder } from '../../../../ir/plan/plan.ts';
import { readArray, readBigInt, readValue, storeValue } from '../../../../state/plain.ts';
import type { MatchRow, RecordId, StateRow } from '../../../../state/state-row.ts';
import { isPast, type Watermark } from '../../../../state/watermark.ts';
import type { Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import { KeyedOperator } from '../keyed-operator.ts';
import type { OperatorOptions } from '../operator.ts';
import type { Arrival } from '../rows/arrivals.ts';
import type { Sized } from '../rows/bounded-state.ts';
import { keyText } from '../rows/key-values.ts';
import { earliestOf, latestOf } from '../rows/moments.ts';
import { compareRows, type HeldRow, readHeld, storeHeld, TimedRows } from '../rows/timed-rows.ts';
import { stepsMatch } from './sequence-match.ts';

export type StrictOrder = Extract<StepOrder, { readonly kind: 'strict' }>;

/** The rows of the first stages. */
type Chain = readonly HeldRow[];

/** One key's sequences. */
class Progress implements Sized {
  readonly keys: readonly Value[];
  /** For each stage the chain that came there last and waits for the next. */
  readonly chains: (Chain | undefined)[];
  /** Rows of the absent steps. */
  readonly absent: readonly TimedRows<HeldRow>[];
  /** Whole chains that a row of an absent step may still undo. */
  whole: Chain[] = [];
  latest = 0n;

  constructor(keys: readonly Value[], stages: number, absent: number) {
    this.keys = keys;
    this.chains = new Array<Chain | undefined>(stages).fill(undefined);
    this.absent = Array.from({ length: absent }, () => new TimedRows());
  }

  get size(): number {
    let size = 0;
    for (const chain of this.chains) if (chain !== undefined) size += chain.length;
    for (const chain of this.whole) size += chain.length;
    for (const rows of this.absent) size += rows.size;
    return size;
  }
}

/** A step that has a row, or (`atMost`) one that has no more than so many between the stages around it. */
interface Absent {
  readonly step: number;
  /** How many stages come before it. */
  readonly after: number;
  readonly atMost: number;
}

/** What a row of an input does. */
interface Part {
  readonly kind: 'absent' | 'stage' | 'until';
  readonly input: number;
  /** Among the absent steps, or the stages. */
  readonly place: number;
  /** Whether it does nothing where nothing is remembered. */
  readonly goesOn: boolean;
}

/** EQL's sequences: for each key an automaton that holds one chain of rows a stage. */
export class StrictSequence extends KeyedOperator<Progress> {
  protected readonly delay: bigint | 'forever';
  private readonly plan: Sequence;
  private readonly within: bigint | undefined;
  /** The steps that have rows, in their order; one that wants several is several stages. */
  private readonly stages: readonly number[];
  private readonly absent: readonly Absent[];
  private readonly parts: readonly Part[];
  /** Whether a row of an absent step may undo what is whole. */
  private readonly hasAbsentEnd: boolean;

  constructor(plan: Sequence, { within, until }: StrictOrder, clock: Clock, { limits }: OperatorOptions) {
    super(until === null ? plan.steps : [...plan.steps, until], plan.by, clock, limits);
    this.plan = plan;
    this.within = within === null ? undefined : BigInt(within);
    const stages: number[] = [];
    const absent: Absent[] = [];
    for (const [step, { count }] of plan.steps.entries()) {
      if (count.atLeast === 0) absent.push({ step, after: stages.length, atMost: count.atMost ?? 0 });
      for (let row = 0; row < count.atLeast; row += 1) stages.push(step);
    }
    this.stages = stages;
    this.absent = absent;
    this.parts = partsOf(stages, absent, plan.steps.length);
    this.hasAbsentEnd = absent.some(({ after }) => after === stages.length);
    this.delay = this.hasAbsentEnd ? (this.within ?? 'forever') : 0n;
  }

  protected judge(at: bigint, arrivals: readonly Arrival[], found: MatchRow[]): void {
    for (const rows of byRecord(arrivals)) {
      for (const part of this.parts) {
        for (const arrival of rows) {
          if (arrival.input === part.input) for (const keys of arrival.keys) this.take(part, keys, arrival, at, found);
        }
      }
    }
  }

  /** One row in one of the parts that its step has. */
  private take(
    part: Part,
    keys: readonly Value[],
    { row, order, record }: Arrival,
    at: bigint,
    found: MatchRow[],
  ): void {
    const key = keyText(keys);
    const known = this.held.get(key);
    if (known === undefined && part.goesOn) return;
    const progress = known ?? new Progress(keys, this.stages.length - 1, this.absent.length);
    progress.latest = at;
    switch (part.kind) {
      case 'absent':
        progress.absent[part.place]?.add({ row, order, record });
        break;
      case 'stage':
        this.enter(progress, part.place, { row, order, record }, found);
        break;
      case 'until':
        progress.chains.fill(undefined);
        break;
    }
    if (progress.size > 0) this.keep(key, progress, this.untilOf(progress));
    else if (known !== undefined) this.drop(key);
  }

  protected close(watermark: Watermark, found: MatchRow[]): void {
    for (let due = this.held.expire(watermark); due.length > 0; due = this.held.expire(watermark)) {
      for (const { key, state } of due) {
        for (const chain of state.whole) if (this.isOver(chain, watermark)) this.tell(state, chain, found);
        state.whole = state.whole.filter((chain) => !this.isOver(chain, watermark));
        const until = this.untilOf(state);
        if (until === 'forever' ? watermark !== 'end' : !isPast(until, watermark)) this.keep(key, state, until);
      }
    }
  }

  protected shrink(): number {
    return 0;
  }

  protected *recordsOf({ chains, whole }: Progress): Iterable<RecordId> {
    const { rows } = this.plan.emit;
    const all = rows === 'all' || rows === 'steps';
    const given = all ? [...chains, ...whole] : whole.map((chain) => chain.slice(-1));
    for (const chain of given) for (const { row } of chain ?? []) if (row.id !== undefined) yield row.id;
  }

  protected *rowsOf({ chains, whole, absent }: Progress): Iterable<StateRow> {
    for (const chain of [...chains, ...whole]) for (const { row } of chain ?? []) yield row;
    for (const rows of absent) for (const { row } of rows.all()) yield row;
  }

  protected store({ keys, chains, absent, whole, latest }: Progress): Json {
    return [
      keys.map(storeValue),
      chains.map((chain) => chain?.map(storeHeld) ?? null),
      absent.map((rows) => rows.all().map(storeHeld)),
      whole.map((chain) => chain.map(storeHeld)),
      latest.toString(),
    ];
  }

  protected read(stored: Json): Progress {
    const [keys, chains, absent, whole, latest] = readArray(stored);
    const progress = new Progress(readArray(keys).map(readValue), this.stages.length - 1, this.absent.length);
    for (const [stage, chain] of readArray(chains).entries()) {
      if (chain !== null) progress.chains[stage] = readArray(chain).map(readHeld);
    }
    for (const [place, rows] of readArray(absent).entries()) {
      for (const row of readArray(rows)) progress.absent[place]?.add(readHeld(row));
    }
    progress.whole = readArray(whole).map((chain) => readArray(chain).map(readHeld));
    progress.latest = readBigInt(latest);
    return progress;
  }

  /** A row for a stage: the chain that waits for it goes on, or is given up. */
  private enter(progress: Progress, stage: number, row: HeldRow, found: MatchRow[]): void {
    const before = stage === 0 ? [] : progress.chains[stage - 1];
    if (before === undefined) return;
    if (stage > 0) progress.chains[stage - 1] = undefined;
    const [start = row] = before;
    if (this.within !== undefined && row.row.at - start.row.at > this.within) return;
    const chain = [...before, row];
    if (stage < this.stages.length - 1) progress.chains[stage] = chain;
    else if (this.hasAbsentEnd) progress.whole.push(chain);
    else this.tell(progress, chain, found);
  }

  private tell(progress: Progress, chain: Chain, found: MatchRow[]): void {
    if (this.isSpared(progress, chain)) found.push(stepsMatch(this.plan, chain, this.stages, progress.keys, []));
  }

  /** Whether the absent steps are. */
  private isSpared({ absent }: Progress, chain: Chain): boolean {
    const [first, last] = [chain[0], chain.at(-1)];
    if (first === undefined || last === undefined) return true;
    const isWithin = (from: bigint, to: bigint): boolean => this.within === undefined || to - from <= this.within;
    const leading: (bigint | undefined)[] = [];
    const trailing: (bigint | undefined)[] = [];
    for (const [place, { after, atMost }] of this.absent.entries()) {
      const rows = absent[place]?.all() ?? [];
      const [before, next] = [chain[after - 1], chain[after]];
      const inside = rows.filter(
        (row) =>
          (before === undefined || compareRows(before, row) < 0) && (next === undefined || compareRows(row, next) < 0),
      );
      // The rows nearest to the chain that are one too many.
      if (before === undefined) leading.push(inside.at(-1 - atMost)?.row.at);
      else if (next === undefined) trailing.push(inside[atMost]?.row.at);
      else if (inside.length > atMost) return false;
    }
    const from = leading.length === 0 ? first.row.at : latestOf(leading.filter((at) => at !== undefined));
    const to = trailing.length === 0 ? last.row.at : earliestOf(trailing.filter((at) => at !== undefined));
    const hasEnds = leading.length + trailing.length > 0;
    return !hasEnds || from === undefined || to === undefined || !isWithin(from, to);
  }

  /** Whether no row of an absent step can undo a whole chain any more. */
  private isOver([first]: Chain, watermark: Watermark): boolean {
    if (watermark === 'end' || first === undefined) return true;
    return this.within !== undefined && isPast(first.row.at + this.within, watermark);
  }

  /** When the next chain is to be judged, or else when nothing matters any more. */
  private untilOf({ absent, whole, latest }: Progress): bigint | 'forever' {
    const { within } = this;
    if (within === undefined) return 'forever';
    // No chain that is not whole yet reaches further back.
    for (const rows of absent) rows.dropBefore(latest - 2n * within);
    if (whole.length === 0) return latest + within;
    return (earliestOf(whole.map((chain) => chain[0]?.row.at ?? latest)) ?? latest) + within;
  }
}

/** The parts in the order in which a record takes them: the last stage first, as no record follows itself. */
function partsOf(stages: readonly number[], absent: readonly Absent[], until: number): readonly Part[] {
  return [
    ...absent.map(({ step }, place): Part => ({ kind: 'absent', input: step, place, goesOn: false })),
    ...stages.map((step, place): Part => ({ kind: 'stage', input: step, place, goesOn: place > 0 })).reverse(),
    { kind: 'until', input: until, place: 0, goesOn: true },
  ];
}

/** Rows of one time, those of one record together. */
function byRecord(arrivals: readonly Arrival[]): readonly (readonly Arrival[])[] {
  if (arrivals.length < 2) return [arrivals];
  const found: Arrival[][] = [];
  for (const arrival of arrivals) {
    const last = found.at(-1);
    if (last?.[0]?.record === arrival.record) last.push(arrival);
    else found.push([arrival]);
  }
  return found;
}
