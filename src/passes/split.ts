import { readsClock } from '../ir/clock.ts';
import { and, field } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import type { ColumnType, Plan } from '../ir/plan.ts';
import type { PythonProgram } from '../ir/python.ts';
import { anywhere, correlateExpressions, expressions } from '../ir/traverse.ts';

/** A row-local part of a plan: a pipeline of filters and columns over one source. Each record is decided by itself. */
export interface Feed {
  readonly name: string;
  readonly plan: Plan;
  /** What decides the rows that come out of the pipeline. */
  readonly program?: PythonProgram;
}

export interface SplitPlan {
  readonly feeds: readonly Feed[];
  /** What is left, over `input` nodes named as the feeds; a lone input when the whole plan is row-local. */
  readonly rest: Plan;
}

/**
 * Cuts a distributed plan into row-local parts, which can run while records stream by, and the rest, which needs their rows
 * together. A part whose rows meet others is closed by a projection to
 * the columns that are used above it (`result`: the columns of the whole plan, where it is known).
 */
export function split(plan: Plan, result: readonly ColumnType[] | undefined): SplitPlan {
  const feeds: Feed[] = [];
  const rest = cut(
    plan,
    result?.map((column) => column.name),
    feeds,
  );
  return { feeds, rest };
}

/** `wanted`: the names that the operators above use; undefined while none has said what it keeps. */
function cut(plan: Plan, wanted: readonly string[] | undefined, feeds: Feed[]): Plan {
  if (isRowLocal(plan)) {
    const name = `feed ${feeds.length}`;
    feeds.push({ name, plan: close(plan, wanted) });
    return { kind: 'input', name, columns: [] };
  }
  switch (plan.kind) {
    case 'source':
    case 'records':
    case 'never':
    case 'rows':
    case 'input':
      return plan;
    case 'where':
    case 'order':
      return { ...plan, input: cut(plan.input, adding(wanted, expressions(plan)), feeds) };
    case 'extend': {
      const made = new Set(plan.columns.map((column) => column.name));
      const kept = wanted?.filter((name) => !made.has(name));
      return { ...plan, input: cut(plan.input, adding(kept, expressions(plan)), feeds) };
    }
    case 'ask': {
      if (!isRowLocal(plan.input)) throw new Error('Python is asked of records, not of rows that are made of several');
      const name = `feed ${feeds.length}`;
      feeds.push({ name, plan: plan.input, program: plan.program });
      return { kind: 'input', name, columns: [] };
    }
    case 'project':
    case 'summarize':
      return { ...plan, input: cut(plan.input, adding([], expressions(plan)), feeds) };
    case 'distinct':
    case 'limit':
      return { ...plan, input: cut(plan.input, wanted, feeds) };
    case 'union':
      return { kind: 'union', inputs: plan.inputs.map((input) => cut(input, wanted, feeds)) };
    case 'correlate': {
      const inputs = plan.inputs.map((input) => ({
        ...input,
        plan: cut(input.plan, adding([], correlateExpressions(input)), feeds),
      }));
      return { ...plan, inputs };
    }
  }
}

function isRowLocal(plan: Plan): boolean {
  if (plan.kind === 'source' || plan.kind === 'records') return true;
  return (plan.kind === 'where' || plan.kind === 'extend' || plan.kind === 'project') && isRowLocal(plan.input);
}

/** Makes the columns that operators above will read, where the pipeline does not end in a projection itself. */
function close(plan: Plan, wanted: readonly string[] | undefined): Plan {
  if (wanted === undefined || plan.kind === 'project') return plan;
  const columns = wanted.map((name) => ({ name, expr: field(name) }));
  return { kind: 'project', input: plan, columns };
}

function adding(wanted: readonly string[] | undefined, exprs: readonly Expr[]): readonly string[] | undefined {
  if (wanted === undefined) return undefined;
  const names = new Set(wanted);
  for (const expr of exprs) {
    anywhere(expr, (node) => {
      if (node.kind === 'field' && node.of === undefined) names.add(node.name);
      return false;
    });
  }
  return [...names];
}

/**
 * Divides a row-local pipeline for a run whose time is not known until its end: `early` are the filters that need no clock
 * and stand before any new column, `late` is the whole pipeline. A row that fails `early` fails `late` at any time.
 */
export function untilTimeIsKnown(plan: Plan): { readonly early: Plan; readonly usesClock: boolean } {
  const chain: Plan[] = [];
  for (let node: Plan = plan; ; node = node.input) {
    chain.unshift(node);
    if (node.kind !== 'where' && node.kind !== 'extend' && node.kind !== 'project') break;
  }
  const usesClock = chain.some((node) => expressions(node).some(readsClock));
  const [source] = chain;
  if (source === undefined) return { early: plan, usesClock };
  const conditions: Expr[] = [];
  for (const node of chain.slice(1)) {
    if (node.kind !== 'where') break;
    const conjuncts = node.predicate.kind === 'and' ? node.predicate.items : [node.predicate];
    conditions.push(...conjuncts.filter((conjunct) => !readsClock(conjunct)));
  }
  const early: Plan = conditions.length === 0 ? source : { kind: 'where', input: source, predicate: and(conditions) };
  return { early, usesClock };
}
