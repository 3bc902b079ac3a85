import type { Distinct, Limit, Order, Plan, Summarize } from '../../../ir/plan.ts';
import { keyOfAll } from '../../../values/key.ts';
import type { Clock, Row } from '../row.ts';
import type { Collector } from './collector.ts';
import { Ordering } from './order.ts';
import { Summarizing } from './summarize.ts';

/** Operators over the rows of one input together. */
export type Unary = Summarize | Distinct | Order | Limit;

export function isUnary(plan: Plan): plan is Unary {
  return plan.kind === 'summarize' || plan.kind === 'distinct' || plan.kind === 'order' || plan.kind === 'limit';
}

export function compileUnary(plan: Unary, clock: Clock): Collector {
  switch (plan.kind) {
    case 'summarize':
      return new Summarizing(plan, clock);
    case 'distinct':
      return new Different();
    case 'order':
      return new Ordering(plan, clock);
    case 'limit':
      return new First(plan.count);
  }
}

/** Rows with the same values in every column, once. */
class Different implements Collector {
  private readonly found = new Map<string, Row>();

  push(row: Row): void {
    const key = keyOfAll([...row.columns].flat());
    if (!this.found.has(key)) this.found.set(key, row);
  }

  rows(): Iterable<Row> {
    return this.found.values();
  }
}

class First implements Collector {
  private readonly most: number;
  private readonly found: Row[] = [];

  constructor(most: number) {
    this.most = most;
  }

  get isFull(): boolean {
    return this.found.length >= this.most;
  }

  push(row: Row): void {
    if (!this.isFull) this.found.push(row);
  }

  rows(): Iterable<Row> {
    return this.found;
  }
}
