import type { Json } from '../../../base/json.ts';
import type { SettledWindow } from '../../../ir/plan/keyed.ts';
import { rowsOf, type Threshold } from '../../../ir/plan/plan.ts';
import { readArray, readBigInt, readNumber, readValue, storeValue } from '../../../state/plain.ts';
import type { MatchRow, RecordId, StateRow } from '../../../state/state-row.ts';
import type { Watermark } from '../../../state/watermark.ts';
import type { Value } from '../../../values/value.ts';
import { compilePredicate, type Decide } from '../compile.ts';
import type { Clock } from '../row.ts';
import { KeyedOperator } from './keyed-operator.ts';
import type { OperatorOptions } from './operator.ts';
import type { Arrival } from './rows/arrivals.ts';
import { keyText } from './rows/key-values.ts';
import { KeyWindow } from './rows/key-window.ts';
import { delayOf, endOf } from './rows/time-window.ts';
import { readHeld, storeHeld } from './rows/timed-rows.ts';
import type { WindowRow } from './rows/window-row.ts';
import { matchRow } from './summary.ts';

/** Rows of one time that join one window, by their records. */
interface Batch {
  readonly keys: readonly Value[];
  readonly rows: Map<number, WindowRow>;
}

/** Keeps the window of each key; what is measured of it follows its rows. */
export class ThresholdOperator extends KeyedOperator<KeyWindow> {
  protected readonly delay: bigint | 'forever';
  private readonly plan: Threshold;
  private readonly window: SettledWindow;
  private readonly holds: Decide;
  private readonly counts: readonly string[];
  private readonly repeats: boolean;

  /** `window`: the plan's, settled. */
  constructor(plan: Threshold, window: SettledWindow, clock: Clock, { limits, repeats }: OperatorOptions) {
    super(plan.inputs, plan.by, clock, limits);
    this.plan = plan;
    this.window = window;
    this.delay = delayOf(window);
    this.holds = compilePredicate(plan.having, clock);
    this.counts = plan.inputs.map(({ name }) => rowsOf(name));
    this.repeats = repeats;
  }

  protected judge(at: bigint, arrivals: readonly Arrival[], found: MatchRow[]): void {
    for (const [key, batch] of batches(arrivals)) {
      const window = this.held.get(key) ?? this.open(batch.keys, at);
      if (this.isDone(window)) continue;
      for (const row of batch.rows.values()) window.add(row);
      if (this.window.kind === 'sliding') this.slide(window, this.window.length, at, found);
      this.keep(key, window, this.isDone(window) ? 'forever' : endOf(this.window, window.opened, at));
    }
  }

  protected close(watermark: Watermark, found: MatchRow[]): void {
    for (const { key, state } of this.held.expire(watermark)) {
      const match = this.window.kind === 'sliding' ? undefined : this.matchOf(state, state.opened);
      if (match !== undefined) {
        found.push(match);
        state.matched = match.at;
      }
      if (watermark === 'end' || !this.isDone(state)) continue;
      // That it has matched is all that counts from now on.
      state.clear();
      this.keep(key, state, 'forever');
    }
  }

  protected shrink(window: KeyWindow): number {
    if (window.size <= 1) return 0;
    window.shift();
    return 1;
  }

  protected *recordsOf({ rows }: KeyWindow): Iterable<RecordId> {
    const given = this.plan.emit.rows === 'all' ? rows.all() : rows.tail(1);
    for (const { row } of given) if (row.id !== undefined) yield row.id;
  }

  protected *rowsOf({ rows }: KeyWindow): Iterable<StateRow> {
    for (const { row } of rows.all()) yield row;
  }

  protected store({ keys, opened, matched, rows }: KeyWindow): Json {
    const held = rows.all().map((row) => [storeHeld(row), row.inputs]);
    return [keys.map(storeValue), opened.toString(), matched?.toString() ?? null, held];
  }

  protected read(stored: Json): KeyWindow {
    const [keys, opened, matched = null, rows] = readArray(stored);
    const window = this.open(readArray(keys).map(readValue), readBigInt(opened));
    if (matched !== null) window.matched = readBigInt(matched);
    for (const one of readArray(rows)) {
      const [row, inputs] = readArray(one);
      window.add({ ...readHeld(row), inputs: readArray(inputs).map(readNumber) });
    }
    return window;
  }

  private open(keys: readonly Value[], at: bigint): KeyWindow {
    return new KeyWindow(keys, at, this.plan.measures, this.plan.inputs.length);
  }

  /** Whether its key has matched for good. */
  private isDone({ matched }: KeyWindow): boolean {
    return this.plan.emit.how === 'first' && matched !== undefined;
  }

  /** The window that ends now. */
  private slide(window: KeyWindow, length: string | null, at: bigint, found: MatchRow[]): void {
    const from = length === null ? 0n : at - BigInt(length);
    for (let { first } = window.rows; first !== undefined && first.row.at < from; first = window.rows.first) {
      window.shift();
    }
    const { matched } = window;
    const isRepeat = this.plan.emit.how === 'once-per-window' && matched !== undefined && matched >= from;
    if (isRepeat && !this.repeats) return;
    const match = this.matchOf(window, from);
    if (match === undefined) return;
    found.push(isRepeat ? { ...match, isRepeat } : match);
    if (isRepeat) return;
    window.matched = at;
    if (this.isDone(window)) window.clear();
  }

  private matchOf(window: KeyWindow, from: bigint): MatchRow | undefined {
    const { by, emit, inputs, measures, summary } = this.plan;
    const { first } = window.rows;
    if (first === undefined) return undefined;
    const values = window.measured(from);
    const measured = measures.map(({ name }, place): [string, Value] => [name, values[place] ?? null]);
    const counts = this.counts.map((name, place): [string, Value] => [name, window.rowsOf(place)]);
    if (this.holds({ event: undefined, columns: new Map([...counts, ...measured]) }) !== true) return undefined;
    const rows = emit.rows === 'all' ? window.rows.all() : window.rows.tail(Math.max(1, emit.mostRows));
    return matchRow(
      {
        rows: rows.map(({ row }) => row),
        count: window.size,
        first: first.row.at,
        inputs: inputs.flatMap(({ name }, place) => (window.rowsOf(place) > 0 ? [name] : [])),
        measures: measured,
        keys: by.map(({ name }, place) => [name, window.keys[place] ?? null]),
        shared: [],
      },
      summary,
      emit,
    );
  }
}

/** The same record as a row of another input is one row, with what the first input makes of it. */
function batches(arrivals: readonly Arrival[]): ReadonlyMap<string, Batch> {
  const found = new Map<string, Batch>();
  for (const { row, order, input, record, keys } of arrivals) {
    for (const values of keys) {
      const key = keyText(values);
      const batch: Batch = found.get(key) ?? { keys: values, rows: new Map() };
      found.set(key, batch);
      const known = batch.rows.get(record);
      const inputs = known === undefined ? [input] : [...new Set([...known.inputs, input])];
      batch.rows.set(record, known === undefined ? { row, order, inputs, record } : { ...known, inputs });
    }
  }
  return found;
}
