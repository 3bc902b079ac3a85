import { call, TRUE } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Expression } from '../../ast.ts';
import { ANY, LIST } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { dynamic, type Env, isOf, literal, madeOfItems, type Outcome, type Outcomes, sure } from '../values/value.ts';

interface Bound {
  readonly env: Env;
  readonly cond: Expr;
}

/** What an assignment's target binds; undefined where it is not understood. */
export function bindTarget(target: Expression, value: Outcomes, env: Env, of: Translator): Bound | undefined {
  if (target.kind === 'Name') {
    return { env: { ...env, vars: new Map(env.vars).set(target.id, value) }, cond: TRUE };
  }
  if (target.kind !== 'Tuple' && target.kind !== 'List') return undefined;
  const [only] = value;
  const parts = value.length === 1 && only !== undefined ? partsOf(only, target.elts.length, of) : undefined;
  if (parts === undefined || parts.items.length !== target.elts.length) return undefined;
  if (target.elts.some((each) => each.kind === 'Starred')) return undefined;
  let bound: Bound = { env, cond: parts.cond };
  for (const [at, each] of target.elts.entries()) {
    const next = bindTarget(each, parts.items[at] ?? [], bound.env, of);
    if (next === undefined) return undefined;
    bound = { env: next.env, cond: of.all([bound.cond, next.cond]) };
  }
  return bound;
}

/** The items of what is taken apart into so many. */
function partsOf(
  { cond, value }: Outcome,
  count: number,
  of: Translator,
): { readonly cond: Expr; readonly items: readonly Outcomes[] } | undefined {
  if (value.kind === 'seq') return { cond, items: value.items };
  // Only lists: a text or a map could be taken apart as well, which nobody means.
  if (value.kind !== 'dynamic' || value.mask !== LIST) return undefined;
  const length = call('python.len', [value.expr]);
  const fits = of.all([cond, isOf(value, LIST), call('python.equals', [length, literal(count)])]);
  const item = (at: number): Outcomes =>
    sure(dynamic(call('python.item', [value.expr, literal(at)]), ANY, madeOfItems(value)));
  return { cond: fits, items: Array.from({ length: count }, (_, at) => item(at)) };
}
