import type { Scan } from '../../../ir/plan/plan.ts';
import type { ScanStep } from '../../../ir/plan/relational.ts';
import { keyOfAll } from '../../../values/key.ts';
import type { Value } from '../../../values/value.ts';
import type { Budget } from '../budget.ts';
import { compileExpr, compilePredicate, type Decide, type Evaluate } from '../compile.ts';
import type { Clock, Row } from '../row.ts';
import { KeepingRows } from './keeping-rows.ts';
import { compileSort } from './order.ts';

interface CompiledStep {
  readonly step: ScanStep;
  readonly fits: Decide;
  readonly assigns: readonly { readonly name: string; readonly of: Evaluate }[];
}

/** What a step remembers: the sequence that came as far as it, and the last row of each of its steps. */
interface Sequence {
  readonly id: bigint;
  readonly rows: ReadonlyMap<string, Row>;
}

const NOTHING: ReadonlyMap<string, Row> = new Map();

export class Scanning extends KeepingRows {
  private readonly plan: Scan;
  private readonly budget: Budget | undefined;
  private readonly partitionOf: (row: Row) => string;
  private readonly sorted: <R extends Row>(rows: readonly R[]) => R[];
  private readonly declares: readonly { readonly name: string; readonly of: Evaluate }[];
  private readonly steps: readonly CompiledStep[];

  constructor(plan: Scan, clock: Clock) {
    super();
    this.plan = plan;
    this.budget = clock.budget;
    const keys = plan.partition.map((expr) => compileExpr(expr, clock));
    this.partitionOf = (row) => keyOfAll(keys.map((key) => key(row)));
    this.sorted = compileSort(plan.order, clock);
    this.declares = plan.declares.map(({ name, expr }) => ({ name, of: compileExpr(expr, clock) }));
    this.steps = plan.steps.map((step) => ({
      step,
      fits: compilePredicate(step.condition, clock),
      assigns: step.assigns.map(({ name, expr }) => ({ name, of: compileExpr(expr, clock) })),
    }));
  }

  push(row: Row): void {
    this.budget?.keep(row);
    this.kept.push(row);
  }

  *rows(): Generator<Row> {
    const partitions = new Map<string, Row[]>();
    for (const row of this.kept) {
      const key = this.partitionOf(row);
      const same = partitions.get(key);
      if (same === undefined) partitions.set(key, [row]);
      else same.push(row);
    }
    for (const partition of partitions.values()) yield* this.scan(this.sorted(partition));
  }

  private *scan(rows: readonly Row[]): Generator<Row> {
    const states: (Sequence | undefined)[] = this.steps.map(() => undefined);
    /** The last rows of steps that give only those. */
    const held: (Row | undefined)[] = this.steps.map(() => undefined);
    let next = 0n;
    for (const given of rows) {
      this.budget?.step();
      const row = this.withDeclared(given);
      for (let at = this.steps.length - 1; at >= 0; at -= 1) {
        const compiled = this.steps[at];
        if (compiled === undefined) continue;
        const before = states[at - 1];
        let fitted: Row | undefined;
        if (before !== undefined && this.isFit(compiled, row, before)) {
          // The sequence comes from the step before, which is free for another.
          const done = held[at];
          if (done !== undefined) yield done;
          fitted = this.assigned(compiled, row, before, before.id);
          states[at] = reached(before, compiled.step.name, fitted);
          states[at - 1] = undefined;
          const last = held[at - 1];
          held[at - 1] = undefined;
          if (last !== undefined) yield last;
        } else {
          const own = states[at];
          if (own === undefined && at > 0) continue;
          const sequence = own ?? { id: next, rows: NOTHING };
          if (!this.isFit(compiled, row, sequence)) continue;
          if (own === undefined) next += 1n;
          fitted = this.assigned(compiled, row, sequence, sequence.id);
          states[at] = reached(sequence, compiled.step.name, fitted);
        }
        if (compiled.step.output === 'all') yield fitted;
        else if (compiled.step.output === 'last') held[at] = fitted;
      }
    }
    for (const last of held) if (last !== undefined) yield last;
  }

  private withDeclared(row: Row): Row {
    const columns = new Map(row.columns);
    for (const { name, of } of this.declares) columns.set(name, of(row));
    return { ...row, columns };
  }

  private isFit({ fits }: CompiledStep, row: Row, sequence: Sequence): boolean {
    return fits(this.remembering(row, sequence)) === true;
  }

  private assigned({ assigns }: CompiledStep, row: Row, sequence: Sequence, id: bigint): Row {
    const seen = this.remembering(row, sequence);
    const columns = new Map(row.columns);
    for (const { name, of } of assigns) columns.set(name, of(seen));
    if (this.plan.matchId !== undefined) columns.set(this.plan.matchId, id);
    return { ...row, columns };
  }

  /** The row with what steps remember; a declared column of a step that no row has fitted is as it was declared. */
  private remembering(row: Row, { rows }: Sequence): Row {
    const columns = new Map<string, Value>(row.columns);
    const declared = new Set(this.declares.map(({ name }) => name));
    for (const { name, step, column } of this.plan.reads) {
      const last = rows.get(step);
      columns.set(
        name,
        last === undefined ? (declared.has(column) ? row.columns.get(column) : null) : last.columns.get(column),
      );
    }
    return { ...row, columns };
  }
}

function reached({ id, rows }: Sequence, step: string, row: Row): Sequence {
  return { id, rows: new Map([...rows, [step, row]]) };
}
