import { readsClock } from '../ir/clock.ts';
import { and, bool, FALSE, NULL, not, or, TRUE } from '../ir/construct.ts';
import { equal } from '../ir/equal.ts';
import type { And, Cond, Exists, Expr, IsNull, Match, Or, PatternScalar } from '../ir/expr.ts';
import type { Plan } from '../ir/plan.ts';
import { children, mapChildren } from '../ir/traverse.ts';
import type { Value } from '../values/value.ts';

/** Computes an expression that needs neither a record nor a row nor the clock: the reference engine does it. */
export type EvaluateConstant = (expr: Expr) => Value;

/**
 * Folds what a view has decided: constants, conditions on constants, case transforms before a comparison. The verdict
 * stays the same for every record. A plan that can match nothing becomes `never`.
 */
export function simplify(plan: Plan, evaluate: EvaluateConstant): Plan {
  const { plans } = knownOf(evaluate);
  const found = plans.get(plan) ?? simplified(plan, evaluate);
  plans.set(plan, found);
  return found;
}

/** What was made of plans and expressions: bound rules share those of their sources and fields. */
interface Known {
  readonly plans: WeakMap<Plan, Plan>;
  readonly exprs: WeakMap<Expr, Expr>;
}

const known = new WeakMap<EvaluateConstant, Known>();

function knownOf(evaluate: EvaluateConstant): Known {
  const found = known.get(evaluate) ?? { plans: new WeakMap(), exprs: new WeakMap() };
  known.set(evaluate, found);
  return found;
}

function simplified(plan: Plan, evaluate: EvaluateConstant): Plan {
  switch (plan.kind) {
    case 'source':
    case 'records':
    case 'never':
    case 'rows':
    case 'input':
      return plan;
    case 'where': {
      const input = simplify(plan.input, evaluate);
      if (input.kind === 'never') return input;
      // Filters over filters are one filter, so that each sees what the others have decided.
      const inner = input.kind === 'where' ? [input.predicate] : [];
      const source = input.kind === 'where' ? input.input : input;
      const predicate = asFilter(simplifyExpr(and([...inner, plan.predicate]), evaluate));
      if (equal(predicate, FALSE)) return { kind: 'never' };
      return equal(predicate, TRUE) ? source : { kind: 'where', input: source, predicate };
    }
    case 'extend':
    case 'project': {
      const input = simplify(plan.input, evaluate);
      if (input.kind === 'never') return input;
      const columns = plan.columns.map(({ name, expr }) => ({ name, expr: simplifyExpr(expr, evaluate) }));
      return { kind: plan.kind, input, columns };
    }
    case 'summarize':
      return { ...plan, input: simplify(plan.input, evaluate) };
    case 'ask':
    case 'distinct':
    case 'order':
    case 'limit': {
      const input = simplify(plan.input, evaluate);
      return input.kind === 'never' ? input : { ...plan, input };
    }
    case 'union': {
      const inputs = plan.inputs.map((input) => simplify(input, evaluate)).filter((input) => input.kind !== 'never');
      const [only] = inputs;
      if (only === undefined) return { kind: 'never' };
      return inputs.length === 1 ? only : { kind: 'union', inputs };
    }
    case 'correlate': {
      const inputs = plan.inputs.map((input) => ({ ...input, plan: simplify(input.plan, evaluate) }));
      return inputs.every((input) => input.plan.kind === 'never') ? { kind: 'never' } : { ...plan, inputs };
    }
  }
}

/** The expression, folded. Its value is the same for every row. */
export function simplifyExpr(expr: Expr, evaluate: EvaluateConstant): Expr {
  const { exprs } = knownOf(evaluate);
  const fold = (node: Expr): Expr => {
    if (isLeaf(node)) return node;
    const found = exprs.get(node) ?? step(mapChildren(node, fold), evaluate);
    exprs.set(node, found);
    return found;
  };
  return fold(expr);
}

/** Of these nothing can be folded. */
function isLeaf({ kind }: Expr): boolean {
  return kind === 'raw' || kind === 'literal' || kind === 'missing' || kind === 'field' || kind === 'column';
}

function step(node: Expr, evaluate: EvaluateConstant): Expr {
  if (isConstantCall(node)) return constant(node, evaluate);
  switch (node.kind) {
    case 'and':
    case 'or':
      return simplifyJunction(node);
    case 'not':
      return node.item.kind === 'not' && isTwoValued(node.item.item) ? node.item.item : node;
    case 'cond':
      return simplifyCond(node);
    case 'match':
      return simplifyMatch(node, evaluate);
    case 'exists':
    case 'is-null':
      return simplifyPresence(node, evaluate);
    case 'literal':
    case 'missing':
    case 'list':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'call':
    case 'compare':
    case 'some':
      return node;
  }
}

/** Whether a node computes something out of constants alone. */
function isConstantCall(node: Expr): boolean {
  return node.kind !== 'literal' && node.kind !== 'missing' && node.kind !== 'list' && isConstant(node);
}

/** Asked of a node after its children were folded: looking into what is not constant ends at the first leaf. */
function isConstant(node: Expr): boolean {
  return !readsRow(node.kind) && children(node).every(isConstant) && (node.kind !== 'call' || !readsClock(node));
}

function readsRow(kind: Expr['kind']): boolean {
  return kind === 'field' || kind === 'raw' || kind === 'column' || kind === 'leaves' || kind === 'some';
}

function constant(node: Expr, evaluate: EvaluateConstant): Expr {
  const value = evaluate(node);
  if (typeof value === 'boolean') return bool(value);
  if (value === null) return NULL;
  if (value === undefined) return { kind: 'missing' };
  return typeof value === 'string' ? { kind: 'literal', type: 'string', value } : node;
}

function simplifyJunction(node: And | Or): Expr {
  const decisive = node.kind === 'and' ? FALSE : TRUE;
  const neutral = node.kind === 'and' ? TRUE : FALSE;
  const join = node.kind === 'and' ? and : or;
  const flat = node.items.flatMap((item) => (item.kind === node.kind ? item.items : [item]));
  const items: Expr[] = [];
  // Rules may list thousands of values: only what looks alike is compared.
  const seen = new Map<string, Expr[]>();
  for (const item of flat) {
    if (item.kind === 'literal') {
      if (equal(item, decisive)) return decisive;
      if (equal(item, neutral)) continue;
    }
    const look = lookOf(item);
    const alike = seen.get(look);
    if (alike === undefined) seen.set(look, [item]);
    else if (alike.some((earlier) => equal(earlier, item))) continue;
    else alike.push(item);
    items.push(item);
  }
  if (node.kind === 'or') return join(items, node.span);
  const needed = items.filter(
    (item) => !isOneOf(item) || !items.some((other) => other !== item && implies(other, item)),
  );
  return join(needed, node.span);
}

/** The same for equal expressions, and mostly different for others. */
function lookOf(expr: Expr): string {
  if (expr.kind !== 'match') {
    const parts = children(expr);
    const [first] = parts;
    return first === undefined
      ? expr.kind
      : `${expr.kind} ${parts.length} ${lookOf(first)} ${lookOf(parts.at(-1) ?? first)}`;
  }
  const { pattern } = expr;
  switch (pattern.kind) {
    case 'equals':
      return `equals ${pattern.value}`;
    case 'prefix':
    case 'suffix':
    case 'contains':
    case 'term':
    case 'analysed':
      return `${pattern.kind} ${pattern.text}`;
    case 'regex':
      return `regex ${pattern.source}`;
    case 'cidr':
      return `cidr ${pattern.network}`;
    case 'one-of':
      return `one-of ${pattern.values.length} ${pattern.values[0]}`;
    case 'wildcard':
    case 'token-wildcard':
      return `${pattern.kind} ${pattern.parts.map((part) => ('text' in part ? part.text : part.any)).join(' ')}`;
    case 'range':
      return 'range';
  }
}

function isOneOf(expr: Expr): boolean {
  return expr.kind === 'match' && expr.pattern.kind === 'one-of';
}

/** Whether one match being true makes the other true: the same test for fewer values. Never both ways at once. */
function implies(narrow: Expr, wide: Expr): boolean {
  if (narrow.kind !== 'match' || wide.kind !== 'match' || wide.pattern.kind !== 'one-of') return false;
  if (narrow.collation !== wide.collation || narrow.onMissing !== wide.onMissing) return false;
  if (narrow.quantifier !== wide.quantifier || !equal(narrow.subject, wide.subject)) return false;
  const fold = (value: PatternScalar): string =>
    wide.collation === 'exact' ? String(value) : String(value).toLowerCase();
  const allowed = new Set(wide.pattern.values.map(fold));
  const values = valuesOf(narrow);
  return values !== undefined && values.length < allowed.size && values.every((value) => allowed.has(fold(value)));
}

function valuesOf(node: Match): readonly PatternScalar[] | undefined {
  if (node.pattern.kind === 'equals') return [node.pattern.value];
  return node.pattern.kind === 'one-of' ? node.pattern.values : undefined;
}

/** Branches that cannot be taken go; a choice between truth values becomes logic. */
function simplifyCond(node: Cond): Expr {
  const branches: { when: Expr; then: Expr }[] = [];
  let otherwise = node.otherwise;
  for (const branch of node.branches) {
    if (equal(branch.when, TRUE)) {
      otherwise = branch.then;
      break;
    }
    if (!equal(branch.when, FALSE) && !equal(branch.when, NULL)) branches.push(branch);
  }
  while (equal(branches.at(-1)?.then, otherwise)) branches.pop();
  const last = branches.at(-1);
  if (last === undefined) return otherwise;
  if (branches.length === 1 && isTwoValued(last.when)) {
    if (equal(otherwise, FALSE) && isPredicate(last.then))
      return simplifyJunction({ kind: 'and', items: [last.when, last.then] });
    if (equal(last.then, FALSE) && isPredicate(otherwise)) {
      return simplifyJunction({ kind: 'and', items: [not(last.when), otherwise] });
    }
  }
  return { ...node, branches, otherwise };
}

/** A match on a choice is a choice of matches, each of which may fold; case transforms move into the collation. */
function simplifyMatch(node: Match, evaluate: EvaluateConstant): Expr {
  if (node.subject.kind === 'cond') {
    return overCond(node.subject, (subject) => simplifyMatch({ ...node, subject }, evaluate), evaluate);
  }
  if (isConstantCall(node)) return constant(node, evaluate);
  if (node.subject.kind === 'list' && node.quantifier === 'any' && node.onMissing === 'false') {
    const items = node.subject.items.map((subject) => simplifyMatch({ ...node, subject }, evaluate));
    return simplifyJunction({ kind: 'or', items });
  }
  if (node.subject.kind === 'call' && (node.subject.fn === 'text.lower' || node.subject.fn === 'text.upper')) {
    const [inner] = node.subject.args;
    if (inner !== undefined) return withoutCase(node, inner, node.subject.fn === 'text.lower') ?? node;
  }
  return node;
}

/**
 * `lower(x)` equals `s`: false when `s` is not in lower case, else `x` equals `s` without regard to case. Only for a
 * transform to lower case: that is what `ignore-case` does.
 */
function withoutCase(node: Match, subject: Expr, lower: boolean): Expr | undefined {
  const values = valuesOf(node);
  if (values === undefined || node.collation !== 'exact') return undefined;
  if (node.quantifier !== 'any' || node.onMissing !== 'false') return undefined;
  const transformed = values.filter((value) => {
    const text = String(value);
    return text === (lower ? text.toLowerCase() : text.toUpperCase());
  });
  if (transformed.length === 0) return FALSE;
  if (!lower) return undefined;
  const [only] = transformed;
  const pattern =
    transformed.length === 1 && only !== undefined
      ? ({ kind: 'equals', value: only } as const)
      : ({ kind: 'one-of', values: transformed } as const);
  return { ...node, subject, collation: 'ignore-case', pattern };
}

function simplifyPresence(node: Exists | IsNull, evaluate: EvaluateConstant): Expr {
  if (node.subject.kind === 'cond') {
    return overCond(node.subject, (subject) => simplifyPresence({ ...node, subject }, evaluate), evaluate);
  }
  return isConstantCall(node) ? constant(node, evaluate) : node;
}

/** A predicate of a choice, as a choice of predicates. */
function overCond(cond: Cond, decide: (branch: Expr) => Expr, evaluate: EvaluateConstant): Expr {
  const branches = cond.branches.map(({ when, then }) => ({ when, then: decide(then) }));
  return step({ ...cond, branches, otherwise: decide(cond.otherwise) }, evaluate);
}

/** In a filter unknown is as good as false, so what is unknown whatever the record can go. */
function asFilter(predicate: Expr): Expr {
  switch (predicate.kind) {
    case 'and':
    case 'or': {
      const filtered = mapChildren(predicate, asFilter);
      const isChanged = filtered !== predicate && (filtered.kind === 'and' || filtered.kind === 'or');
      return isChanged ? simplifyJunction(filtered) : filtered;
    }
    case 'literal':
    case 'missing':
      return predicate.kind === 'literal' && predicate.value === true ? TRUE : FALSE;
    case 'cond':
    case 'list':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'call':
    case 'not':
    case 'exists':
    case 'is-null':
    case 'compare':
    case 'match':
    case 'some':
      return predicate;
  }
}

/** Whether the value is always true or false. */
function isTwoValued(expr: Expr): boolean {
  switch (expr.kind) {
    case 'exists':
    case 'is-null':
    case 'some':
      return true;
    case 'match':
      return expr.onMissing === 'false';
    case 'and':
    case 'or':
      return expr.items.every(isTwoValued);
    case 'not':
      return isTwoValued(expr.item);
    case 'cond':
      return [...expr.branches.map((branch) => branch.then), expr.otherwise].every(isTwoValued);
    case 'literal':
      return typeof expr.value === 'boolean';
    case 'missing':
    case 'list':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'call':
    case 'compare':
      return false;
  }
}

/** Whether the node's value is a truth value, or unknown, by its kind. */
function isPredicate(expr: Expr): boolean {
  return isTwoValued(expr) || ['and', 'or', 'not', 'compare', 'match'].includes(expr.kind) || equal(expr, NULL);
}
