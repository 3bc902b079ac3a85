import { FALSE, TRUE } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { Expression, For, Match, MatchPattern, Stmt, Try } from '../ast.ts';
import { all, any, negate } from './logic.ts';
import { scan } from './loops.ts';
import type { Translator } from './translator.ts';
import { DICT, LIST } from './types.ts';
import {
  boolean,
  constant,
  defined,
  type Env,
  guard,
  merged,
  NOTHING,
  type Outcomes,
  type PyValue,
  sure,
  UNKNOWN,
} from './value.ts';

/** How a block ends: by a return, at its end (`falls`), or out of the loop around it. Else it raises. */
export interface Ending {
  readonly returns: Outcomes;
  readonly falls: Expr;
  readonly env: Env;
  readonly breaks: readonly Leaving[];
  readonly continues: readonly Leaving[];
}

interface Leaving {
  readonly cond: Expr;
  readonly env: Env;
}

/** Whether `a += b` puts into a list what `+` would not add to it. */
function grows(a: PyValue, b: PyValue): boolean {
  const isList =
    a.kind === 'seq'
      ? a.type === 'list'
      : a.kind === 'dynamic' && a.made !== 'event' && a.made !== 'tuple' && (a.mask & LIST) !== 0;
  return (
    isList && !(b.kind === 'seq' && b.type === 'list') && !(b.kind === 'dynamic' && (b.mask & (LIST | DICT)) === 0)
  );
}

/** Runs the statements of a block, as far as the event lets them be known. */
export function runBody(body: readonly Stmt[], start: Env, of: Translator): Ending {
  let env = start;
  let falls: Expr = TRUE;
  const returns: Outcomes[number][] = [];
  const breaks: Leaving[] = [];
  const continues: Leaving[] = [];
  for (const statement of body) {
    if (falls === FALSE) break;
    const reached = falls;
    const inner = env;
    const ending = of.under(reached, () =>
      of.attempt(
        () => runStatement(statement, inner, of),
        () => unfollowed('a statement too large to be followed', inner, of),
      ),
    );
    returns.push(...guard(reached, ending.returns));
    for (const leaving of ending.breaks) breaks.push({ cond: all([reached, leaving.cond]), env: leaving.env });
    for (const leaving of ending.continues) continues.push({ cond: all([reached, leaving.cond]), env: leaving.env });
    env = ending.env;
    falls = all([reached, ending.falls]);
  }
  return { returns: merged(returns), falls, env, breaks, continues };
}

/** A statement of which nothing is known: it may return anything, go on, or leave something behind. */
function unfollowed(reason: string, env: Env, of: Translator): Ending {
  of.effect(reason);
  return { returns: sure(UNKNOWN), falls: TRUE, env: forget(env), ...NO_LEAVING };
}

const NO_LEAVING: Pick<Ending, 'breaks' | 'continues'> = { breaks: [], continues: [] };

function goesOn(env: Env, falls: Expr = TRUE): Ending {
  return { returns: [], falls, env, ...NO_LEAVING };
}

function runStatement(node: Stmt, given: Env, of: Translator): Ending {
  of.step();
  // What `:=` sets is only known where it is the whole test of an `if`.
  const named = namedIn(node);
  const env = named.reduce((held, name) => set(held, name, sure(UNKNOWN)), given);
  if (node.kind === 'If' && node.test.kind === 'NamedExpr') {
    const { target, value, start, end } = node.test;
    const assigned = runStatement({ kind: 'Assign', targets: [target], value, start, end }, given, of);
    const rest = of.under(assigned.falls, () => runStatement({ ...node, test: target }, assigned.env, of));
    return either([{ cond: assigned.falls, ending: rest }], env);
  }
  switch (node.kind) {
    case 'Return': {
      const returns = node.value === null ? sure(NOTHING) : of.evaluate(node.value, env);
      return { returns, falls: FALSE, env, ...NO_LEAVING };
    }
    case 'Pass':
    case 'Global':
      return goesOn(env);
    case 'Break':
      return { returns: [], falls: FALSE, env, breaks: [{ cond: TRUE, env }], continues: [] };
    case 'Continue':
      return { returns: [], falls: FALSE, env, breaks: [], continues: [{ cond: TRUE, env }] };
    case 'Raise':
      of.raise('it is raised here', node, env);
      return goesOn(env, FALSE);
    case 'Assert': {
      const { t } = of.truth(node.test, env);
      if (t === FALSE) of.raise('this cannot be true', node, env);
      return goesOn(env, t);
    }
    case 'Expr':
      return runExpression(node.value, env, of);
    case 'Assign': {
      const value = of.evaluate(node.value, env);
      let ending = goesOn(env, defined(value));
      for (const target of node.targets) ending = assign(target, value, ending, of);
      return ending;
    }
    case 'AnnAssign': {
      if (node.value === null) return goesOn(env);
      const value = of.evaluate(node.value, env);
      return assign(node.target, value, goesOn(env, defined(value)), of);
    }
    case 'AugAssign': {
      if (node.target.kind !== 'Name') return spoil(node.target, env, of);
      const { target, op, value } = node;
      const found = of.product(of.evaluate(target, env), of.evaluate(value, env), (a, b) =>
        op === 'Add' && grows(a, b) ? of.note('a list that grows', value) : of.arithmetic(op, a, b, value),
      );
      return assign(target, found, goesOn(env, defined(found)), of);
    }
    case 'If': {
      const { t, f } = of.truth(node.test, env);
      const then = t === FALSE ? undefined : of.under(t, () => runBody(node.body, env, of));
      const otherwise = f === FALSE ? undefined : of.under(f, () => runBody(node.orelse, env, of));
      return either(
        [
          ...(then === undefined ? [] : [{ cond: t, ending: then }]),
          ...(otherwise === undefined ? [] : [{ cond: f, ending: otherwise }]),
        ],
        env,
      );
    }
    case 'For':
      return runFor(node, env, of);
    case 'Match': {
      const chain = asTests(node);
      if (chain === undefined) return unfollowed('a pattern of `match`', env, of);
      return runBody(chain, env, of);
    }
    case 'Try':
      return runTry(node, env, of);
    case 'FunctionDef':
      return goesOn(set(env, node.name, sure({ kind: 'function', def: node, module: env.module, closure: env })));
    case 'Import':
    case 'ImportFrom': {
      of.note('an import inside a function');
      const names = node.names.map(({ name, asname }) => asname ?? name.split('.')[0] ?? name);
      return goesOn(names.reduce((held, name) => set(held, name, sure(UNKNOWN)), env));
    }
    case 'While':
    case 'With':
    case 'AsyncWith':
    case 'AsyncFor':
    case 'AsyncFunctionDef':
    case 'ClassDef':
    case 'Delete':
    case 'Nonlocal':
      return unfollowed(`a statement of kind ${node.kind}`, env, of);
  }
}

const namedOf = new WeakMap<Stmt, readonly string[]>();

/** The names that `:=` sets anywhere in a statement. */
function namedIn(node: Stmt): readonly string[] {
  const known = namedOf.get(node);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const open: unknown[] = [node];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (typeof each !== 'object' || each === null) continue;
    const record = each as Record<string, unknown>;
    if (record['kind'] === 'NamedExpr') names.add((record['target'] as { readonly id: string }).id);
    for (const value of Object.values(record)) if (typeof value === 'object' && value !== null) open.push(value);
  }
  const found = [...names];
  namedOf.set(node, found);
  return found;
}

/** Several ways to go on, each under its condition. */
function either(ways: readonly { readonly cond: Expr; readonly ending: Ending }[], before: Env): Ending {
  const open = ways
    .map(({ cond, ending }) => ({ cond: all([cond, ending.falls]), env: ending.env }))
    .filter(({ cond }) => cond !== FALSE);
  const leaving = (of: 'breaks' | 'continues'): Leaving[] =>
    ways.flatMap(({ cond, ending }) => ending[of].map((each) => ({ cond: all([cond, each.cond]), env: each.env })));
  return {
    returns: merged(ways.flatMap(({ cond, ending }) => guard(cond, ending.returns))),
    falls: any(open.map(({ cond }) => cond)),
    env: join(open, before),
    breaks: leaving('breaks'),
    continues: leaving('continues'),
  };
}

/** The variables after several ways: where they differ, each value under the condition of its way. */
function join(ways: readonly Leaving[], before: Env): Env {
  const [first, ...rest] = ways;
  if (first === undefined) return before;
  if (rest.length === 0) return first.env;
  const vars = new Map<string, Outcomes>();
  for (const name of new Set(ways.flatMap(({ env }) => [...env.vars.keys()]))) {
    const values = ways.map(({ cond, env }) => ({ cond, value: env.vars.get(name) }));
    const [one] = values;
    if (one?.value !== undefined && values.every(({ value }) => value === one.value)) vars.set(name, one.value);
    else vars.set(name, merged(values.flatMap(({ cond, value }) => guard(cond, value ?? []))));
  }
  return { ...first.env, vars };
}

function set(env: Env, name: string, value: Outcomes): Env {
  return { ...env, vars: new Map(env.vars).set(name, value) };
}

/** Nothing is known of any variable any more. */
function forget(env: Env): Env {
  return { ...env, vars: new Map([...env.vars.keys(), ...env.locals].map((name) => [name, sure(UNKNOWN)])) };
}

function assign(target: Expression, value: Outcomes, ending: Ending, of: Translator): Ending {
  if (target.kind === 'Name' || target.kind === 'Tuple' || target.kind === 'List') {
    const bound = of.bindTarget(target, value, ending.env);
    if (bound !== undefined) return { ...ending, env: bound.env, falls: all([ending.falls, bound.cond]) };
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
  const spoilt = spoil(target, ending.env, of);
  return { ...ending, env: spoilt.env };
}

/** A change of something that is not followed: whoever holds it is not known any more. */
function spoil(target: Expression, env: Env, of: Translator): Ending {
  of.effect('this assignment');
  return goesOn(forget(env), target.kind === 'Name' ? TRUE : TRUE);
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

function runExpression(node: Expression, env: Env, of: Translator): Ending {
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
        if (changed !== undefined) return goesOn(changed, defined(value));
      }
    }
    return spoil(func.value, env, of);
  }
  return goesOn(env, defined(of.evaluate(node, env)));
}

/** A `match` over plain values as a chain of `if`; undefined where a pattern takes something apart. */
function asTests({ subject, cases, start, end }: Match): readonly Stmt[] | undefined {
  let chain: readonly Stmt[] = [];
  for (const { pattern, guard: condition, body } of cases.toReversed()) {
    const test = patternTest(pattern, subject);
    if (test === undefined) return undefined;
    const both: Expression =
      condition === null ? test : { kind: 'BoolOp', op: 'And', values: [test, condition], start, end };
    chain = [{ kind: 'If', test: both, body, orelse: chain, start, end }];
  }
  return chain;
}

function patternTest(pattern: MatchPattern, subject: Expression): Expression | undefined {
  const { start, end } = pattern;
  switch (pattern.kind) {
    case 'MatchValue':
      return { kind: 'Compare', left: subject, ops: ['Eq'], comparators: [pattern.value], start, end };
    case 'MatchSingleton': {
      const { value } = pattern;
      const wanted: Expression = { kind: 'Constant', type: value === null ? 'none' : 'bool', value, start, end };
      return { kind: 'Compare', left: subject, ops: ['Is'], comparators: [wanted], start, end };
    }
    case 'MatchOr': {
      const values: Expression[] = [];
      for (const each of pattern.patterns) {
        const test = patternTest(each, subject);
        if (test === undefined) return undefined;
        values.push(test);
      }
      return { kind: 'BoolOp', op: 'Or', values, start, end };
    }
    case 'MatchAs':
      if (pattern.pattern !== null || pattern.name !== null) return undefined;
      return { kind: 'Constant', type: 'bool', value: true, start, end };
    case 'MatchSequence':
    case 'MatchMapping':
    case 'MatchClass':
    case 'MatchStar':
      return undefined;
  }
}

function runFor(node: For, env: Env, of: Translator): Ending {
  const iterables = of.evaluate(node.iter, env);
  const ways = iterables.map(({ cond, value }) => ({
    cond,
    ending: of.under(cond, () => runLoop(node, value, env, of)),
  }));
  return either(ways, env);
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
    const bound = of.bindTarget(node.target, item, reached.env);
    if (bound === undefined) {
      of.note('this target of a loop', node.target);
      return { returns: sure(UNKNOWN), falls: TRUE, env: forget(env), ...NO_LEAVING };
    }
    const ending = of.under(reached.cond, () => runBody(node.body, bound.env, of));
    const cond = all([reached.cond, bound.cond]);
    returns.push(...guard(cond, ending.returns));
    for (const each of ending.breaks) left.push({ cond: all([cond, each.cond]), env: each.env });
    const on = [{ cond: ending.falls, env: ending.env }, ...ending.continues].filter((each) => each.cond !== FALSE);
    at = { cond: all([cond, any(on.map((each) => each.cond))]), env: join(on, reached.env) };
  }
  const rest = of.under(at.cond, () => runBody(node.orelse, at.env, of));
  const done = [{ cond: all([at.cond, rest.falls]), env: rest.env }, ...left].filter((each) => each.cond !== FALSE);
  return {
    returns: merged([...returns, ...guard(at.cond, rest.returns)]),
    falls: any(done.map((each) => each.cond)),
    env: join(done, env),
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
      const bound = of.bindTarget(node.target, item, env);
      if (bound === undefined) {
        of.note('this target of a loop', node.target);
        ways.set('other', { kind: 'return', value: 'other' });
        return { hit: TRUE, cont: TRUE };
      }
      for (const [name] of onlyNew(bound.env, env)) changed.add(name);
      const first = new Map(env.vars);
      for (const name of changed) first.set(name, sure(UNKNOWN));
      const ending = runBody(node.body, { ...bound.env, vars: new Map([...first, ...onlyNew(bound.env, env)]) }, of);
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
      const cont = all([bound.cond, any([ending.falls, ...ending.continues.map((each) => each.cond)])]);
      return { hit: all([bound.cond, wanted === undefined ? FALSE : hitOf(wanted, ending)]), cont };
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
    else if (way.value === 'other') returns.push(...guard(hit, of.note('what a loop returns')));
    else if (way.value === null) returns.push({ cond: hit, value: NOTHING });
    else returns.push({ cond: hit, value: boolean({ t: way.value ? TRUE : FALSE, f: way.value ? FALSE : TRUE }) });
  }
  const rest = runBody(node.orelse, after, of);
  return {
    returns: merged([...returns.filter((each) => each.cond !== FALSE), ...guard(cont, rest.returns)]),
    falls: any([broke, all([cont, rest.falls])]),
    env: rest.env,
    breaks: rest.breaks,
    continues: rest.continues,
  };
}

function onlyNew(inner: Env, outer: Env): [string, Outcomes][] {
  return [...inner.vars].filter(([name, held]) => outer.vars.get(name) !== held);
}

function hitOf(way: Way, ending: Ending): Expr {
  if (way.kind === 'break') return any(ending.breaks.map((each) => each.cond));
  return any(
    ending.returns.map(({ cond, value }) => {
      if (value.kind === 'bool')
        return typeof way.value === 'boolean' ? all([cond, way.value ? value.t : value.f]) : FALSE;
      if (value.kind === 'const' && (typeof value.value === 'boolean' || value.value === null)) {
        return value.value === way.value ? cond : FALSE;
      }
      return way.value === 'other' ? cond : FALSE;
    }),
  );
}

/** `try`: what raises goes to the handler that takes every exception. */
function runTry(node: Try, env: Env, of: Translator): Ending {
  const tried = runBody(node.body, env, of);
  const ended = any([
    defined(tried.returns),
    tried.falls,
    ...tried.breaks.map((each) => each.cond),
    ...tried.continues.map((each) => each.cond),
  ]);
  // What is only necessary says nothing when it is negated.
  const exact = of.notes.length === 0;
  const raised = exact ? negate(ended) : TRUE;
  const ways: { readonly cond: Expr; readonly ending: Ending }[] = [{ cond: TRUE, ending: tried }];
  if (node.finalbody.length > 0) {
    return unfollowed('`finally`', env, of);
  }
  if (node.orelse.length > 0) {
    const rest = of.under(tried.falls, () => runBody(node.orelse, tried.env, of));
    ways[0] = {
      cond: TRUE,
      ending: {
        ...rest,
        returns: merged([...tried.returns, ...guard(tried.falls, rest.returns)]),
        falls: all([tried.falls, rest.falls]),
      },
    };
  }
  if (raised !== FALSE) {
    const [handler] = node.handlers;
    if (node.handlers.length !== 1 || handler === undefined || !takesAll(handler.type)) {
      of.note('which exceptions are handled');
    }
    // The state is that of before, but for what the body set before it raised.
    const touched = [...tried.env.vars].filter(([name, held]) => env.vars.get(name) !== held).map(([name]) => name);
    const start = touched.reduce((held, name) => set(held, name, sure(UNKNOWN)), env);
    for (const each of node.handlers) {
      const named = each.name === null ? start : set(start, each.name, sure(UNKNOWN));
      ways.push({ cond: raised, ending: of.under(raised, () => runBody(each.body, named, of)) });
    }
  }
  return either(ways, env);
}

function takesAll(type: Expression | null): boolean {
  return type === null || (type.kind === 'Name' && (type.id === 'Exception' || type.id === 'BaseException'));
}
