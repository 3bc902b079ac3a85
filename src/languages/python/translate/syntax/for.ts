import { FALSE, TRUE } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { For } from '../../ast.ts';
import type { Ending, Leaving, Translator } from '../context.ts';
import { boolean, constant, type Env, NOTHING, type Outcomes, type PyValue, sure, UNKNOWN } from '../values/value.ts';
import { either, forget, join, NO_LEAVING, set } from './ending.ts';
import { scan } from './loops.ts';
import { bindTarget } from './targets.ts';

export function runFor(node: For, env: Env, of: Translator): Ending {
  const iterables = of.evaluate(node.iter, env);
  const ways = iterables.map(({ cond, value }) => ({
    cond,
    ending: of.under(cond, () => runLoop(node, value, env, of)),
  }));
  return either(ways, env, of);
}

function runLoop(node: For, value: PyValue, env: Env, of: Translator): Ending {
  if (value.kind === 'seq' || value.kind === 'map') {
    const items = value.kind === 'seq' ? value.items : [...value.entries.keys()].map((key) => sure(constant(key)));
    if (items.length <= 100) return runKnown(node, items, env, of);
  }
  return runDynamic(node, value, env, of);
}

/** A loop over known items: its body again and again. */
function runKnown(node: For, items: readonly Outcomes[], env: Env, of: Translator): Ending {
  let at: Leaving = { cond: TRUE, env };
  const returns: Outcomes[number][] = [];
  const left: Leaving[] = [];
  for (const item of items) {
    if (at.cond === FALSE) break;
    const reached = at;
    const bound = bindTarget(node.target, item, reached.env, of);
    if (bound === undefined) {
      of.note('this target of a loop', node.target);
      return { returns: sure(UNKNOWN), falls: TRUE, env: forget(env), ...NO_LEAVING };
    }
    const ending = of.under(reached.cond, () => of.run(node.body, bound.env));
    const cond = of.all([reached.cond, bound.cond]);
    returns.push(...of.guard(cond, ending.returns));
    for (const each of ending.breaks) left.push({ cond: of.all([cond, each.cond]), env: each.env });
    const on = [{ cond: ending.falls, env: ending.env }, ...ending.continues].filter((each) => each.cond !== FALSE);
    at = { cond: of.all([cond, of.any(on.map((each) => each.cond))]), env: join(on, reached.env, of) };
  }
  const rest = of.under(at.cond, () => of.run(node.orelse, at.env));
  const done = [{ cond: of.all([at.cond, rest.falls]), env: rest.env }, ...left].filter((each) => each.cond !== FALSE);
  return {
    returns: of.merged([...returns, ...of.guard(at.cond, rest.returns)]),
    falls: of.any(done.map((each) => each.cond)),
    env: join(done, env, of),
    breaks: rest.breaks,
    continues: rest.continues,
  };
}

/** A way to end a loop over what the event holds. */
type Way = { readonly kind: 'break' } | { readonly kind: 'return'; readonly value: true | false | null | 'other' };

function runDynamic(node: For, value: PyValue, env: Env, of: Translator): Ending {
  const ways = new Map<string, Way>();
  const changed = new Set<string>();
  const pass = (wanted: Way | undefined): { hit: Expr; cont: Expr } =>
    scan(value, of, (item) => {
      const bound = bindTarget(node.target, item, env, of);
      if (bound === undefined) {
        of.note('this target of a loop', node.target);
        ways.set('other', { kind: 'return', value: 'other' });
        return { hit: TRUE, cont: TRUE };
      }
      for (const [name] of onlyNew(bound.env, env)) changed.add(name);
      const first = new Map(env.vars);
      for (const name of changed) first.set(name, sure(UNKNOWN));
      const ending = of.run(node.body, { ...bound.env, vars: new Map([...first, ...onlyNew(bound.env, env)]) });
      for (const each of [ending, ...ending.continues, ...ending.breaks]) {
        for (const [name, held] of each.env.vars) if (held !== bound.env.vars.get(name)) changed.add(name);
      }
      if (ending.breaks.length > 0) ways.set('break', { kind: 'break' });
      for (const { value: returned } of ending.returns) {
        if (returned.kind === 'bool')
          for (const each of [true, false]) ways.set(String(each), { kind: 'return', value: each });
        else if (returned.kind === 'const' && (typeof returned.value === 'boolean' || returned.value === null)) {
          ways.set(String(returned.value), { kind: 'return', value: returned.value });
        } else ways.set('other', { kind: 'return', value: 'other' });
      }
      const cont = of.all([bound.cond, of.any([ending.falls, ...ending.continues.map((each) => each.cond)])]);
      return { hit: of.all([bound.cond, wanted === undefined ? FALSE : hitOf(wanted, ending, of)]), cont };
    });
  // Twice: what the body changes is not what it was in its second turn.
  pass(undefined);
  const { cont } = pass(undefined);
  const after = [...changed].reduce((held, name) => set(held, name, sure(UNKNOWN)), env);
  const returns: Outcomes[number][] = [];
  let broke: Expr = FALSE;
  for (const way of ways.values()) {
    const { hit } = pass(way);
    if (way.kind === 'break') broke = hit;
    else if (way.value === 'other') returns.push(...of.guard(hit, of.note('what a loop returns')));
    else if (way.value === null) returns.push({ cond: hit, value: NOTHING });
    else returns.push({ cond: hit, value: boolean({ t: way.value ? TRUE : FALSE, f: way.value ? FALSE : TRUE }) });
  }
  const rest = of.run(node.orelse, after);
  return {
    returns: of.merged([...returns.filter((each) => each.cond !== FALSE), ...of.guard(cont, rest.returns)]),
    falls: of.any([broke, of.all([cont, rest.falls])]),
    env: rest.env,
    breaks: rest.breaks,
    continues: rest.continues,
  };
}

function onlyNew(inner: Env, outer: Env): [string, Outcomes][] {
  return [...inner.vars].filter(([name, held]) => outer.vars.get(name) !== held);
}

function hitOf(way: Way, ending: Ending, of: Translator): Expr {
  if (way.kind === 'break') return of.any(ending.breaks.map((each) => each.cond));
  return of.any(
    ending.returns.map(({ cond, value }) => {
      if (value.kind === 'bool')
        return typeof way.value === 'boolean' ? of.all([cond, way.value ? value.t : value.f]) : FALSE;
      if (value.kind === 'const' && (typeof value.value === 'boolean' || value.value === null)) {
        return value.value === way.value ? cond : FALSE;
      }
      return way.value === 'other' ? cond : FALSE;
    }),
  );
}
