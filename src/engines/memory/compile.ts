import type { AtLeast, Call, Cond, Expr, Leaves, Let, Literal, Match, Quantified, Raw } from '../../ir/expr.ts';
import { functions } from '../../ir/functions/registry.ts';
import { compileWildcard } from '../../ir/wildcard.ts';
import { parseJson } from '../../logs/decode/json/json-value.ts';
import { compare } from '../../values/compare.ts';
import { elementsOf } from '../../values/elements.ts';
import { DateTime, TimeSpan, type Truth, type Value } from '../../values/value.ts';
import { type AnyMatch, AnyPattern, manyMatches } from './any-match.ts';
import { bounded } from './budget.ts';
import { implementations } from './functions/index.ts';
import { compilePattern } from './pattern.ts';
import { quantify } from './quantified.ts';
import { leavesOf, readFirst } from './raw.ts';
import type { Clock, Row } from './row.ts';
import { compileMembership, compileScalarOf } from './shared-plan.ts';

/** An expression made into a function of the row. */
export type Evaluate = (row: Row) => Value;
export type Decide = (row: Row) => Truth;

/** The expression as a predicate: anything that is not true or false is unknown. */
export function compilePredicate(expr: Expr, clock: Clock): Decide {
  const evaluate = compileExpr(expr, clock);
  return (row) => {
    const value = evaluate(row);
    return value === true || value === false ? value : null;
  };
}

/**
 * The meaning of every expression: other engines must agree with this one. Places are those of a record or a row: a `field` of a
 * schema has none before `bind` has put in what a view says of it, and throws.
 */
export function compileExpr(expr: Expr, clock: Clock): Evaluate {
  switch (expr.kind) {
    case 'literal': {
      const value = literalValue(expr);
      return () => value;
    }
    case 'missing':
      return () => undefined;
    case 'list': {
      const items = expr.items.map((item) => compileExpr(item, clock));
      return (row) => bounded(items.flatMap((item) => item(row) ?? []));
    }
    case 'field':
      throw new Error(`the field ${expr.name} reached an engine unbound`);
    case 'raw':
      return compileRaw(expr);
    case 'column': {
      const { name } = expr;
      return (row) => row.columns.get(name);
    }
    case 'leaves':
      return compileLeaves(expr);
    case 'call':
      return compileCall(expr, clock);
    case 'cond':
      return compileCond(expr, clock);
    case 'and': {
      const items = expr.items.map((item) => compilePredicate(item, clock));
      return (row) => conjunction(items, row, false);
    }
    case 'or': {
      const { many, others } = manyMatches(expr.items);
      const items = [
        ...many.map((group) => compileAnyMatch(group, clock)),
        ...others.map((item) => compilePredicate(item, clock)),
      ];
      return (row) => conjunction(items, row, true);
    }
    case 'not': {
      const item = compilePredicate(expr.item, clock);
      return (row) => {
        const truth = item(row);
        return truth === null ? null : !truth;
      };
    }
    case 'at-least':
      return compileAtLeast(expr, clock);
    case 'exists': {
      const subject = compileExpr(expr.subject, clock);
      if (expr.counts === 'present') return (row) => subject(row) !== undefined;
      return (row) => hasValue(subject(row));
    }
    case 'is-null': {
      const subject = compileExpr(expr.subject, clock);
      return (row) => (subject(row) ?? null) === null;
    }
    case 'compare': {
      const { op, nulls, many } = expr;
      const left = compileExpr(expr.left, clock);
      const right = compileExpr(expr.right, clock);
      return (row) => compare(op, left(row), right(row), nulls, many);
    }
    case 'match':
      return compileMatch(expr, clock);
    case 'quantified':
      return compileQuantified(expr, clock);
    case 'let':
      return compileLet(expr, clock);
    case 'in-plan': {
      const subject = compileExpr(expr.subject, clock);
      const isMember = compileMembership(expr, clock);
      return (row) => isMember(subject(row));
    }
    case 'scalar-of':
      return compileScalarOf(expr.plan, clock);
  }
}

/** Kleene's `and` (`decisive` false) and `or` (`decisive` true): the decisive value wins, then unknown. */
function conjunction(items: readonly Decide[], row: Row, decisive: boolean): Truth {
  let unknown = false;
  for (const item of items) {
    const truth = item(row);
    if (truth === decisive) return decisive;
    if (truth === null) unknown = true;
  }
  return unknown ? null : !decisive;
}

function compileAtLeast({ count, most = Number.POSITIVE_INFINITY, of }: AtLeast, clock: Clock): Decide {
  const items = of.map((item) => compilePredicate(item, clock));
  return (row) => {
    let sure = 0;
    let possible = 0;
    for (const item of items) {
      const truth = item(row);
      if (truth === true) sure += 1;
      if (truth !== false) possible += 1;
    }
    if (sure >= count && possible <= most) return true;
    return possible < count || sure > most || most < count ? false : null;
  };
}

/** The run-time value of a constant. */
function literalValue(literal: Literal): Value {
  const { type, value } = literal;
  if (value === null) return null;
  switch (type) {
    case 'long':
    case 'int':
      return typeof value === 'boolean' ? value : BigInt(value);
    case 'real':
    case 'decimal':
      return Number(value);
    case 'datetime':
      return new DateTime(BigInt(value));
    case 'timespan':
      return new TimeSpan(BigInt(value));
    case 'dynamic':
      return typeof value === 'string' ? exactJson(value) : value;
    case 'bool':
    case 'string':
    case 'guid':
      return value;
  }
}

/** Whole numbers keep their digits. */
function exactJson(text: string): Value {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(`a constant is no JSON: ${parsed.reason}`);
  return parsed.value;
}

function compileRaw(expr: Raw): Evaluate {
  const { paths, of } = expr;
  if (of !== undefined) return (row) => readFirst(row.variables?.get(of), paths, expr);
  const [path] = paths;
  const [name] = path ?? [];
  if (expr.keys === 'exact' && paths.length === 1 && path?.length === 1 && name !== undefined) {
    return ({ event }) => (event !== undefined && Object.hasOwn(event, name) ? event[name] : undefined);
  }
  return (row) => readFirst(row.event, paths, expr);
}

function compileLeaves(expr: Leaves): Evaluate {
  if (expr.name === null) return (row) => leavesOf(row.event).map((leaf) => leaf.value);
  const fits = compileWildcard(expr.name, false);
  return (row) => {
    const found = leavesOf(row.event).flatMap((leaf) => (fits(leaf.name) ? [leaf.value] : []));
    return found.length === 0 ? undefined : found;
  };
}

function compileCall(expr: Call, clock: Clock): Evaluate {
  const args = expr.args.map((arg) => compileExpr(arg, clock));
  const run = implementations[expr.fn];
  if (functions[expr.fn].nulls === 'handled')
    return (row) =>
      bounded(
        run(
          args.map((arg) => arg(row)),
          clock,
        ),
      );
  return (row) => {
    const values: Value[] = [];
    for (const arg of args) {
      const value = arg(row);
      if (value === undefined || value === null) return null;
      values.push(value);
    }
    return bounded(run(values, clock));
  };
}

function compileCond(expr: Cond, clock: Clock): Evaluate {
  const branches = expr.branches.map((branch) => ({
    when: compilePredicate(branch.when, clock),
    then: compileExpr(branch.then, clock),
  }));
  const otherwise = compileExpr(expr.otherwise, clock);
  return (row) => (branches.find((branch) => branch.when(row) === true)?.then ?? otherwise)(row);
}

function compileMatch(expr: Match, clock: Clock): Evaluate {
  const subject = compileExpr(expr.subject, clock);
  const test = compileMatchTest(expr);
  return (row) => test(subject(row));
}

/** A match, without what it is of. */
export type ValueTest = Pick<Match, 'pattern' | 'collation' | 'quantifier' | 'onMissing'>;

/** What a match says of its subject's value. */
export function compileMatchTest(expr: ValueTest): (value: Value) => Truth {
  return quantified(expr, compilePattern(expr.pattern, expr.collation));
}

/** What many matches of one subject say, of which any may be true. */
function compileAnyMatch({ like, matches }: AnyMatch, clock: Clock): Decide {
  const subject = compileExpr(like.subject, clock);
  const any = new AnyPattern(matches);
  const test = quantified(like, (value) => any.fits(value));
  return (row) => test(subject(row));
}

function quantified(expr: ValueTest, test: (value: Value) => boolean): (value: Value) => Truth {
  const missing = expr.onMissing === 'false' ? false : null;
  const { quantifier } = expr;
  return (value) => {
    if (value === undefined || value === null) return missing;
    if (!Array.isArray(value) || quantifier === 'whole') return test(value);
    const elements = elementsOf(value);
    if (elements.length === 0) return missing;
    return quantifier === 'any' ? elements.some(test) : elements.every(test);
  };
}

function compileQuantified({ how, over, variable, index, body, until }: Quantified, clock: Clock): Evaluate {
  const elements = compileExpr(over, clock);
  const judge = compileExpr(body, clock);
  const isLast = until && compilePredicate(until, clock);
  function* lookAt(row: Row): Generator<Value> {
    const value = elements(row);
    if (value === undefined || value === null) return;
    const all: readonly Value[] = Array.isArray(value) ? value : [value];
    for (const [at, element] of all.entries()) {
      const variables = new Map(row.variables).set(variable, element);
      if (index !== undefined) variables.set(index, BigInt(at));
      const inner = { ...row, variables };
      yield judge(inner);
      if (isLast?.(inner) === true) return;
    }
  }
  return (row) => quantify(how, lookAt(row));
}

function compileLet({ variable, value, body }: Let, clock: Clock): Evaluate {
  const bound = compileExpr(value, clock);
  const inner = compileExpr(body, clock);
  return (row) => inner({ ...row, variables: new Map(row.variables).set(variable, bound(row)) });
}

/** Whether `exists` with `counts: 'value'` holds of a value. */
export function hasValue(value: Value): boolean {
  if (Array.isArray(value)) return elementsOf(value).length > 0;
  return value !== undefined && value !== null;
}
