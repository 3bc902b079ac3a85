import { call, FALSE, fieldAt, STRICT, TRUE } from '../../../../ir/construct.ts';
import { equal } from '../../../../ir/equal.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Comprehension } from '../../ast.ts';
import { ANY, DICT, LIST, STR } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { constant, type Env, isOf, madeOfItems, type Outcomes, type PyValue, sure } from '../values/value.ts';
import { bindTarget } from './targets.ts';

/** What one item does to a loop: ends it in the way that is asked for, or lets it go on. Else it ends otherwise or raises. */
export interface Step {
  readonly hit: Expr;
  readonly cont: Expr;
}

export type Visit = (item: Outcomes) => Step;

/** How many items of a known list are gone through one by one. */
const MOST_ITEMS = 400;

/**
 * Goes through what a value holds, in order: when some item ends the loop as asked (and none before it ended it), and
 * when the loop comes to its end.
 */
export function scan(value: PyValue, of: Translator, visit: Visit): Step {
  switch (value.kind) {
    case 'seq':
      return scanKnown(value.items, visit, of);
    case 'map':
      return scanKnown(
        [...value.entries.keys()].map((key) => sure(constant(key))),
        visit,
        of,
      );
    case 'const':
      if (typeof value.value !== 'string') return { hit: FALSE, cont: FALSE };
      return scanKnown(
        [...value.value].map((each) => sure(constant(each))),
        visit,
        of,
      );
    case 'dynamic': {
      const iterable = isOf(value, LIST | STR | DICT);
      if (iterable === FALSE) return { hit: FALSE, cont: FALSE };
      const over = value.mask === LIST ? value.expr : call('python.iterate', [value.expr]);
      const made = madeOfItems(value);
      const found = of.inLoop((variable) => {
        const item: Expr =
          made === 'plain' ? { kind: 'raw', paths: [[]], ...STRICT, of: variable } : fieldAt([], undefined, variable);
        return scanDynamic(over, variable, sure({ kind: 'dynamic', expr: item, mask: ANY, made }), visit, of);
      });
      return { hit: of.all([iterable, found.hit]), cont: of.all([iterable, found.cont]) };
    }
    case 'comprehension':
      return scanComprehension(value.node, value.env, of, visit);
    case 'bool':
    case 'maybe':
    case 'function':
    case 'lambda':
    case 'foreign':
    case 'method':
    case 'regex':
    case 'unknown': {
      of.note('a loop over what is not known');
      const { hit } = of.inLoop(() => visit(sure({ kind: 'unknown' })));
      return { hit, cont: TRUE };
    }
  }
}

function scanKnown(items: readonly Outcomes[], visit: Visit, of: Translator): Step {
  if (items.length > MOST_ITEMS) {
    of.note('a loop over very many items');
    return { hit: TRUE, cont: TRUE };
  }
  const steps = items.map(visit);
  // Where nothing raises or ends otherwise, the order says nothing.
  if (steps.every((step) => equal(step.cont, of.negate(step.hit)))) {
    return { hit: of.any(steps.map((step) => step.hit)), cont: of.all(steps.map((step) => step.cont)) };
  }
  let hit: Expr = FALSE;
  let cont: Expr = TRUE;
  for (const step of steps.toReversed()) {
    hit = of.any([step.hit, of.all([step.cont, hit])]);
    cont = of.all([step.cont, cont]);
  }
  return { hit, cont };
}

function scanDynamic(over: Expr, variable: string, item: Outcomes, visit: Visit, of: Translator): Step {
  const { hit, cont } = visit(item);
  if (of.notes.length > 0) return { hit: some(over, variable, hit), cont: TRUE };
  const stop = of.negate(cont);
  if (hit === FALSE) return { hit: FALSE, cont: of.negate(some(over, variable, stop)) };
  const decided = equal(stop, hit);
  const found = some(over, variable, hit, decided ? undefined : stop);
  return { hit: found, cont: decided ? of.negate(found) : of.negate(some(over, variable, stop)) };
}

function some(over: Expr, variable: string, body: Expr, until?: Expr): Expr {
  if (body === FALSE) return FALSE;
  return { kind: 'quantified', how: 'any', over, variable, body, ...(until !== undefined && { until }) };
}

function scanComprehension(node: Comprehension, env: Env, of: Translator, visit: Visit): Step {
  const level = (depth: number, inner: Env): Step => {
    const generator = node.generators[depth];
    if (generator === undefined) return visit(of.evaluate(node.elt, inner));
    return scanOutcomes(of.evaluate(generator.iter, inner), of, (item) => {
      const bound = bindTarget(generator.target, item, inner, of);
      if (bound === undefined) {
        of.note('this target of a loop', generator.target);
        return { hit: TRUE, cont: TRUE };
      }
      let passed: Expr = TRUE;
      let dropped: Expr = FALSE;
      for (const condition of generator.ifs) {
        const { t, f } = of.truth(condition, bound.env);
        dropped = of.any([dropped, of.all([passed, f])]);
        passed = of.all([passed, t]);
      }
      if (passed === FALSE) return { hit: FALSE, cont: of.all([bound.cond, dropped]) };
      const step = level(depth + 1, bound.env);
      return {
        hit: of.all([bound.cond, passed, step.hit]),
        cont: of.all([bound.cond, of.any([dropped, of.all([passed, step.cont])])]),
      };
    });
  };
  return level(0, env);
}

/** As `scan`, over whichever of several values there is. */
export function scanOutcomes(outcomes: Outcomes, of: Translator, visit: Visit): Step {
  const steps = outcomes.map(({ cond, value }) => {
    const { hit, cont } = scan(value, of, visit);
    return { hit: of.all([cond, hit]), cont: of.all([cond, cont]) };
  });
  return { hit: of.any(steps.map((step) => step.hit)), cont: of.any(steps.map((step) => step.cont)) };
}
