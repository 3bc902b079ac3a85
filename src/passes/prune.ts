import { field } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import { aggregates } from '../ir/functions/aggregates.ts';
import { inputExpressions, mapKeyedInputs } from '../ir/plan/keyed-inputs.ts';
import { madeNames } from '../ir/plan/made.ts';
import { joinExpressions } from '../ir/plan/map-expressions.ts';
import type {
  Aggregate,
  Apply,
  ColumnType,
  Extend,
  Join,
  NamedExpr,
  Plan,
  Project,
  Summarize,
  Unnest,
  Unpack,
  Where,
  Window,
} from '../ir/plan/plan.ts';
import { keptSide } from '../ir/plan/relational.ts';
import { anywhere, expressions, groupColumns } from '../ir/traverse.ts';
import { columnsOf } from './columns.ts';
import { decidesRecords } from './decides-records.ts';

type Names = ReadonlySet<string>;

/**
 * Asks from the end backwards what is used of each operator: columns that nobody uses are not made. Where rows meet others,
 * the row-local part that they come from ends in a projection to what is used of it, so that no row is kept for more.
 * `result`: the columns of the whole plan; undefined where its rows stand for records, and no column is asked of them.
 */
export function prune(plan: Plan, result: readonly ColumnType[] | undefined): Plan {
  const wanted = new Set(result?.map(({ name }) => name));
  const pruned = asked(plan, wanted);
  return result === undefined || hasExactly(pruned, wanted) || isUnpacked(pruned) ? pruned : projection(pruned, wanted);
}

/** What comes together with other rows: a row-local part is closed. */
function asked(plan: Plan, wanted: Names): Plan {
  const pruned = used(plan, wanted);
  const isOpen = wanted.size > 0 && decidesRecords(pruned) && pruned.kind !== 'project';
  return isOpen ? projection(pruned, wanted) : pruned;
}

function projection(input: Plan, names: Names): Project {
  return { kind: 'project', input, columns: [...names].map((name) => ({ name, expr: field(name) })) };
}

/** Whether which columns there are is known from the rows alone. */
function isUnpacked(plan: Plan): boolean {
  return columnsOf(plan).open.some(({ kind }) => kind === 'unpack');
}

function hasExactly(plan: Plan, wanted: Names): boolean {
  const { made, open } = columnsOf(plan);
  return open.length === 0 && made.size === wanted.size && [...wanted].every((name) => made.has(name));
}

/** An operator without what is not wanted of it, over inputs without what it does not use itself. */
function used(plan: Plan, wanted: Names): Plan {
  switch (plan.kind) {
    case 'source':
    case 'records':
    case 'never':
    case 'rows':
    case 'input':
    case 'table':
    case 'matches':
      return plan;
    case 'shared':
      return { ...plan, columns: plan.columns.filter(({ name }) => wanted.has(name)) };
    case 'where':
      return { ...plan, input: below(plan, joined(wanted, expressions(plan))) };
    case 'extend':
      return extended(plan, wanted);
    case 'unnest': {
      const made = new Set(madeNames(plan));
      const others = new Set([...wanted].filter((name) => !made.has(name)));
      return { ...plan, input: below(plan, joined(others, expressions(plan))) };
    }
    case 'unpack':
      // Any of its columns may be a member's.
      return { ...plan, input: below(plan, new Set(columnsOf(plan.input).made.keys())) };
    case 'scan': {
      const made = new Set([...madeNames(plan), ...plan.reads.map(({ name }) => name)]);
      const remembered = plan.reads.map(({ column }) => column);
      const used = joined(new Set([...wanted, ...remembered]), expressions(plan));
      return { ...plan, input: asked(plan.input, new Set([...used].filter((name) => !made.has(name)))) };
    }
    case 'project':
      return projected(plan, wanted);
    case 'ask':
      return { ...plan, input: used(plan.input, wanted) };
    case 'summarize':
      return summarized(plan, wanted);
    case 'distinct':
      // Rows differ by every column that they have.
      return { ...plan, input: asked(plan.input, new Set(columnsOf(plan.input).made.keys())) };
    case 'order':
      return { ...plan, input: asked(plan.input, joined(wanted, expressions(plan))) };
    case 'limit':
      return { ...plan, input: asked(plan.input, wanted) };
    case 'union':
      return { ...plan, inputs: plan.inputs.map((input) => asked(input, wanted)) };
    case 'join':
      return joinPruned(plan, wanted);
    case 'apply':
      return applied(plan, wanted);
    case 'window':
      return windowed(plan, wanted);
    case 'series': {
      const aggregates = plan.aggregates.filter(({ names }) => names.some((name) => wanted.has(name)));
      const pruned = { ...plan, aggregates };
      return { ...pruned, input: asked(plan.input, joined(NOTHING, expressions(pruned))) };
    }
    case 'threshold':
    case 'first-seen':
    case 'sequence':
      // What is kept of rows is told of a match, whoever asks.
      return mapKeyedInputs(plan, (input) => ({
        ...input,
        plan: asked(input.plan, joined(NOTHING, inputExpressions(input))),
      }));
  }
}

/** The input of a step that decides rows one by one: it goes on with the step, or is where records end and their rows begin. */
function below(plan: Where | Extend | Project | Unnest | Unpack, names: Names): Plan {
  return decidesRecords(plan) ? used(plan.input, names) : asked(plan.input, names);
}

function extended(plan: Extend, wanted: Names): Plan {
  const columns = plan.columns.filter(({ name }) => wanted.has(name));
  const made = new Set(columns.map(({ name }) => name));
  const others = new Set([...wanted].filter((name) => !made.has(name)));
  if (columns.length === 0) return below(plan, others);
  const exprs = columns.map(({ expr }) => expr);
  return { ...plan, columns, input: below(plan, joined(others, exprs)) };
}

function projected(plan: Project, wanted: Names): Plan {
  const columns = plan.columns.filter(({ name }) => wanted.has(name));
  const exprs = columns.map(({ expr }) => expr);
  const input = below(plan, joined(NOTHING, exprs));
  // Without any column it still hides those below it from whoever asks for one.
  return wanted.size === 0 || repeats(columns, input) ? input : { ...plan, columns, input };
}

/** Whether a projection only says again what the one below it says. */
function repeats(columns: readonly NamedExpr[], input: Plan): boolean {
  if (input.kind !== 'project' || input.columns.length !== columns.length) return false;
  return columns.every(({ name, expr }, place) => {
    const isSame = (expr.kind === 'field' && expr.of === undefined) || expr.kind === 'column';
    return isSame && expr.name === name && input.columns[place]?.name === name;
  });
}

const NOTHING: Names = new Set();

function summarized(plan: Summarize, wanted: Names): Plan {
  const kept = plan.aggregates.flatMap((aggregate) => narrowed(aggregate, wanted) ?? []);
  const exprs = [...plan.by.map(({ expr }) => expr), ...kept.flatMap(({ args }) => args)];
  return { ...plan, aggregates: kept, input: asked(plan.input, joined(NOTHING, exprs)) };
}

/** An aggregate that gives several columns keeps those that are wanted, and the first, which may choose the row. */
function narrowed(aggregate: Aggregate, wanted: Names): Aggregate | undefined {
  if (!aggregate.names.some((name) => wanted.has(name))) return undefined;
  if (aggregates[aggregate.fn].parameters !== 'each') return aggregate;
  const isKept = (place: number): boolean => place === 0 || wanted.has(aggregate.names[place] ?? '');
  return {
    ...aggregate,
    names: aggregate.names.filter((_, place) => isKept(place)),
    args: aggregate.args.filter((_, place) => isKept(place)),
  };
}

function joinPruned(plan: Join, wanted: Names): Plan {
  const { into } = plan;
  // Rows with a list that nobody reads are the rows.
  if (into !== undefined && !wanted.has(into)) return asked(plan.left, wanted);
  const kept = keptSide(plan.flavour);
  const ofPairs = joined(kept === undefined ? wanted : NOTHING, plan.residual === undefined ? [] : [plan.residual]);
  const pruned = { ...plan, columns: plan.columns.filter(({ name }) => into !== undefined || ofPairs.has(name)) };
  const sides = joinExpressions(pruned);
  const ofLeft = new Set([...wanted].filter((name) => name !== into));
  return {
    ...pruned,
    left: asked(plan.left, joined(kept === 'left' ? ofLeft : NOTHING, sides.left)),
    right: asked(plan.right, joined(kept === 'right' ? wanted : NOTHING, sides.right)),
  };
}

/** What the body reads of a group is said by the columns of its input. */
function applied(plan: Apply, wanted: Names): Plan {
  const keep = plan.keep.filter(({ name }) => wanted.has(name));
  const kept = new Set(keep.map(({ name }) => name));
  const ofBody = new Set([...wanted].filter((name) => !kept.has(name)));
  const pruned = { ...plan, keep, body: asked(plan.body, ofBody) };
  const read = new Set(groupColumns(plan).map(({ name }) => name));
  return { ...pruned, input: asked(plan.input, joined(read, expressions(pruned))) };
}

function windowed(plan: Window, wanted: Names): Plan {
  const columns = plan.columns.filter(({ name }) => wanted.has(name));
  const made = new Set(columns.map(({ name }) => name));
  const others = new Set([...wanted].filter((name) => !made.has(name)));
  if (columns.length === 0) return asked(plan.input, others);
  const pruned = { ...plan, columns };
  return { ...pruned, input: asked(plan.input, joined(others, expressions(pruned))) };
}

/** Names, and the columns that expressions read. */
function joined(names: Names, exprs: readonly Expr[]): Names {
  const all = new Set(names);
  for (const expr of exprs) {
    anywhere(expr, (node) => {
      if (node.kind === 'column' || (node.kind === 'field' && node.of === undefined)) all.add(node.name);
      return false;
    });
  }
  return all;
}
