import type { Json } from '../../../../base/json.ts';
import type { Sequence, StepOrder } from '../../../../ir/plan/plan.ts';
import { readArray, readValue, storeValue } from '../../../../state/plain.ts';
import type { MatchRow, RecordId, StateRow } from '../../../../state/state-row.ts';
import type { Watermark } from '../../../../state/watermark.ts';
import type { Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import { KeyedOperator } from '../keyed-operator.ts';
import type { Losses, OperatorOptions } from '../operator.ts';
import type { Arrival } from '../rows/arrivals.ts';
import type { Sized } from '../rows/bounded-state.ts';
import { keyText } from '../rows/key-values.ts';
import { compareRows, type HeldRow, readHeld, storeHeld } from '../rows/timed-rows.ts';
import { stepsMatch } from './sequence-match.ts';

type SampleOrder = Extract<StepOrder, { readonly kind: 'sample' }>;

/** The rows of each step with one key that were read first. */
class Candidates implements Sized {
  readonly keys: readonly Value[];
  /** For each step. */
  readonly rows: readonly HeldRow[][];

  constructor(keys: readonly Value[], rows: readonly HeldRow[][]) {
    this.keys = keys;
    this.rows = rows;
  }

  get size(): number {
    return this.rows.reduce((sum, step) => sum + step.length, 0);
  }
}

/** EQL's samples: for each key the first ways to take one row of each step, all of different records. */
export class Sample extends KeyedOperator<Candidates> {
  protected readonly delay = 'forever';
  private readonly plan: Sequence;
  private readonly most: number;

  constructor(plan: Sequence, { most }: SampleOrder, clock: Clock, { limits }: OperatorOptions) {
    super(plan.steps, plan.by, clock, limits);
    this.plan = plan;
    this.most = most;
  }

  protected judge(_: bigint, arrivals: readonly Arrival[]): void {
    // Of so many rows of a step all samples can be made: others of the step take away fewer than there are steps.
    const enough = this.most + this.plan.steps.length - 1;
    for (const { input, row, order, record, keys } of arrivals) {
      for (const values of keys) {
        const key = keyText(values);
        const candidates = this.held.get(key) ?? new Candidates(values, this.noRows());
        const rows = candidates.rows[input] ?? [];
        rows.push({ row, order, record });
        rows.sort((a, b) => a.order - b.order);
        rows.splice(enough);
        this.keep(key, candidates, 'forever');
      }
    }
  }

  /** Samples are of any time: a row without one is as good. */
  override losses(): Losses {
    return { ...super.losses(), untimed: 0 };
  }

  protected close(watermark: Watermark, found: MatchRow[]): void {
    for (const { state } of this.held.expire(watermark)) {
      for (const sample of this.samples(state.rows)) found.push(this.matchOf(state.keys, sample));
    }
  }

  protected shrink(): number {
    return 0;
  }

  protected *recordsOf({ rows }: Candidates): Iterable<RecordId> {
    for (const { row } of rows.flat()) if (row.id !== undefined) yield row.id;
  }

  protected *rowsOf({ rows }: Candidates): Iterable<StateRow> {
    for (const step of rows) for (const { row } of step) yield row;
  }

  protected store({ keys, rows }: Candidates): Json {
    return [keys.map(storeValue), rows.map((step) => step.map(storeHeld))];
  }

  protected read(stored: Json): Candidates {
    const [keys, rows] = readArray(stored);
    return new Candidates(
      readArray(keys).map(readValue),
      readArray(rows).map((step) => readArray(step).map(readHeld)),
    );
  }

  private noRows(): HeldRow[][] {
    return this.plan.steps.map(() => []);
  }

  private samples(rows: readonly (readonly HeldRow[])[]): readonly (readonly HeldRow[])[] {
    const found: (readonly HeldRow[])[] = [];
    const take = (taken: readonly HeldRow[]): void => {
      const step = rows[taken.length];
      if (step === undefined) found.push(taken);
      for (const row of step ?? []) {
        if (found.length >= this.most) return;
        if (taken.every(({ record }) => record !== row.record)) take([...taken, row]);
      }
    };
    take([]);
    return found;
  }

  /** The members stand in the order of the steps. */
  private matchOf(keys: readonly Value[], sample: readonly HeldRow[]): MatchRow {
    const inTime = sample.map((row, step) => ({ row, step })).sort((a, b) => compareRows(a.row, b.row));
    const match = stepsMatch(
      this.plan,
      inTime.map(({ row }) => row),
      inTime.map(({ step }) => step),
      keys,
      [],
    );
    if (match.members === undefined) return match;
    return { ...match, members: sample.flatMap(({ row }) => row.id ?? []) };
  }
}
