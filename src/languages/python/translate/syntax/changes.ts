import type { Expression } from '../../ast.ts';
import { DICT, LIST } from '../conditions/types.ts';
import type { Ending, Translator } from '../context.ts';
import type { Env, Outcomes, PyValue } from '../values/value.ts';
import { forget, goesOn } from './ending.ts';
import { bindTarget } from './targets.ts';

export function assign(target: Expression, value: Outcomes, ending: Ending, of: Translator): Ending {
  if (target.kind === 'Name' || target.kind === 'Tuple' || target.kind === 'List') {
    const bound = bindTarget(target, value, ending.env, of);
    if (bound !== undefined) return { ...ending, env: bound.env, falls: of.all([ending.falls, bound.cond]) };
    of.note('this assignment', target);
    return { ...ending, env: forget(ending.env) };
  }
  if (target.kind === 'Subscript' && target.value.kind === 'Name') {
    const held = ending.env.vars.get(target.value.id);
    const [only] = held ?? [];
    const [key] = of.evaluate(target.slice, ending.env);
    if (
      held?.length === 1 &&
      only?.value.kind === 'map' &&
      only.value.frame === ending.env.frame &&
      key?.value.kind === 'const' &&
      typeof key.value.value === 'string'
    ) {
      const entries = new Map(only.value.entries).set(key.value.value, value);
      const changed = replace(ending.env, only.value, { ...only.value, entries });
      if (changed !== undefined) return { ...ending, env: changed };
    }
  }
  const spoilt = spoil(ending.env, of);
  return { ...ending, env: spoilt.env };
}

/** A change of something that is not followed: whoever holds it is not known any more. */
export function spoil(env: Env, of: Translator): Ending {
  of.effect('this assignment');
  return goesOn(forget(env));
}

/** Puts a changed list or dict where the old one stands; undefined where something else may hold it too. */
function replace(env: Env, old: PyValue, changed: PyValue): Env | undefined {
  const vars = new Map<string, Outcomes>();
  for (const [name, outcomes] of env.vars) {
    if (outcomes.some(({ value }) => value !== old && holds(value, old))) return undefined;
    vars.set(
      name,
      outcomes.map(({ cond, value }) => ({ cond, value: value === old ? changed : value })),
    );
  }
  return { ...env, vars };
}

function holds(value: PyValue, wanted: PyValue): boolean {
  if (value.kind === 'seq')
    return value.items.some((item) => item.some((each) => each.value === wanted || holds(each.value, wanted)));
  if (value.kind === 'map')
    return [...value.entries.values()].some((item) =>
      item.some((each) => each.value === wanted || holds(each.value, wanted)),
    );
  return value.kind === 'function' || value.kind === 'lambda' || value.kind === 'comprehension';
}

const CHANGES: ReadonlySet<string> = new Set(
  'append add update extend insert remove pop clear discard setdefault popitem sort reverse appendleft'.split(' '),
);

export function runExpression(node: Expression, env: Env, of: Translator): Ending {
  if (node.kind === 'Call' && node.func.kind === 'Attribute' && CHANGES.has(node.func.attr)) {
    const { func } = node;
    const [arg] = node.args;
    const held = func.value.kind === 'Name' ? env.vars.get(func.value.id) : undefined;
    const [only] = held ?? [];
    if (
      held?.length === 1 &&
      only?.value.kind === 'seq' &&
      only.value.frame === env.frame &&
      arg !== undefined &&
      node.args.length === 1
    ) {
      if (
        (func.attr === 'append' && only.value.type === 'list') ||
        (func.attr === 'add' && only.value.type === 'set')
      ) {
        const value = of.evaluate(arg, env);
        const changed = replace(env, only.value, { ...only.value, items: [...only.value.items, value] });
        if (changed !== undefined) return goesOn(changed, of.defined(value));
      }
    }
    return spoil(env, of);
  }
  return goesOn(env, of.defined(of.evaluate(node, env)));
}

/** Whether `a += b` puts into a list what `+` would not add to it. */
export function grows(a: PyValue, b: PyValue): boolean {
  const isList =
    a.kind === 'seq'
      ? a.type === 'list'
      : a.kind === 'dynamic' && a.made !== 'event' && a.made !== 'tuple' && (a.mask & LIST) !== 0;
  return (
    isList && !(b.kind === 'seq' && b.type === 'list') && !(b.kind === 'dynamic' && (b.mask & (LIST | DICT)) === 0)
  );
}
