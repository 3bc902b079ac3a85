import { readsClock } from '../ir/clock.ts';
import { and } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import type { Plan } from '../ir/plan/plan.ts';
import type { Query, SharedPlan } from '../ir/plan/query.ts';
import { rowPath } from '../ir/plan/row-path.ts';
import type { PythonProgram } from '../ir/rule/python.ts';
import { expressions, mapInputs } from '../ir/traverse.ts';
import { columnsOf, columnTypes } from './columns.ts';
import { decidesRecords } from './decides-records.ts';

/** A row-local part of a plan: a pipeline of filters and columns over one source. Each record is decided by itself. */
export interface Feed {
  readonly name: string;
  readonly plan: Plan;
  /** What decides the rows that come out of the pipeline. */
  readonly program?: PythonProgram;
}

export interface SplitQuery {
  readonly feeds: readonly Feed[];
  /** What is left of the shared plans, over `input` nodes named as the feeds. */
  readonly shared: readonly SharedPlan[];
  /** What is left of the result; a lone input when the whole plan is row-local. */
  readonly rest: Plan;
}

/**
 * Cuts the distributed and pruned plans of a query into row-local parts, which can run while records stream by, and the rest, which
 * needs their rows together, or those of a shared plan, and knows them by their columns.
 */
export function splitQuery({ shared, result }: Query): SplitQuery {
  const feeds: Feed[] = [];
  const cutShared = shared.map(({ name, plan }) => ({ name, plan: cut(plan, feeds) }));
  return { feeds, shared: cutShared, rest: cut(result, feeds) };
}

function cut(plan: Plan, feeds: Feed[]): Plan {
  if (!decidesRecords(plan) && plan.kind !== 'ask') return mapInputs(plan, (input) => cut(input, feeds));
  const name = `feed ${feeds.length}`;
  if (plan.kind !== 'ask') feeds.push({ name, plan });
  else if (decidesRecords(plan.input)) feeds.push({ name, plan: plan.input, program: plan.program });
  else throw new Error('Python is asked of records, not of rows that are made of several');
  return { kind: 'input', name, columns: columnTypes(columnsOf(plan)) };
}

/**
 * Divides a row-local pipeline for a run whose time is not known until its end: `early` are the filters that need no clock
 * and stand before any new column, `late` is the whole pipeline. A row that fails `early` fails `late` at any time.
 */
export function untilTimeIsKnown(plan: Plan): { readonly early: Plan; readonly usesClock: boolean } {
  const { below: source, steps } = rowPath(plan);
  const usesClock = [source, ...steps].some((node) => expressions(node).some(readsClock));
  const conditions: Expr[] = [];
  for (const node of steps) {
    if (node.kind !== 'where') break;
    const conjuncts = node.predicate.kind === 'and' ? node.predicate.items : [node.predicate];
    conditions.push(...conjuncts.filter((conjunct) => !readsClock(conjunct)));
  }
  const early: Plan = conditions.length === 0 ? source : { kind: 'where', input: source, predicate: and(conditions) };
  return { early, usesClock };
}
