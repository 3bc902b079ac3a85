import type { Expr } from './expr.ts';
import { keyedInputs, mapKeyedInputs } from './plan/keyed-inputs.ts';
import { mapExpressions } from './plan/map-expressions.ts';
import type { Apply, ColumnType, Plan, Source } from './plan/plan.ts';

export type ExprKind = Expr['kind'];
type ExprOf<K extends ExprKind> = Extract<Expr, { readonly kind: K }>;

/** What is done for each kind of expression; the compiler asks for every kind. */
export type Handlers<T, C = void> = { readonly [K in ExprKind]: (node: ExprOf<K>, context: C) => T };

/** Does for an expression what there is to do for its kind. `context` is handed on, so that handlers can be made once. */
export function visit<T, C = void>(expr: Expr, handlers: Handlers<T, C>, context: C): T {
  const handle = handlers[expr.kind] as (node: Expr, context: C) => T;
  return handle(expr, context);
}

/** One handler for several kinds: for the kinds that a function has nothing special to do for, which stand in groups. */
export function alike<K extends ExprKind, T, C = void>(
  kinds: readonly K[],
  handle: (node: ExprOf<K>, context: C) => T,
): Pick<Handlers<T, C>, K> {
  return Object.fromEntries(kinds.map((kind) => [kind, handle])) as unknown as Pick<Handlers<T, C>, K>;
}

/** What reads the row. */
export const PLACES = ['field', 'raw', 'column', 'leaves'] as const;
/** What gives a value, and no truth unless the value is one. */
export const VALUES = ['literal', 'missing', 'list', 'field', 'raw', 'column', 'leaves', 'call', 'scalar-of'] as const;
/** Truths made of truths. */
export const LOGIC = ['and', 'or', 'not', 'at-least'] as const;
/** Truths of values. */
export const TESTS = ['exists', 'is-null', 'compare', 'match', 'in-plan'] as const;
/** What chooses among expressions, or gives them variables. */
export const SCOPES = ['cond', 'quantified', 'let'] as const;

/** The expressions directly inside one, in the order they are written. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'literal':
    case 'missing':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'scalar-of':
      return [];
    case 'list':
    case 'and':
    case 'or':
      return expr.items;
    case 'at-least':
      return expr.of;
    case 'call':
      return expr.args;
    case 'cond':
      return [...expr.branches.flatMap((branch) => [branch.when, branch.then]), expr.otherwise];
    case 'not':
      return [expr.item];
    case 'exists':
    case 'is-null':
    case 'match':
    case 'in-plan':
      return [expr.subject];
    case 'compare':
      return [expr.left, expr.right];
    case 'let':
      return [expr.value, expr.body];
    case 'quantified':
      return expr.until === undefined ? [expr.over, expr.body] : [expr.over, expr.body, expr.until];
  }
}

/** The expression with each child replaced by what `change` gives; the same object when none changed. */
export function mapChildren(expr: Expr, change: (child: Expr) => Expr): Expr {
  switch (expr.kind) {
    case 'literal':
    case 'missing':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'scalar-of':
      return expr;
    case 'list':
    case 'and':
    case 'or': {
      const items = mapSame(expr.items, change);
      return items === expr.items ? expr : { ...expr, items };
    }
    case 'at-least': {
      const of = mapSame(expr.of, change);
      return of === expr.of ? expr : { ...expr, of };
    }
    case 'call': {
      const args = mapSame(expr.args, change);
      return args === expr.args ? expr : { ...expr, args };
    }
    case 'cond': {
      const branches = mapSame(expr.branches, (branch) => {
        const when = change(branch.when);
        const then = change(branch.then);
        return when === branch.when && then === branch.then ? branch : { when, then };
      });
      const otherwise = change(expr.otherwise);
      return branches === expr.branches && otherwise === expr.otherwise ? expr : { ...expr, branches, otherwise };
    }
    case 'not': {
      const item = change(expr.item);
      return item === expr.item ? expr : { ...expr, item };
    }
    case 'exists':
    case 'is-null':
    case 'match':
    case 'in-plan': {
      const subject = change(expr.subject);
      return subject === expr.subject ? expr : { ...expr, subject };
    }
    case 'compare': {
      const left = change(expr.left);
      const right = change(expr.right);
      return left === expr.left && right === expr.right ? expr : { ...expr, left, right };
    }
    case 'let': {
      const value = change(expr.value);
      const body = change(expr.body);
      return value === expr.value && body === expr.body ? expr : { ...expr, value, body };
    }
    case 'quantified': {
      const over = change(expr.over);
      const body = change(expr.body);
      const until = expr.until && change(expr.until);
      if (over === expr.over && body === expr.body && until === expr.until) return expr;
      return { ...expr, over, body, ...(until && { until }) };
    }
  }
}

/** Rewrites from the leaves up: children first, then the node itself. */
export function rewrite(expr: Expr, change: (node: Expr) => Expr): Expr {
  return change(mapChildren(expr, (child) => rewrite(child, change)));
}

/** Whether the expression or anything inside it fits. */
export function anywhere(expr: Expr, fits: (node: Expr) => boolean): boolean {
  return fits(expr) || children(expr).some((child) => anywhere(child, fits));
}

/** The plans that feed one. */
export function inputs(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case 'source':
    case 'records':
    case 'never':
    case 'rows':
    case 'input':
    case 'table':
    case 'shared':
    case 'matches':
      return [];
    case 'where':
    case 'extend':
    case 'project':
    case 'unnest':
    case 'unpack':
    case 'scan':
    case 'ask':
    case 'summarize':
    case 'distinct':
    case 'order':
    case 'limit':
    case 'window':
    case 'series':
      return [plan.input];
    case 'union':
      return plan.inputs;
    case 'join':
      return [plan.left, plan.right];
    case 'apply':
      return [plan.input, plan.body];
    case 'threshold':
    case 'first-seen':
    case 'sequence':
      return keyedInputs(plan).map((input) => input.plan);
  }
}

/** The plan with each plan that feeds it replaced by what `change` gives. */
export function mapInputs(plan: Plan, change: (input: Plan) => Plan): Plan {
  switch (plan.kind) {
    case 'source':
    case 'records':
    case 'never':
    case 'rows':
    case 'input':
    case 'table':
    case 'shared':
    case 'matches':
      return plan;
    case 'where':
    case 'extend':
    case 'project':
    case 'unnest':
    case 'unpack':
    case 'scan':
    case 'ask':
    case 'summarize':
    case 'distinct':
    case 'order':
    case 'limit':
    case 'window':
    case 'series':
      return { ...plan, input: change(plan.input) };
    case 'union':
      return { ...plan, inputs: plan.inputs.map(change) };
    case 'join':
      return { ...plan, left: change(plan.left), right: change(plan.right) };
    case 'apply':
      return { ...plan, input: change(plan.input), body: change(plan.body) };
    case 'threshold':
    case 'first-seen':
    case 'sequence':
      return mapKeyedInputs(plan, (input) => ({ ...input, plan: change(input.plan) }));
  }
}

/** The expressions of one operator, not those of its inputs. */
export function expressions(plan: Plan): readonly Expr[] {
  const found: Expr[] = [];
  mapExpressions(plan, (expr) => {
    found.push(expr);
    return expr;
  });
  return found;
}

/** The columns that the body of an `apply` reads of its group. */
export function groupColumns({ body, group }: Apply): readonly ColumnType[] {
  const read = new Map<string, ColumnType>();
  for (const node of planNodes(body)) {
    if (node.kind !== 'input' || node.name !== group) continue;
    for (const column of node.columns) read.set(column.name, column);
  }
  return [...read.values()];
}

/** Every plan node, inputs first. */
export function* planNodes(plan: Plan): Generator<Plan> {
  for (const input of inputs(plan)) yield* planNodes(input);
  yield plan;
}

/** Where the rows of a plan come from. */
export function sourceNodes(plan: Plan): readonly Source[] {
  return [...planNodes(plan)].flatMap((node) => (node.kind === 'source' ? [node] : []));
}

function mapSame<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  let changed = false;
  const mapped = items.map((item) => {
    const next = change(item);
    if (next !== item) changed = true;
    return next;
  });
  return changed ? mapped : items;
}
