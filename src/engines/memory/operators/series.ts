import type { Json } from '../../../base/json.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { Series } from '../../../ir/plan/plan.ts';
import { MOST_BINS } from '../../../ir/plan/relational.ts';
import { readArray, readBigInt, readValue, storeValue } from '../../../state/plain.ts';
import type { RecordId } from '../../../state/state-row.ts';
import { keyOfAll } from '../../../values/key.ts';
import type { Value } from '../../../values/value.ts';
import { compileExpr, type Evaluate } from '../compile.ts';
import type { Clock, Row } from '../row.ts';
import { type Aggregator, compileAggregate, restoreAll } from './aggregator.ts';
import { axisOf, type BinAxis } from './bin-axis.ts';
import type { Collector } from './collector.ts';

/** The rows of one group: the aggregators of those bins that have any. */
interface OneSeries {
  readonly keys: readonly Value[];
  readonly bins: Map<bigint, readonly Aggregator[]>;
}

export class SeriesMaking implements Collector {
  private readonly plan: Series;
  private readonly axis: BinAxis;
  private readonly by: readonly Evaluate[];
  private readonly position: Evaluate;
  private readonly makers: readonly (() => Aggregator)[];
  private readonly fills: readonly Value[];
  private readonly series = new Map<string, OneSeries>();
  /** The first place on the axis that a row had: an axis without ends is like it. */
  private first: Value;

  constructor(plan: Series, clock: Clock) {
    const constant = (expr: Expr | null): Value =>
      expr === null ? null : compileExpr(expr, clock)({ event: undefined, columns: new Map() });
    const { axis, by, aggregates } = plan;
    this.plan = plan;
    this.axis = axisOf(constant(axis.from), constant(axis.to), constant(axis.step));
    this.by = by.map(({ expr }) => compileExpr(expr, clock));
    this.position = compileExpr(axis.expr, clock);
    this.makers = aggregates.map((aggregate) => compileAggregate(aggregate, clock));
    this.fills = aggregates.map(({ fill }) => constant(fill));
  }

  push(row: Row): void {
    const position = this.position(row);
    const bin = this.axis.binOf(position);
    if (bin === undefined) return;
    this.first ??= position;
    for (const aggregator of this.aggregatorsOf(
      this.by.map((key) => key(row)),
      bin,
    ))
      aggregator.add(row);
  }

  *rows(): Generator<Row> {
    const { whenEmpty, by } = this.plan;
    for (const series of this.series.values()) yield this.row(series);
    if (this.series.size > 0 || whenEmpty === 'none' || by.length > 0) return;
    const nothing: OneSeries = { keys: [], bins: new Map() };
    if (this.binsOf(nothing).length > 0) yield this.row(nothing);
  }

  references(): Iterable<RecordId> {
    return [];
  }

  snapshot(): Json {
    const series = [...this.series.values()].map(({ keys, bins }) => [
      keys.map(storeValue),
      [...bins].map(([bin, aggregators]) => [bin.toString(), aggregators.map((aggregator) => aggregator.snapshot())]),
    ]);
    return [storeValue(this.first), series];
  }

  restore(stored: Json): void {
    const [first, all] = readArray(stored);
    this.first = readValue(first);
    if (this.first !== undefined) this.axis.binOf(this.first);
    for (const series of readArray(all)) {
      const [storedKeys, bins] = readArray(series);
      const keys = readArray(storedKeys).map(readValue);
      for (const one of readArray(bins)) {
        const [bin, aggregates] = readArray(one);
        restoreAll(this.aggregatorsOf(keys, readBigInt(bin)), aggregates);
      }
    }
  }

  private aggregatorsOf(keys: readonly Value[], bin: bigint): readonly Aggregator[] {
    const id = keyOfAll(keys);
    const series = this.series.get(id) ?? { keys, bins: new Map<bigint, readonly Aggregator[]>() };
    this.series.set(id, series);
    const aggregators = series.bins.get(bin) ?? this.makers.map((make) => make());
    series.bins.set(bin, aggregators);
    return aggregators;
  }

  private row(series: OneSeries): Row {
    const { by, aggregates, axis } = this.plan;
    const bins = this.binsOf(series);
    const columns = new Map<string, Value>(by.map(({ name }, at) => [name, series.keys[at]]));
    for (const [place, { names }] of aggregates.entries()) {
      for (const [at, name] of names.entries()) {
        columns.set(
          name,
          bins.map((bin) => {
            const aggregator = series.bins.get(bin)?.[place];
            return (aggregator === undefined ? this.fills[place] : aggregator.values()[at]) ?? null;
          }),
        );
      }
    }
    columns.set(
      axis.name,
      bins.map((bin) => this.axis.startOf(bin)),
    );
    return { event: undefined, columns };
  }

  /** The bins from the first to the last, also those without rows. */
  private binsOf({ bins }: OneSeries): readonly bigint[] {
    const held = [...bins.keys()].sort((a, b) => (a < b ? -1 : 1));
    const first = this.axis.first ?? held[0] ?? 0n;
    const last = this.axis.last ?? held.at(-1) ?? first - 1n;
    const count = last < first ? 0 : Math.min(MOST_BINS, Number(last - first) + 1);
    return Array.from({ length: count }, (_, at) => first + BigInt(at));
  }
}
