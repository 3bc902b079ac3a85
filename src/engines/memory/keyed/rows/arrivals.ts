import type { Json } from '../../../../base/json.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Key } from '../../../../ir/plan/keyed.ts';
import type { KeyedInput } from '../../../../ir/plan/plan.ts';
import {
  readArray,
  readBigInt,
  readNumber,
  readRow,
  readValue,
  storeRow,
  storeValue,
} from '../../../../state/plain.ts';
import type { RecordId, StateRow } from '../../../../state/state-row.ts';
import { isPast, later, type Watermark } from '../../../../state/watermark.ts';
import { orderOf } from '../../../../values/compare.ts';
import { momentOf } from '../../../../values/moment.ts';
import type { Value } from '../../../../values/value.ts';
import { compileExpr, type Evaluate } from '../../compile.ts';
import type { Clock, Row } from '../../row.ts';
import { keysOf } from './key-values.ts';
import { earliestOf } from './moments.ts';
import { keysWeight, rowWeight } from './row-weight.ts';

/** A row of an input: what is kept of it, and where it belongs. */
export interface Arrival {
  readonly row: StateRow;
  /** Its place among rows of one time. */
  readonly order: number;
  readonly input: number;
  /** What rows of one record share. */
  readonly record: number;
  /** The keys of each group that it is in. */
  readonly keys: readonly (readonly Value[])[];
  /** What orders it among rows of one time, before its place does; undefined where nothing does. */
  readonly tie: Value;
}

/** An input without its plan. Where a key is null, the row agrees with any value. */
export type ReadInput = Pick<KeyedInput, 'time' | 'keep' | 'tie'> & { readonly keys: readonly (Expr | null)[] };

interface Reader {
  readonly time: Evaluate;
  /** Those of the keys that it has. */
  readonly by: readonly Key[];
  readonly keys: readonly Evaluate[];
  readonly keep: readonly { readonly name: string; readonly evaluate: Evaluate }[];
  readonly tie: Evaluate | undefined;
}

const NO_COLUMNS: ReadonlyMap<string, Value> = new Map();

/** Rows that came and were not judged yet. They come out in the order of their times, all rows of one time together. */
export class Arrivals {
  late = 0;
  untimed = 0;
  private readonly readers: readonly Reader[];
  private waiting: Arrival[] = [];
  private sorted = true;
  /** The earliest of those that wait. */
  private earliest: bigint | undefined;
  private count = 0;
  /** Where an expression orders rows of one time: how many were taken, which is the place of the next. */
  private taken: number | undefined;
  private latest = 0n;
  private passed: Watermark | undefined;

  constructor(inputs: readonly ReadInput[], by: readonly Key[], clock: Clock) {
    this.taken = inputs.some(({ tie }) => tie !== undefined) ? 0 : undefined;
    this.readers = inputs.map(({ time, keys, keep, tie }) => ({
      time: compileExpr(time, clock),
      by: by.filter((_, place) => keys[place] !== null),
      keys: keys.flatMap((key) => (key === null ? [] : [compileExpr(key, clock)])),
      keep: keep.map(({ name, expr }) => ({ name, evaluate: compileExpr(expr, clock) })),
      tie: tie && compileExpr(tie, clock),
    }));
  }

  get size(): number {
    return this.waiting.length;
  }

  /** The watermark up to which rows were judged. */
  get watermark(): Watermark | undefined {
    return this.passed;
  }

  /** Takes a row in, and gives what is kept of it weighs; 0 where nothing is. */
  push(input: number, row: Row): number {
    const reader = this.readers[input];
    if (reader === undefined) return 0;
    let at = row.at ?? momentOf(reader.time(row));
    if (at === undefined) {
      this.untimed += 1;
      at = this.latest;
    } else if (at > this.latest) this.latest = at;
    if (this.passed !== undefined && isPast(at, this.passed)) {
      this.late += 1;
      return 0;
    }
    const keys = keysOf(
      reader.by,
      reader.keys.map((key) => key(row)),
    );
    const { count } = this;
    this.count += 1;
    if (keys.length === 0) return 0;
    const columns =
      reader.keep.length === 0 ? NO_COLUMNS : new Map(reader.keep.map(({ name, evaluate }) => [name, evaluate(row)]));
    const arrival: Arrival = {
      row: { id: row.id, at, columns },
      order: row.id?.order ?? count,
      input,
      record: row.id?.order ?? -1 - count,
      keys,
      tie: reader.tie?.(row),
    };
    const last = this.waiting.at(-1);
    if (last !== undefined && compareArrivals(last, arrival) > 0) this.sorted = false;
    this.waiting.push(arrival);
    if (this.earliest === undefined || at < this.earliest) this.earliest = at;
    return arrivalWeight(arrival);
  }

  /** Whether any row waits that is before a watermark. */
  hasBefore(watermark: Watermark): boolean {
    return this.earliest !== undefined && isPast(this.earliest, watermark);
  }

  /** From now on rows before a watermark are late. */
  pass(watermark: Watermark): void {
    this.passed = later(this.passed, watermark);
  }

  /** The rows before a watermark, those of one time together; from now on rows before it are late. */
  take(watermark: Watermark): readonly (readonly Arrival[])[] {
    if (!this.sorted) {
      this.waiting.sort(compareArrivals);
      this.sorted = true;
    }
    const { waiting } = this;
    const taken: (readonly Arrival[])[] = [];
    let end = 0;
    for (let next = 0; next < waiting.length; next = end) {
      const at = waiting[next]?.row.at;
      if (at === undefined || !isPast(at, watermark)) break;
      while (waiting[end]?.row.at === at) end += 1;
      taken.push(this.placed(waiting.slice(next, end)));
    }
    if (end > 0) this.waiting = waiting.slice(end);
    this.earliest = this.waiting[0]?.row.at;
    this.pass(watermark);
    return taken;
  }

  /** Rows at their places among all that are judged: those of their records, where nothing else orders rows of one time. */
  private placed(arrivals: readonly Arrival[]): readonly Arrival[] {
    const { taken } = this;
    if (taken === undefined) return arrivals;
    this.taken = taken + arrivals.length;
    return arrivals.map((arrival, place) => ({ ...arrival, order: taken + place }));
  }

  /** Makes room: the rows that came first go, several at a time; gives how many. */
  evict(): number {
    const evicted = this.waiting.splice(0, Math.ceil(this.waiting.length / 16));
    this.earliest = earliestOf(this.waiting.map(({ row }) => row.at));
    return evicted.length;
  }

  /** What the rows that wait weigh. */
  weigh(): number {
    return this.waiting.reduce((sum, arrival) => sum + arrivalWeight(arrival), 0);
  }

  *references(): Iterable<RecordId> {
    for (const { row } of this.waiting) if (row.id !== undefined) yield row.id;
  }

  snapshot(): Json {
    return {
      waiting: this.waiting.map(storeArrival),
      count: this.count,
      latest: this.latest.toString(),
      passed: this.passed?.toString() ?? null,
      late: this.late,
      untimed: this.untimed,
      taken: this.taken ?? null,
    };
  }

  restore(stored: { readonly [key: string]: Json }): void {
    const waiting = readArray(stored['waiting']).map(readArrival);
    const count = readNumber(stored['count']);
    const latest = readBigInt(stored['latest']);
    const passed = stored['passed'];
    this.passed = passed === null ? undefined : passed === 'end' ? 'end' : readBigInt(passed);
    this.late = readNumber(stored['late']);
    this.untimed = readNumber(stored['untimed']);
    const taken = stored['taken'];
    this.taken = taken === null ? undefined : readNumber(taken);
    this.waiting = waiting;
    this.earliest = earliestOf(waiting.map(({ row }) => row.at));
    this.sorted = false;
    this.count = count;
    this.latest = latest;
  }
}

/** The order in which rows are judged. */
function compareArrivals(a: Arrival, b: Arrival): number {
  if (a.row.at !== b.row.at) return a.row.at < b.row.at ? -1 : 1;
  return compareTies(a.tie, b.tie) || a.order - b.order || a.input - b.input;
}

/** Values in their order, nulls last. */
function compareTies(a: Value, b: Value): number {
  if (a === b) return 0;
  const [one, other] = [a ?? null, b ?? null];
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return orderOf(one, other) ?? 0;
}

function storeArrival({ row, order, input, record, keys, tie }: Arrival): Json {
  return [storeRow(row), order, input, record, keys.map((one) => one.map(storeValue)), storeValue(tie)];
}

function readArrival(stored: Json): Arrival {
  const [row, order, input, record, keys, tie] = readArray(stored);
  return {
    row: readRow(row),
    order: readNumber(order),
    input: readNumber(input),
    record: readNumber(record),
    keys: readArray(keys).map((one) => readArray(one).map(readValue)),
    tie: readValue(tie),
  };
}

function arrivalWeight({ row, keys }: Arrival): number {
  return rowWeight(row) + keys.reduce((sum, values) => sum + keysWeight(values), 0);
}
