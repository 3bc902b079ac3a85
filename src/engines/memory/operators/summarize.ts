import type { Json } from '../../../base/json.ts';
import type { Summarize } from '../../../ir/plan/plan.ts';
import { readArray, readValue, storeValue } from '../../../state/plain.ts';
import type { RecordId } from '../../../state/state-row.ts';
import { keyOfAll } from '../../../values/key.ts';
import type { Value } from '../../../values/value.ts';
import type { Budget } from '../budget.ts';
import { compileExpr, type Evaluate } from '../compile.ts';
import type { Clock, Row } from '../row.ts';
import { type Aggregator, compileAggregate, restoreAll } from './aggregator.ts';
import type { Collector } from './collector.ts';

interface Group {
  readonly keys: readonly Value[];
  readonly aggregators: readonly Aggregator[];
}

/** Groups in the order in which their first row came. Without `by`, no rows still make one group. */
export class Summarizing implements Collector {
  private readonly plan: Summarize;
  private readonly by: readonly Evaluate[];
  private readonly makers: readonly (() => Aggregator)[];
  private readonly budget: Budget | undefined;
  private readonly groups = new Map<string, Group>();

  constructor(plan: Summarize, clock: Clock) {
    this.plan = plan;
    this.budget = clock.budget;
    this.by = plan.by.map(({ expr }) => compileExpr(expr, clock));
    this.makers = plan.aggregates.map((aggregate) => compileAggregate(aggregate, clock));
    if (plan.by.length === 0) this.group([]);
  }

  push(row: Row): void {
    const { aggregators } = this.group(this.by.map((key) => key(row)));
    for (const aggregator of aggregators) aggregator.add(row);
  }

  *rows(): Generator<Row> {
    const { by, aggregates } = this.plan;
    for (const { keys, aggregators } of this.groups.values()) {
      const columns = new Map(by.map(({ name }, at) => [name, keys[at]]));
      for (const [at, { names }] of aggregates.entries()) {
        const values = aggregators[at]?.values() ?? [];
        for (const [place, name] of names.entries()) columns.set(name, values[place]);
      }
      yield { event: undefined, columns };
    }
  }

  references(): Iterable<RecordId> {
    return [];
  }

  snapshot(): Json {
    return [...this.groups.values()].map(({ keys, aggregators }) => [
      keys.map(storeValue),
      aggregators.map((aggregator) => aggregator.snapshot()),
    ]);
  }

  restore(stored: Json): void {
    for (const group of readArray(stored)) {
      const [keys, aggregates] = readArray(group);
      restoreAll(this.group(readArray(keys).map(readValue)).aggregators, aggregates);
    }
  }

  private group(keys: readonly Value[]): Group {
    const id = keyOfAll(keys);
    const known = this.groups.get(id);
    if (known !== undefined) return known;
    this.budget?.keep();
    for (const key of keys) this.budget?.hold(key);
    const group = { keys, aggregators: this.makers.map((make) => make()) };
    this.groups.set(id, group);
    return group;
  }
}
