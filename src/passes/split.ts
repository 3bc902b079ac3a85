import { readsClock } from '../ir/clock.ts';
import { and, field } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import { inputExpressions, mapKeyedInputs } from '../ir/keyed-inputs.ts';
import { madeNames } from '../ir/made.ts';
import type { ColumnType, Input, Plan } from '../ir/plan.ts';
import type { PythonProgram } from '../ir/python.ts';
import { rowPath } from '../ir/row-path.ts';
import { readsShared } from '../ir/shared.ts';
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

/** What the operators above make use of. */
interface Wanted {
  /** The columns that they read by name. */
  readonly names: ReadonlySet<string>;
  /** Whether rows go on as they are, with whatever they have. */
  readonly all: boolean;
}

/**
 * Cuts a distributed plan into row-local parts, which can run while records stream by, and the rest, which needs their rows
 * together, or those of a shared plan. A part whose rows meet others makes the columns that are read above it (`result`: the
 * columns of the whole plan, where it is known), and only those where rows do not go on as they are.
 */
export function split(plan: Plan, result: readonly ColumnType[] | undefined): SplitPlan {
  const feeds: Feed[] = [];
  const names = new Set(result?.map((column) => column.name));
  const rest = cut(plan, { names, all: result === undefined }, feeds);
  return { feeds, rest };
}

function cut(plan: Plan, wanted: Wanted, feeds: Feed[]): Plan {
  if (decidesRecords(plan)) {
    const columns = plan.kind === 'project' ? madeNames(plan) : [...wanted.names];
    return feed(feeds, close(plan, wanted), columns);
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
    case 'extend':
    case 'unnest': {
      const made = new Set(madeNames(plan));
      const names = new Set([...wanted.names].filter((name) => !made.has(name)));
      return { ...plan, input: cut(plan.input, adding({ ...wanted, names }, expressions(plan)), feeds) };
    }
    case 'ask':
      if (!decidesRecords(plan.input))
        throw new Error('Python is asked of records, not of rows that are made of several');
      return feed(feeds, plan.input, [], plan.program);
    case 'project':
    case 'summarize':
      return { ...plan, input: cut(plan.input, adding(NOTHING, expressions(plan)), feeds) };
    case 'distinct':
      // It looks at every column there is.
      return { ...plan, input: cut(plan.input, { ...wanted, all: true }, feeds) };
    case 'limit':
      return { ...plan, input: cut(plan.input, wanted, feeds) };
    case 'union':
      return { kind: 'union', inputs: plan.inputs.map((input) => cut(input, wanted, feeds)) };
    case 'correlate': {
      const inputs = plan.inputs.map((input) => ({
        ...input,
        plan: cut(input.plan, adding(NOTHING, correlateExpressions(input)), feeds),
      }));
      return { ...plan, inputs };
    }
    case 'matches':
      return plan;
    case 'threshold':
    case 'first-seen':
    case 'sequence':
      return mapKeyedInputs(plan, (input) => ({
        ...input,
        plan: cut(input.plan, adding(NOTHING, inputExpressions(input)), feeds),
      }));
  }
}

const NOTHING: Wanted = { names: new Set(), all: false };

/** `columns`: those that the rest may read. */
function feed(feeds: Feed[], plan: Plan, columns: readonly string[], program?: PythonProgram): Input {
  const name = `feed ${feeds.length}`;
  feeds.push({ name, plan, ...(program !== undefined && { program }) });
  return { kind: 'input', name, columns: columns.map((column) => ({ name: column, type: 'dynamic' })) };
}

/** Whether the plan decides records one by one, and without Python or the rows of a shared plan. */
function decidesRecords(plan: Plan): boolean {
  const { below, steps } = rowPath(plan);
  if (below.kind !== 'source' && below.kind !== 'records' && below.kind !== 'matches') return false;
  return steps.every((step) => step.kind !== 'ask' && !expressions(step).some(readsShared));
}

/** Makes the columns that operators above will read, where the pipeline does not end in a projection itself. */
function close(plan: Plan, { names, all }: Wanted): Plan {
  if (plan.kind === 'project' || (all && names.size === 0)) return plan;
  const columns = [...names].map((name) => ({ name, expr: field(name) }));
  return { kind: all ? 'extend' : 'project', input: plan, columns };
}

function adding({ names, all }: Wanted, exprs: readonly Expr[]): Wanted {
  const added = new Set(names);
  for (const expr of exprs) {
    anywhere(expr, (node) => {
      if (node.kind === 'field' && node.of === undefined) added.add(node.name);
      return false;
    });
  }
  return { names: added, all };
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
