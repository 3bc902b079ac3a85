import { call, FALSE, TRUE, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { isScalarText, looksLikeScalar } from '../conditions/facts.ts';
import { DICT, LIST, STR } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { scan } from '../syntax/loops.ts';
import { equality, pair } from './equality.ts';
import { textMatch } from './text-match.ts';
import {
  boolean,
  constant,
  type Dynamic,
  expressionOf,
  hashable,
  isOf,
  type Outcomes,
  type Pair,
  type PyValue,
  sure,
} from './value.ts';

/** Python's `in`; undefined where it is not understood. */
export function membership(item: PyValue, container: PyValue, of: Translator): Outcomes | undefined {
  switch (container.kind) {
    case 'const':
      return typeof container.value === 'string' ? inText(item, container.value, of) : [];
    case 'seq': {
      const found = inItems(item, container.items, of);
      return container.type === 'set' && found !== undefined ? of.guard(hashable(item), found) : found;
    }
    case 'map': {
      if (item.kind === 'const')
        return sure(constant(typeof item.value === 'string' && container.entries.has(item.value)));
      const found = inItems(
        item,
        [...container.entries.keys()].map((key) => sure(constant(key))),
        of,
      );
      return found === undefined ? undefined : of.guard(hashable(item), found);
    }
    case 'dynamic':
      return inDynamic(item, container, of);
    case 'comprehension': {
      let understood = true;
      const found = scan(container, of, (each) => {
        const tests = each.map(({ cond, value }) => {
          const same = equality(item, value, of);
          if (same === undefined) understood = false;
          const truth = of.truthOf(same ?? []);
          return { t: of.all([cond, truth.t]), f: of.all([cond, truth.f]) };
        });
        return { hit: of.any(tests.map((test) => test.t)), cont: of.any(tests.map((test) => test.f)) };
      });
      if (!understood) return undefined;
      const inside = pair({ t: found.hit, f: found.cont });
      return container.node.kind === 'SetComp' ? of.guard(hashable(item), inside) : inside;
    }
    case 'bool':
    case 'maybe':
    case 'function':
    case 'lambda':
    case 'foreign':
    case 'method':
    case 'regex':
    case 'unknown':
      return undefined;
  }
}

function inText(item: PyValue, whole: string, of: Translator): Outcomes | undefined {
  if (item.kind === 'const') return typeof item.value === 'string' ? sure(constant(whole.includes(item.value))) : [];
  if (item.kind !== 'dynamic') return undefined;
  const test = call('python.contains', [text(whole), item.expr, { kind: 'literal', type: 'bool', value: false }]);
  return [{ cond: isOf(item, STR), value: boolean(of.pairOf(test)) }];
}

function inItems(item: PyValue, items: readonly Outcomes[], of: Translator): Outcomes | undefined {
  const texts: string[] = [];
  const tests: Pair[] = [];
  for (const outcomes of items) {
    const [only] = outcomes;
    if (outcomes.length !== 1 || only === undefined || only.cond !== TRUE) {
      const pairs = outcomes.map((outcome) => ({ cond: outcome.cond, found: equality(item, outcome.value, of) }));
      if (pairs.some(({ found }) => found === undefined || found.length !== 1)) return undefined;
      const truths = pairs.map(({ cond, found }) => ({ cond, truth: truthOfOne(found ?? []) }));
      tests.push({
        t: of.any(truths.map(({ cond, truth }) => of.all([cond, truth.t]))),
        f: of.any(truths.map(({ cond, truth }) => of.all([cond, truth.f]))),
      });
      continue;
    }
    const { value } = only;
    if (item.kind === 'dynamic' && value.kind === 'const' && typeof value.value === 'string') {
      if (item.mask === STR || !isScalarText(value.value)) {
        texts.push(value.value);
        continue;
      }
    }
    const found = equality(item, value, of);
    if (found === undefined || found.length !== 1) return undefined;
    tests.push(truthOfOne(found));
  }
  if (texts.length > 0 && item.kind === 'dynamic' && (item.mask & STR) !== 0) {
    const values = [...new Set(texts)];
    const [first = ''] = values;
    const test = textMatch(item, values.length === 1 ? { kind: 'equals', value: first } : { kind: 'one-of', values });
    tests.unshift(of.pairOf(test));
  }
  return pair({ t: of.any(tests.map((test) => test.t)), f: of.all(tests.map((test) => test.f)) });
}

function truthOfOne(outcomes: Outcomes): Pair {
  const [only] = outcomes;
  if (only?.value.kind === 'bool') return only.value;
  return only?.value.kind === 'const' && only.value.value === true ? { t: TRUE, f: FALSE } : { t: FALSE, f: TRUE };
}

function inDynamic(item: PyValue, container: Dynamic, of: Translator): Outcomes | undefined {
  const fold: Expr = { kind: 'literal', type: 'bool', value: container.made === 'event' };
  const wanted = expressionOf(item);
  if (wanted === undefined) return undefined;
  const general = call('python.contains', [container.expr, wanted, fold]);
  const isText = item.kind === 'const' ? typeof item.value === 'string' : item.kind === 'dynamic' && item.mask === STR;
  if (!isText) {
    // Whether a text can be asked depends on the item: the function says.
    return [{ cond: { kind: 'exists', subject: general, counts: 'present' }, value: boolean(of.pairOf(general)) }];
  }
  const cond = isOf(container, STR | LIST | DICT);
  const inList = (container.mask & (LIST | DICT)) === 0 ? FALSE : of.all([isOf(container, LIST | DICT), general]);
  if (item.kind !== 'const' || typeof item.value !== 'string') return [{ cond, value: boolean(of.pairOf(general)) }];
  const inside = textMatch(container, { kind: 'contains', text: item.value });
  const asText = looksLikeScalar(item.value) ? of.all([isOf(container, STR), inside]) : inside;
  const test = (container.mask & STR) === 0 ? inList : of.any([asText, inList]);
  return [{ cond, value: boolean(of.pairOf(test)) }];
}
