import { call, fieldAt, STRICT, text } from '../../../ir/construct.ts';
import type { Expression } from '../ast.ts';
import { all } from './logic.ts';
import { moduleScope } from './module-scope.ts';
import { childOf, isNone, withDefault } from './places.ts';
import type { Translator } from './translator.ts';
import { ANY, DICT, NONE } from './types.ts';
import { constant, type Dynamic, dynamic, expressionOf, guard, isOf, NOTHING, type Outcomes, sure } from './value.ts';

/** The event itself. */
export const EVENT: Dynamic = dynamic(fieldAt([]), DICT);

export function isRoot(value: Dynamic): boolean {
  const { expr } = value;
  return expr.kind === 'field' && expr.of === undefined && expr.path?.length === 0;
}

/** `get`, `deep_get`, `deep_walk` and `udm` of the event; undefined for what other maps have as well. */
export function eventMethod(
  self: Dynamic,
  name: string,
  args: readonly Outcomes[],
  keywords: ReadonlyMap<string, Outcomes>,
  node: Expression | undefined,
  of: Translator,
): Outcomes | undefined {
  switch (name) {
    case 'get': {
      const key = knownText(args[0]);
      // Panther sets it where the record does not say.
      if (key === 'p_log_type') return logTypeOf(of);
      return undefined;
    }
    case 'deep_get': {
      const keys = args.map(knownText);
      const otherwise = keywords.get('default') ?? sure(NOTHING);
      if (!keys.every((key) => key !== undefined)) return of.note('keys that are not known', node);
      return deepGet(keys, otherwise, of);
    }
    case 'deep_walk':
      return deepWalk(args, keywords, node, of);
    case 'udm': {
      const keys = args.map(knownText);
      const otherwise = keywords.get('default') ?? sure(NOTHING);
      if (!keys.every((key) => key !== undefined)) return of.note('keys that are not known', node);
      return unified(self, keys, otherwise, node, of);
    }
    case 'event_time_epoch':
    case 'to_dict':
    case 'copy':
    case 'lookup':
    case 'udm_path':
    case 'items':
    case 'keys':
    case 'values':
      return of.note(`the method \`${name}\` of the event`, node);
    default:
      return undefined;
  }
}

function knownText(outcomes: Outcomes | undefined): string | undefined {
  const [only] = outcomes ?? [];
  return outcomes?.length === 1 && only?.value.kind === 'const' && typeof only.value.value === 'string'
    ? only.value.value
    : undefined;
}

function logTypeOf(of: Translator): Outcomes {
  const own = dynamic({ kind: 'raw', paths: [['p_log_type']], ...STRICT }, ANY);
  return withDefault(own, sure(constant(of.logType)));
}

function deepGet(keys: readonly string[], otherwise: Outcomes, of: Translator): Outcomes {
  if (keys.length === 1 && keys[0] === 'p_log_type') return orElse(logTypeOf(of), otherwise);
  let value = EVENT;
  for (const key of keys) value = childOf(value, key);
  return orElse(sure(value), otherwise);
}

/** The default where a value is None. */
function orElse(outcomes: Outcomes, otherwise: Outcomes): Outcomes {
  if (isNone(otherwise)) return outcomes;
  return outcomes.flatMap(({ cond, value }): Outcomes => {
    if (value.kind === 'const') return value.value === null ? guard(cond, otherwise) : [{ cond, value }];
    if (value.kind !== 'dynamic') return [{ cond, value }];
    const there: Dynamic = { ...value, mask: value.mask & ~NONE };
    return [
      { cond: all([cond, isOf(value, value.mask & ~NONE)]), value: there },
      ...guard(all([cond, isOf(value, NONE)]), otherwise),
    ];
  });
}

function deepWalk(
  args: readonly Outcomes[],
  keywords: ReadonlyMap<string, Outcomes>,
  node: Expression | undefined,
  of: Translator,
): Outcomes {
  const keys = args.map(knownText);
  const which = keywords.has('return_val') ? knownText(keywords.get('return_val')) : 'all';
  const [fallback, ...more] = keywords.get('default') ?? sure(NOTHING);
  const otherwise = fallback === undefined || more.length > 0 ? undefined : expressionOf(fallback.value);
  if (!keys.every((key) => key !== undefined) || otherwise === undefined || keys.length === 0)
    return of.note('a deep walk', node);
  if (which !== 'all' && which !== 'first' && which !== 'last') return of.note('a deep walk', node);
  const expr = call('python.deep-walk', [EVENT.expr, otherwise, text(which), ...keys.map((key) => text(key))]);
  return sure(dynamic(expr, ANY, 'list'));
}

/** A unified field: the data model's path or method, then `p_udm`, then the event's own. */
function unified(
  self: Dynamic,
  keys: readonly string[],
  otherwise: Outcomes,
  node: Expression | undefined,
  of: Translator,
): Outcomes {
  const [key = ''] = keys;
  const mapping = keys.length === 1 ? of.model?.mappings.findLast((each) => each.name === key) : undefined;
  if (mapping?.path !== undefined) {
    const steps = mapping.path.trim().replace(/^\$/, '').replace(/^\./, '').split('.');
    if (!/^[\w.@:-]+$/.test(steps.join('.')) || steps.includes(''))
      return of.note(`the path of the unified field \`${key}\``, node);
    const found = deepGet(steps, sure(NOTHING), of);
    if (steps.length === 1) return orElse(found, otherwise);
    return orElse(found, orElse(sure(childOf(EVENT, mapping.path)), otherwise));
  }
  if (mapping?.method !== undefined) {
    const module = of.model?.module;
    const scope = module === undefined ? undefined : moduleScope(module);
    if (scope === undefined || !('bindings' in scope)) return of.note(`the data model's module`, node);
    const found = of.each(of.ofModule(mapping.method, scope, node), (method) =>
      of.apply(method, [sure(self)], new Map(), node),
    );
    return orElse(known(found, of, node), otherwise);
  }
  return orElse(deepGet(['p_udm', ...keys], sure(NOTHING), of), deepGet(keys, otherwise, of));
}

/** A method of a data model may give anything; only what can be asked for None goes on. */
function known(outcomes: Outcomes, of: Translator, node: Expression | undefined): Outcomes {
  return outcomes.every(({ value }) => value.kind !== 'unknown')
    ? outcomes
    : of.note('what the data model gives', node);
}
