import { call, FALSE, TRUE } from '../../../../ir/construct.ts';
import type { Expression } from '../../ast.ts';
import { NONE } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import type { Env, Outcomes, Pair, PyValue } from '../values/value.ts';
import { scan } from './loops.ts';

/** The condition that an expression is true, and that it is false. */
export function truthOfNode(node: Expression, env: Env, of: Translator): Pair {
  if (node.kind === 'UnaryOp' && node.op === 'Not') {
    const { t, f } = of.truth(node.operand, env);
    return { t: f, f: t };
  }
  if (node.kind !== 'BoolOp') return of.truthOf(of.evaluate(node, env));
  // What decides is the last operand, or the first that ends the row.
  const [first, ...rest] = node.values;
  if (first === undefined) return { t: TRUE, f: FALSE };
  let { t, f } = of.truth(first, env);
  for (const value of rest) {
    const goesOn = node.op === 'And' ? t : f;
    if (goesOn === FALSE) break;
    const next = of.under(goesOn, () => of.truth(value, env));
    if (node.op === 'And') [t, f] = [of.all([t, next.t]), of.any([f, of.all([t, next.f])])];
    else [t, f] = [of.any([t, of.all([f, next.t])]), of.all([f, next.f])];
  }
  return { t, f };
}

export function truthOfOutcomes(outcomes: Outcomes, of: Translator): Pair {
  const pairs = outcomes.map(({ cond, value }) => {
    const { t, f } = of.truthOfValue(value);
    return { t: of.all([cond, t]), f: of.all([cond, f]) };
  });
  return { t: of.any(pairs.map((pair) => pair.t)), f: of.any(pairs.map((pair) => pair.f)) };
}

const ALWAYS: Pair = { t: TRUE, f: FALSE };
const NEVER: Pair = { t: FALSE, f: TRUE };

export function truthOfValue(value: PyValue, of: Translator): Pair {
  switch (value.kind) {
    case 'const':
      return value.value === null || value.value === '' || value.value === 0 || value.value === false ? NEVER : ALWAYS;
    case 'seq':
      return value.items.length > 0 ? ALWAYS : NEVER;
    case 'map':
      return value.entries.size > 0 ? ALWAYS : NEVER;
    case 'dynamic':
      return value.mask === NONE ? NEVER : of.pairOf(call('python.truthy', [value.expr]));
    case 'bool':
    case 'maybe':
      return { t: value.t, f: value.f };
    case 'comprehension': {
      if (value.node.kind === 'GeneratorExp') return ALWAYS;
      const found = scan(value, of, () => ({ hit: TRUE, cont: FALSE }));
      return { t: found.hit, f: found.cont };
    }
    case 'function':
    case 'lambda':
    case 'foreign':
    case 'method':
    case 'regex':
      return ALWAYS;
    case 'unknown':
      of.note('a value that is not known');
      return { t: TRUE, f: TRUE };
  }
}
