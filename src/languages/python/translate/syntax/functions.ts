import type { Expr } from '../../../../ir/expr.ts';
import type { Call, Expression, Parameters } from '../../ast.ts';
import type { Translator } from '../context.ts';
import type { ModuleScope } from '../module-scope.ts';
import { callForeign } from '../values/calls.ts';
import { callMethod } from '../values/methods.ts';
import { type Env, NOTHING, type Outcomes, type PyValue, sure } from '../values/value.ts';
import { localNames } from './local-names.ts';
import { globalEnv } from './names.ts';

/** What a call is given. */
type Named = ReadonlyMap<string, Outcomes>;

export function evaluateCall(node: Call, env: Env, of: Translator): Outcomes {
  const callees = of.evaluate(node.func, env);
  const args: Outcomes[] = [];
  const conds: Expr[] = [];
  for (const arg of node.args) {
    if (arg.kind === 'Starred') {
      const [only] = of.evaluate(arg.value, env);
      if (only?.value.kind !== 'seq') return of.effect('arguments that are not known');
      conds.push(only.cond);
      args.push(...only.value.items);
    } else args.push(of.evaluate(arg, env));
  }
  const keywords = new Map<string, Outcomes>();
  for (const { arg, value } of node.keywords) {
    if (arg === null) return of.effect('arguments that are not known');
    keywords.set(arg, of.evaluate(value, env));
  }
  for (const each of [...args, ...keywords.values()]) conds.push(of.defined(each));
  of.at(node, env);
  return of.guard(
    of.all(conds),
    of.each(callees, (callee) => of.apply(callee, args, keywords, node)),
  );
}

/** Calls a value. */
export function applyValue(
  callee: PyValue,
  args: readonly Outcomes[],
  keywords: Named,
  node: Expression | undefined,
  of: Translator,
): Outcomes {
  switch (callee.kind) {
    case 'function':
      return inline(callee, args, keywords, node, of);
    case 'lambda': {
      const { def } = callee;
      const env = bind(def.args, callee, args, keywords, NO_NAMES, of);
      return env === undefined ? [] : of.nested(() => of.evaluate(def.body, env));
    }
    case 'foreign':
      return callForeign(callee.name, args, keywords, node, of);
    case 'method':
      return callMethod(callee.self, callee.name, args, keywords, node, of);
    case 'unknown':
      return of.effect('a call of what is not known');
    case 'const':
    case 'seq':
    case 'map':
    case 'dynamic':
    case 'bool':
    case 'maybe':
    case 'regex':
    case 'comprehension':
      return [];
  }
}

function inline(
  callee: PyValue & { readonly kind: 'function' },
  args: readonly Outcomes[],
  keywords: Named,
  node: Expression | undefined,
  of: Translator,
): Outcomes {
  const { def, module } = callee;
  const names = localNames(def.body);
  if (names.yields) return of.effect('a generator function');
  const env = bind(def.args, callee, args, keywords, names, of);
  if (env === undefined) {
    // A call that the module writes says itself that it fails.
    if (node === undefined) of.raise(misfit(def, args.length), headOf(callee), { module });
    return [];
  }
  const found = of.nested(() => of.run(def.body, env));
  return of.merged([...found.returns, ...of.guard(found.falls, sure(NOTHING))]);
}

/** Why a function cannot be called with so many arguments. */
function misfit(
  { name, args: { posonlyargs, args, kwonlyargs } }: (PyValue & { readonly kind: 'function' })['def'],
  given: number,
): string {
  const taken = posonlyargs.length + args.length + kwonlyargs.length;
  return `\`${name}\` takes ${taken} ${taken === 1 ? 'argument' : 'arguments'}, and is given ${given}`;
}

/** The line that a definition begins with. */
function headOf({ def, module }: PyValue & { readonly kind: 'function' }): { start: number; end: number } {
  const end = module.source.text.indexOf('\n', def.start);
  return { start: def.start, end: end === -1 ? def.end : Math.min(end, def.end) };
}

const NO_NAMES = { locals: new Set<string>(), globals: new Set<string>() };

/** The names of a call; undefined where the arguments do not fit, which raises. */
function bind(
  parameters: Parameters,
  { module, closure }: { readonly module: ModuleScope; readonly closure: Env | undefined },
  args: readonly Outcomes[],
  keywords: Named,
  { locals, globals }: Pick<Env, 'locals' | 'globals'>,
  of: Translator,
): Env | undefined {
  const frame = of.newFrame();
  const vars = new Map<string, Outcomes>();
  const positional = [...parameters.posonlyargs, ...parameters.args];
  const used = new Set<string>();
  const defaultsFrom = positional.length - parameters.defaults.length;
  const outer = closure ?? globalEnv(module);
  for (const [at, { arg }] of positional.entries()) {
    const named = keywords.get(arg);
    if (args[at] !== undefined && named !== undefined) return undefined;
    if (named !== undefined) used.add(arg);
    const fallback = parameters.defaults[at - defaultsFrom];
    const value = args[at] ?? named ?? (fallback === undefined ? undefined : of.evaluate(fallback, outer));
    if (value === undefined) return undefined;
    vars.set(arg, value);
  }
  const { vararg, kwarg } = parameters;
  if (vararg === null && args.length > positional.length) return undefined;
  if (vararg !== null) {
    vars.set(vararg.arg, sure({ kind: 'seq', type: 'tuple', items: args.slice(positional.length), frame }));
  }
  for (const [at, { arg }] of parameters.kwonlyargs.entries()) {
    const fallback = parameters.kw_defaults[at] ?? null;
    const value = keywords.get(arg) ?? (fallback === null ? undefined : of.evaluate(fallback, outer));
    if (value === undefined) return undefined;
    used.add(arg);
    vars.set(arg, value);
  }
  const others = [...keywords].filter(([name]) => !used.has(name));
  if (kwarg !== null) vars.set(kwarg.arg, sure({ kind: 'map', entries: new Map(others), frame }));
  else if (others.length > 0) return undefined;
  return { vars, module, parent: closure, frame, locals, globals };
}
