import { FALSE, TRUE } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Context, Ending, Leaving } from '../context.ts';
import { type Env, type Outcomes, sure, UNKNOWN } from '../values/value.ts';

export const NO_LEAVING: Pick<Ending, 'breaks' | 'continues'> = { breaks: [], continues: [] };

export function goesOn(env: Env, falls: Expr = TRUE): Ending {
  return { returns: [], falls, env, ...NO_LEAVING };
}

/** A statement of which nothing is known: it may return anything, go on, or leave something behind. */
export function unfollowed(reason: string, env: Env, of: Context): Ending {
  of.effect(reason);
  return { returns: sure(UNKNOWN), falls: TRUE, env: forget(env), ...NO_LEAVING };
}

/** Several ways to go on, each under its condition. */
export function either(
  ways: readonly { readonly cond: Expr; readonly ending: Ending }[],
  before: Env,
  of: Context,
): Ending {
  const open = ways
    .map(({ cond, ending }) => ({ cond: of.all([cond, ending.falls]), env: ending.env }))
    .filter(({ cond }) => cond !== FALSE);
  const leaving = (way: 'breaks' | 'continues'): Leaving[] =>
    ways.flatMap(({ cond, ending }) => ending[way].map((each) => ({ cond: of.all([cond, each.cond]), env: each.env })));
  return {
    returns: of.merged(ways.flatMap(({ cond, ending }) => of.guard(cond, ending.returns))),
    falls: of.any(open.map(({ cond }) => cond)),
    env: join(open, before, of),
    breaks: leaving('breaks'),
    continues: leaving('continues'),
  };
}

/** The variables after several ways: where they differ, each value under the condition of its way. */
export function join(ways: readonly Leaving[], before: Env, of: Context): Env {
  const [first, ...rest] = ways;
  if (first === undefined) return before;
  if (rest.length === 0) return first.env;
  const vars = new Map<string, Outcomes>();
  for (const name of new Set(ways.flatMap(({ env }) => [...env.vars.keys()]))) {
    const values = ways.map(({ cond, env }) => ({ cond, value: env.vars.get(name) }));
    const [one] = values;
    if (one?.value !== undefined && values.every(({ value }) => value === one.value)) vars.set(name, one.value);
    else vars.set(name, of.merged(values.flatMap(({ cond, value }) => of.guard(cond, value ?? []))));
  }
  return { ...first.env, vars };
}

export function set(env: Env, name: string, value: Outcomes): Env {
  return { ...env, vars: new Map(env.vars).set(name, value) };
}

/** Nothing is known of any variable any more. */
export function forget(env: Env): Env {
  return { ...env, vars: new Map([...env.vars.keys(), ...env.locals].map((name) => [name, sure(UNKNOWN)])) };
}
