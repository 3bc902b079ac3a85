import { fieldAt, STRICT, text } from '../../../../ir/construct.ts';
import type { JsonPath } from '../../../../ir/json-path.ts';
import type { Expression } from '../../ast.ts';
import { ANY, DICT, NONE } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { moduleScope } from '../module-scope.ts';
import { childOf, isNone, withDefault } from './places.ts';
import {
  constant,
  type Dynamic,
  dynamic,
  isOf,
  knownJson,
  literal,
  maskOf,
  NOTHING,
  type Outcomes,
  operation,
  type PyValue,
  sure,
} from './value.ts';

/** The event itself. */
export const EVENT: Dynamic = { ...dynamic(fieldAt([]), DICT), whole: true };

/** Whether a value is the event, if only as a map. */
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
  // Panther sets it where the record does not say.
  if (name === 'get' && knownText(args[0]) === 'p_log_type') return logTypeOf(of);
  if (self.whole !== true) return undefined;
  switch (name) {
    case 'deep_get':
    case 'udm': {
      const keys = args.map(knownText);
      const otherwise = keywords.get('default') ?? sure(NOTHING);
      if (!keys.every((key) => key !== undefined)) return of.note('keys that are not known', node);
      if (name === 'udm') return unified(keys, otherwise, node, of);
      // The next key is looked for in the default.
      if (keys.length > 1 && otherwise.some(({ value }) => (maskOf(value) & DICT) !== 0 && !isEmpty(value)))
        return of.note('a default that holds something', node);
      return deepGet(keys, otherwise, of);
    }
    case 'deep_walk':
      return deepWalk(args, keywords, node, of);
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

function isEmpty(value: PyValue): boolean {
  return value.kind === 'map' && value.entries.size === 0;
}

function knownText(outcomes: Outcomes | undefined): string | undefined {
  const [only] = outcomes ?? [];
  return outcomes?.length === 1 && only?.value.kind === 'const' && typeof only.value.value === 'string'
    ? only.value.value
    : undefined;
}

function logTypeOf(of: Translator): Outcomes {
  const own = dynamic({ kind: 'raw', paths: [['p_log_type']], ...STRICT }, ANY);
  return withDefault(own, sure(constant(of.logType)), of);
}

function deepGet(keys: readonly string[], otherwise: Outcomes, of: Translator): Outcomes {
  if (keys.length === 1 && keys[0] === 'p_log_type') return orElse(logTypeOf(of), otherwise, of);
  let value = EVENT;
  for (const key of keys) value = childOf(value, key);
  return orElse(sure(value), otherwise, of);
}

/** The default where a value is None. */
function orElse(outcomes: Outcomes, otherwise: Outcomes, of: Translator): Outcomes {
  if (isNone(otherwise)) return outcomes;
  return outcomes.flatMap(({ cond, value }): Outcomes => {
    if (value.kind === 'const') return value.value === null ? of.guard(cond, otherwise) : [{ cond, value }];
    if (value.kind !== 'dynamic') return [{ cond, value }];
    const there: Dynamic = { ...value, mask: value.mask & ~NONE };
    return [
      { cond: of.all([cond, isOf(value, value.mask & ~NONE)]), value: there },
      ...of.guard(of.all([cond, isOf(value, NONE)]), otherwise),
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
  const otherwise = fallback === undefined || more.length > 0 ? undefined : knownJson(fallback.value);
  if (!keys.every((key) => key !== undefined) || which === undefined || otherwise === undefined || keys.length === 0)
    return of.note('a deep walk', node);
  return operation(
    'python.deep-walk',
    [EVENT.expr, literal(otherwise.json), text(which), ...keys.map((key) => text(key))],
    ANY,
  );
}

/**
 * A unified field. Where the data model has a path or a method for it, that alone: what the path finds, be it null, or the default
 * where it finds nothing; what the method gives. Else `p_udm`, then the event's own, and the default for what is falsy.
 */
function unified(keys: readonly string[], otherwise: Outcomes, node: Expression | undefined, of: Translator): Outcomes {
  const [key = ''] = keys;
  const mappings = keys.length === 1 ? (of.model?.mappings ?? []).filter((each) => each.name === key) : [];
  const query = mappings.findLast((each) => each.query !== undefined)?.query;
  const method = mappings.findLast((each) => each.method !== undefined)?.method;
  const elsewhere = (): Outcomes => (method === undefined ? otherwise : ofMethod(method, node, of));
  if (query !== undefined) {
    const steps = stepsOf(query);
    if (steps === undefined) return of.note(`the path of the unified field \`${key}\``, node);
    const [first] = steps;
    if (steps.length === 1 && first === 'p_log_type') return logTypeOf(of);
    return withDefault(exactly(steps), elsewhere(), of);
  }
  if (mappings.length > 0) return elsewhere();
  if (keys.length === 0) return otherwise;
  const own = deepGet(['p_udm', ...keys], sure(NOTHING), of);
  return orFalsy(own, orFalsy(deepGet(keys, sure(NOTHING), of), otherwise, of), of);
}

/** The steps of a path that names one member after the other. */
function stepsOf(path: JsonPath): readonly string[] | undefined {
  if (path.kind === 'root' || path.kind === 'this') return [];
  if (path.kind === 'fields' && path.names.length === 1) return path.names;
  if (path.kind !== 'child') return undefined;
  const left = stepsOf(path.left);
  // The root begins anew.
  const right = path.right.kind === 'root' ? undefined : stepsOf(path.right);
  return left === undefined || right === undefined ? undefined : [...left, ...right];
}

/** What stands at steps of the event whose keys are as they are written. */
function exactly(steps: readonly string[]): Dynamic {
  return dynamic(steps.length === 0 ? EVENT.expr : { ...fieldAt(steps), ...STRICT }, ANY);
}

/** What the data model's method makes of the event, which it is given as a map like any other. */
function ofMethod(name: string, node: Expression | undefined, of: Translator): Outcomes {
  const module = of.model?.module;
  const scope = module === undefined ? undefined : moduleScope(module);
  if (scope === undefined || !('bindings' in scope)) return of.note(`the data model's module`, node);
  const made = of.each(of.ofModule(name, scope, node), (method) =>
    of.apply(method, [sure(dynamic(EVENT.expr, DICT))], new Map(), node),
  );
  return made.flatMap(({ cond, value }): Outcomes => {
    if (value.kind === 'unknown' || value.kind === 'seq' || value.kind === 'map')
      return of.guard(cond, of.note('what the data model gives', node));
    // What it gives is read as the event is.
    return [{ cond, value: value.kind === 'dynamic' ? dynamic(value.expr, value.mask) : value }];
  });
}

/** The default where a value is falsy. */
function orFalsy(outcomes: Outcomes, otherwise: Outcomes, of: Translator): Outcomes {
  return outcomes.flatMap(({ cond, value }): Outcomes => {
    const { t, f } = of.truthOfValue(value);
    return [...of.guard(of.all([cond, t]), sure(value)), ...of.guard(of.all([cond, f]), otherwise)];
  });
}
