import { call, FALSE, TRUE } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Compare, Comprehension, Constant, Dict, Expression, IfExp, Subscript } from '../../ast.ts';
import { pathOf, placeAt } from '../conditions/place.ts';
import { ALL, DICT, LIST, MISS, STR } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { compareValues } from '../values/compare.ts';
import { attributeOf, itemOf } from '../values/methods.ts';
import { arithmetic } from '../values/operators.ts';
import {
  boolean,
  constant,
  type Dynamic,
  dynamic,
  type Env,
  isOf,
  literal,
  NOTHING,
  type Outcomes,
  type PyValue,
  sure,
} from '../values/value.ts';
import { format } from './format.ts';
import { evaluateCall } from './functions.ts';
import { scan } from './loops.ts';
import { lookUp } from './names.ts';

/** What an expression may give. */
export function evaluateNode(node: Expression, env: Env, of: Translator): Outcomes {
  switch (node.kind) {
    case 'Constant':
      return constantOf(node, of);
    case 'Name':
      return lookUp(node.id, env, node, of);
    case 'JoinedStr':
      return format(node.values, env, node, of);
    case 'List':
      return sequence('list', node.elts, env, of);
    case 'Tuple':
      return sequence('tuple', node.elts, env, of);
    case 'Set':
      return sequence('set', node.elts, env, of);
    case 'Dict':
      return dict(node, env, of);
    case 'UnaryOp': {
      if (node.op === 'Not') {
        const { t, f } = of.truth(node.operand, env);
        return [{ cond: of.any([t, f]), value: boolean({ t: f, f: t }) }];
      }
      const [only] = of.evaluate(node.operand, env);
      if (node.op === 'USub' && only?.value.kind === 'const' && typeof only.value.value === 'number') {
        return sure(constant(-only.value.value));
      }
      return of.note('this operator', node);
    }
    case 'BinOp': {
      const left = of.evaluate(node.left, env);
      const right = of.evaluate(node.right, env);
      return of.product(left, right, (a, b) => arithmetic(node.op, a, b, node, of));
    }
    case 'BoolOp':
      return junction(node, env, of);
    case 'Compare':
      return comparison(node, env, of);
    case 'Call':
      return evaluateCall(node, env, of);
    case 'Attribute':
      return of.each(of.evaluate(node.value, env), (value) => attributeOf(value, node.attr, node, of));
    case 'Subscript':
      return subscript(node, env, of);
    case 'IfExp':
      return conditional(node, env, of);
    case 'Lambda':
      return sure({ kind: 'lambda', def: node, module: env.module, closure: env });
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
      return comprehension(node, env, of);
    case 'DictComp':
      return of.note('a dict comprehension', node);
    case 'NamedExpr':
      return of.note('an assignment inside an expression', node);
    case 'Slice':
    case 'Starred':
    case 'FormattedValue':
    case 'Await':
    case 'YieldFrom':
    case 'Yield':
      return of.note('this expression', node);
  }
}

function constantOf(node: Constant, of: Translator): Outcomes {
  switch (node.type) {
    case 'str':
      return sure(constant(String(node.value)));
    case 'bool':
      return sure(constant(node.value === true));
    case 'none':
      return sure(NOTHING);
    case 'int': {
      const number = Number(node.value);
      return Number.isSafeInteger(number) ? sure(constant(number)) : of.note('a very large number', node);
    }
    case 'float':
      return sure(constant(Number(node.value)));
    case 'bytes':
    case 'complex':
    case 'ellipsis':
      return of.note(`a constant of type ${node.type}`, node);
  }
}

function sequence(type: 'list' | 'tuple' | 'set', elts: readonly Expression[], env: Env, of: Translator): Outcomes {
  const items: Outcomes[] = [];
  let cond: Expr = TRUE;
  for (const elt of elts) {
    if (elt.kind === 'Starred') {
      const [only] = of.evaluate(elt.value, env);
      if (only?.value.kind !== 'seq') return of.note('a list of parts that are not known', elt);
      cond = of.all([cond, only.cond]);
      items.push(...only.value.items);
      continue;
    }
    const found = of.evaluate(elt, env);
    cond = of.all([cond, type === 'set' ? of.keyable(found) : of.defined(found)]);
    items.push(found);
  }
  return [{ cond, value: { kind: 'seq', type, items, frame: env.frame } }];
}

function dict(node: Dict, env: Env, of: Translator): Outcomes {
  const entries = new Map<string, Outcomes>();
  let cond: Expr = TRUE;
  for (const [at, key] of node.keys.entries()) {
    const value = node.values[at];
    const name = key === null ? [] : of.evaluate(key, env);
    const [only] = name;
    const known = name.length === 1 && only?.value.kind === 'const' ? only.value.value : undefined;
    if (value === undefined || typeof known !== 'string') return of.note('a dict whose keys are not known', node);
    const found = of.evaluate(value, env);
    cond = of.all([cond, of.defined(found)]);
    entries.set(known, found);
  }
  return [{ cond, value: { kind: 'map', entries, frame: env.frame } }];
}

type BoolOp = Expression & { readonly kind: 'BoolOp' };

/** `and` and `or`: the last operand, or the first that ends the row. */
function junction({ op, values }: BoolOp, env: Env, of: Translator): Outcomes {
  let found: Outcomes = [];
  let goesOn: Expr = TRUE;
  for (const [at, value] of values.entries()) {
    const outcomes = of.guard(
      goesOn,
      of.under(goesOn, () => of.evaluate(value, env)),
    );
    if (at === values.length - 1) {
      found = [...found, ...outcomes];
      break;
    }
    const ends: Outcomes = outcomes.flatMap(({ cond, value: each }) => {
      const { t, f } = of.truthOfValue(each);
      const ended = of.all([cond, op === 'And' ? f : t]);
      return ended === FALSE ? [] : [{ cond: ended, value: settled(each, op) }];
    });
    found = [...found, ...ends];
    const { t, f } = of.truthOf(outcomes);
    goesOn = op === 'And' ? t : f;
    if (goesOn === FALSE) break;
  }
  return of.merged(found);
}

/** What is left of a value where its truth is known. */
function settled(value: PyValue, op: BoolOp['op']): PyValue {
  return value.kind === 'bool' ? constant(op === 'Or') : value;
}

function comparison(node: Compare, env: Env, of: Translator): Outcomes {
  let left = of.evaluate(node.left, env);
  let ended: Outcomes = [];
  let goesOn: Expr = TRUE;
  for (const [at, op] of node.ops.entries()) {
    const comparator = node.comparators[at];
    if (comparator === undefined) break;
    const right = of.under(goesOn, () => of.evaluate(comparator, env));
    const found = of.product(left, right, (a, b) => {
      if (a.kind === 'unknown' || b.kind === 'unknown') return of.note('a comparison with what is not known', node);
      const compared = compareValues(op, a, b, of) ?? of.note('this comparison', node);
      // What says nothing of its operands must not forget that they may raise.
      if (compared.every(({ value }) => value.kind === 'bool')) return compared;
      return of.guard(of.all([of.definedValue(a), of.definedValue(b)]), compared);
    });
    if (at === node.ops.length - 1) return [...ended, ...of.guard(goesOn, found)];
    const { t, f } = of.truthOf(found);
    ended = [...ended, { cond: of.all([goesOn, f]), value: constant(false) }];
    goesOn = of.all([goesOn, t]);
    left = right;
  }
  return ended;
}

function subscript(node: Subscript, env: Env, of: Translator): Outcomes {
  const value = of.evaluate(node.value, env);
  const { slice } = node;
  if (slice.kind !== 'Slice') {
    const index = of.evaluate(slice, env);
    return of.product(value, index, (a, b) => itemOf(a, b, node, of));
  }
  if (slice.step !== null) return of.note('a slice with a step', node);
  const from = bound(slice.lower, env, of);
  const to = bound(slice.upper, env, of);
  if (from === undefined || to === undefined) return of.note('a slice', node);
  return of.each(value, (each) => {
    if (each.kind === 'const' && typeof each.value === 'string') {
      return sure(constant([...each.value].slice(from ?? 0, to ?? undefined).join('')));
    }
    if (each.kind === 'seq') return sure({ ...each, items: each.items.slice(from ?? 0, to ?? undefined) });
    if (each.kind !== 'dynamic') return of.note('a slice', node);
    const part = call('python.slice', [each.expr, literal(from), literal(to)]);
    // A part of one of the event's lists is a tuple of plain values.
    const made = each.made === 'event' ? 'tuple' : each.made;
    return of.guard(isOf(each, STR | LIST), sure(dynamic(part, each.mask & (STR | LIST), made)));
  });
}

/** A bound that is known: null where it is left out, undefined where it is not known. */
function bound(node: Expression | null, env: Env, of: Translator): number | null | undefined {
  if (node === null) return null;
  const [only] = of.evaluate(node, env);
  return only?.value.kind === 'const' && typeof only.value.value === 'number' ? only.value.value : undefined;
}

function conditional(node: IfExp, env: Env, of: Translator): Outcomes {
  const { t, f } = of.truth(node.test, env);
  const then = t === FALSE ? [] : of.under(t, () => of.evaluate(node.body, env));
  const otherwise = f === FALSE ? [] : of.under(f, () => of.evaluate(node.orelse, env));
  return asPlace([...of.guard(t, then), ...of.guard(f, otherwise)], of);
}

/** `x.get(k) if isinstance(x, Mapping) else None` over a place in the event is that place and one step more. */
function asPlace(outcomes: Outcomes, of: Translator): Outcomes {
  const [a, b] = outcomes;
  if (outcomes.length !== 2 || a === undefined || b === undefined) return outcomes;
  if (a.value.kind !== 'dynamic' || b.value.kind !== 'const' || b.value.value !== null) return outcomes;
  const path = pathOf(a.value.expr);
  if (path === undefined || path.length < 2) return outcomes;
  const above: Dynamic = dynamic(placeAt(a.value.expr, path.slice(0, -1)), ALL & ~MISS);
  const test = of.pairOf(isOf(above, DICT));
  const same = (x: Expr, y: Expr): boolean => JSON.stringify(x) === JSON.stringify(y);
  return same(a.cond, test.t) && same(b.cond, test.f) ? [{ cond: TRUE, value: a.value }] : outcomes;
}

function comprehension(node: Comprehension, env: Env, of: Translator): Outcomes {
  if (node.generators.some((each) => each.is_async)) return of.note('an asynchronous loop', node);
  const value: PyValue = { kind: 'comprehension', node, env };
  if (node.kind === 'GeneratorExp') return sure(value);
  // A list is made at once: where an item raises there is no list.
  const keeps = (item: Outcomes): Expr => (node.kind === 'SetComp' ? of.keyable(item) : of.defined(item));
  const { cont } = scan(value, of, (item) => ({ hit: FALSE, cont: keeps(item) }));
  return [{ cond: cont, value }];
}
