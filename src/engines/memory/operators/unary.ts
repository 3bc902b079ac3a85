import type { Json } from '../../../base/json.ts';
import type { Distinct, Limit, Order, Plan, Scan, Series, Summarize, Window } from '../../../ir/plan/plan.ts';
import { readArray } from '../../../state/plain.ts';
import type { RecordId } from '../../../state/state-row.ts';
import { keyOfAll } from '../../../values/key.ts';
import type { Budget } from '../budget.ts';
import type { Clock, Row } from '../row.ts';
import { type EventOf, readEngineRow, recordsOf, storeEngineRow } from '../stored-row.ts';
import type { Collector } from './collector.ts';
import { KeepingRows } from './keeping-rows.ts';
import { Ordering } from './order.ts';
import { Scanning } from './scan.ts';
import { SeriesMaking } from './series.ts';
import { Summarizing } from './summarize.ts';
import { Windowing } from './window.ts';

/** Operators over the rows of one input together. */
export type Unary = Summarize | Distinct | Order | Limit | Window | Series | Scan;

const UNARY: ReadonlySet<Plan['kind']> = new Set<Unary['kind']>([
  'summarize',
  'distinct',
  'order',
  'limit',
  'window',
  'series',
  'scan',
]);

export function isUnary(plan: Plan): plan is Unary {
  return UNARY.has(plan.kind);
}

export function compileUnary(plan: Unary, clock: Clock): Collector {
  switch (plan.kind) {
    case 'summarize':
      return new Summarizing(plan, clock);
    case 'distinct':
      return new Different(clock.budget);
    case 'order':
      return new Ordering(plan, clock);
    case 'limit':
      return new First(plan.count);
    case 'window':
      return new Windowing(plan, clock);
    case 'series':
      return new SeriesMaking(plan, clock);
    case 'scan':
      return new Scanning(plan, clock);
  }
}

/** Rows with the same values in every column, once. */
class Different implements Collector {
  private readonly budget: Budget | undefined;
  private readonly found = new Map<string, Row>();

  constructor(budget: Budget | undefined) {
    this.budget = budget;
  }

  push(row: Row): void {
    const key = keyOfAll([...row.columns].flat());
    if (this.found.has(key)) return;
    this.budget?.keep(row);
    this.found.set(key, row);
  }

  rows(): Iterable<Row> {
    return this.found.values();
  }

  references(): Iterable<RecordId> {
    return recordsOf(this.found.values());
  }

  snapshot(): Json {
    return [...this.found.values()].map(storeEngineRow);
  }

  restore(stored: Json, eventOf: EventOf): void {
    for (const row of readArray(stored)) this.push(readEngineRow(row, eventOf));
  }
}

class First extends KeepingRows {
  private readonly most: number;

  constructor(most: number) {
    super();
    this.most = most;
  }

  get isFull(): boolean {
    return this.kept.length >= this.most;
  }

  push(row: Row): void {
    if (!this.isFull) this.kept.push(row);
  }

  rows(): Iterable<Row> {
    return this.kept;
  }
}
