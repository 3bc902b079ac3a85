import { readsClock } from '../../ir/clock.ts';
import { bool, FALSE, NULL, not, TRUE } from '../../ir/construct.ts';
import { equal } from '../../ir/equal.ts';
import type { And, Cond, Exists, Expr, IsNull, Match, Or } from '../../ir/expr.ts';
import { functions } from '../../ir/functions/registry.ts';
import { alike, children, type Handlers, mapChildren, PLACES, VALUES, visit } from '../../ir/traverse.ts';
import type { Value } from '../../values/value.ts';
import { simplifyAtLeast, simplifyJunction } from './logic.ts';
import { simplifyLet, simplifyQuantified } from './scopes.ts';
import { isPredicate, isTwoValued } from './truth.ts';
import { valuesOf } from './values-of.ts';

/** Computes an expression that needs neither a record nor a row nor the clock: the reference engine does it. */
export type EvaluateConstant = (expr: Expr) => Value;

/** What was made of expressions: bound rules share those of their fields. */
const known = new WeakMap<EvaluateConstant, WeakMap<Expr, Expr>>();

/** The expression, folded. Its value is the same for every row. */
export function simplifyExpr(expr: Expr, evaluate: EvaluateConstant): Expr {
  const exprs = known.get(evaluate) ?? new WeakMap<Expr, Expr>();
  known.set(evaluate, exprs);
  const fold = (node: Expr): Expr => {
    if (isLeaf(node) || tellsOfFailures(node)) return node;
    const found = exprs.get(node) ?? step(mapChildren(node, fold), evaluate);
    exprs.set(node, found);
    return found;
  };
  return fold(expr);
}

/** What fails inside of it is to be told when it runs. */
function tellsOfFailures(node: Expr): boolean {
  return node.kind === 'call' && functions[node.fn].reads === 'failures';
}

/** Of these nothing can be folded. */
function isLeaf({ kind }: Expr): boolean {
  return kind === 'raw' || kind === 'literal' || kind === 'missing' || kind === 'field' || kind === 'column';
}

function step(node: Expr, evaluate: EvaluateConstant): Expr {
  return isConstantCall(node) ? constant(node, evaluate) : visit(node, STEPS, evaluate);
}

const STEPS: Handlers<Expr, EvaluateConstant> = {
  ...alike([...VALUES, 'compare', 'in-plan'], (node) => node),
  ...alike(['and', 'or'], (node: And | Or) => simplifyJunction(node)),
  not: (node) => (node.item.kind === 'not' && isTwoValued(node.item.item) ? node.item.item : node),
  'at-least': simplifyAtLeast,
  cond: simplifyCond,
  match: simplifyMatch,
  ...alike(['exists', 'is-null'], simplifyPresence),
  quantified: (node, evaluate) => simplifyQuantified(node, (known) => constant(known, evaluate)),
  let: (node, evaluate) => simplifyLet(node, (body) => simplifyExpr(body, evaluate)),
};

/** Whether a node computes something out of constants alone. */
function isConstantCall(node: Expr): boolean {
  return node.kind !== 'literal' && node.kind !== 'missing' && node.kind !== 'list' && isConstant(node);
}

/** Asked of a node after its children were folded: looking into what is not constant ends at the first leaf. */
function isConstant(node: Expr): boolean {
  return (
    !READS.has(node.kind) &&
    children(node).every(isConstant) &&
    (node.kind !== 'call' || !(readsClock(node) || tellsOfFailures(node)))
  );
}

/** What no constant is made of: it reads the row, or the rows of a shared plan. */
const READS: ReadonlySet<Expr['kind']> = new Set([...PLACES, 'quantified', 'in-plan', 'scalar-of']);

function constant(node: Expr, evaluate: EvaluateConstant): Expr {
  const value = evaluate(node);
  if (typeof value === 'boolean') return bool(value);
  if (value === null) return NULL;
  if (value === undefined) return { kind: 'missing' };
  return typeof value === 'string' ? { kind: 'literal', type: 'string', value } : node;
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
