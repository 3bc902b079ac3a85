import type { NamedExpr, Plan } from '../../../ir/plan/plan.ts';
import { type RowLocal, rowPath } from '../../../ir/plan/row-path.ts';
import type { Value } from '../../../values/value.ts';
import { compileExpr, compilePredicate } from '../compile.ts';
import type { Clock, Row } from '../row.ts';
import { compileUnnest } from './unnest.ts';
import { compileUnpack } from './unpack.ts';

/** What a row becomes: none where a filter drops it, several where it is unnested. */
export type RowStep = (row: Row) => readonly Row[];

const NONE: readonly Row[] = [];

/** The step that changes nothing. */
export const AS_IT_IS: RowStep = (row) => [row];

/** One step after the other. */
export function joined(first: RowStep, then: RowStep): RowStep {
  if (first === AS_IT_IS) return then;
  if (then === AS_IT_IS) return first;
  return (row) => {
    const rows = first(row);
    const [only] = rows;
    if (only === undefined) return NONE;
    return rows.length === 1 ? then(only) : rows.flatMap(then);
  };
}

/** A row-local pipeline as one function of the rows of what it stands on, which is not run. */
export function compilePipeline(plan: Plan, clock: Clock): RowStep {
  const { below, steps } = rowPath(plan);
  if (below.kind === 'never') return () => NONE;
  return steps.map((step) => compileRowStep(step, clock)).reduce(joined, AS_IT_IS);
}

export function compileRowStep(plan: RowLocal, clock: Clock): RowStep {
  switch (plan.kind) {
    case 'where': {
      const predicate = compilePredicate(plan.predicate, clock);
      return (row) => (predicate(row) === true ? [row] : NONE);
    }
    case 'extend': {
      const make = compileColumns(plan.columns, clock);
      return (row) => [{ ...row, columns: new Map([...row.columns, ...make(row)]) }];
    }
    case 'project': {
      const make = compileColumns(plan.columns, clock);
      return (row) => [{ ...row, columns: new Map(make(row)) }];
    }
    case 'unpack':
      return compileUnpack(plan, clock);
    case 'unnest':
      return compileUnnest(plan, clock);
    case 'ask':
      throw new Error('Python is asked by the session, before the rows that it lets pass go on');
  }
}

function compileColumns(columns: readonly NamedExpr[], clock: Clock): (row: Row) => [string, Value][] {
  const compiled = columns.map(({ name, expr }) => ({ name, evaluate: compileExpr(expr, clock) }));
  return (row) => compiled.map(({ name, evaluate }) => [name, evaluate(row)]);
}
