import { call, FALSE, match, TRUE, text } from '../../../ir/construct.ts';
import type { Expr, Match, Pattern } from '../../../ir/expr.ts';
import type { CompareOperator } from '../ast.ts';
import { all, any, isScalarText, looksLikeScalar } from './logic.ts';
import { scan } from './loops.ts';
import type { Translator } from './translator.ts';
import { BOOL, DICT, LIST, NONE, NUMBER, STR } from './types.ts';
import {
  boolean,
  constant,
  type Dynamic,
  expressionOf,
  guard,
  hashable,
  isOf,
  knownJson,
  type Outcomes,
  type Pair,
  type PyValue,
  pairOf,
  sure,
} from './value.ts';

/** A comparison of two values; `undefined` where it is not understood. */
export function compareValues(op: CompareOperator, a: PyValue, b: PyValue, of: Translator): Outcomes | undefined {
  switch (op) {
    case 'Eq':
      return equality(a, b);
    case 'NotEq':
      return flipped(equality(a, b));
    case 'Is':
      return identity(a, b);
    case 'IsNot':
      return flipped(identity(a, b));
    case 'In':
      return membership(a, b, of);
    case 'NotIn':
      return flipped(membership(a, b, of));
    case 'Lt':
      return order(a, b, false);
    case 'LtE':
      return order(a, b, true);
    case 'Gt':
      return order(b, a, false);
    case 'GtE':
      return order(b, a, true);
  }
}

function flipped(outcomes: Outcomes | undefined): Outcomes | undefined {
  return outcomes?.map(({ cond, value }) => {
    if (value.kind === 'bool') return { cond, value: boolean({ t: value.f, f: value.t }) };
    return { cond, value: value.kind === 'const' ? constant(value.value !== true) : value };
  });
}

const pair = (found: Pair): Outcomes => sure(boolean(found));

function equality(a: PyValue, b: PyValue): Outcomes | undefined {
  const left = knownJson(a);
  const right = knownJson(b);
  if (left !== undefined && right !== undefined && a.kind === 'const' && b.kind === 'const') {
    return sure(constant(sameConstant(a.value, b.value)));
  }
  if (a.kind === 'dynamic') return dynamicEquality(a, b);
  if (b.kind === 'dynamic') return dynamicEquality(b, a);
  if (a.kind === 'bool' && b.kind === 'const' && typeof b.value === 'boolean') {
    return pair(b.value ? a : { t: a.f, f: a.t });
  }
  if (b.kind === 'bool') return a.kind === 'const' ? equality(b, a) : undefined;
  if (a.kind === 'bool' && b.kind === 'const' && (b.value === null || typeof b.value === 'string'))
    return sure(constant(false));
  return undefined;
}

function sameConstant(a: string | number | boolean | null, b: string | number | boolean | null): boolean {
  if (typeof a === 'string' || typeof b === 'string' || a === null || b === null) return a === b;
  return Number(a) === Number(b);
}

function dynamicEquality(a: Dynamic, b: PyValue): Outcomes | undefined {
  if (b.kind === 'const' && b.value === null) return pair(pairOf(isOf(a, NONE)));
  if (b.kind === 'const' && typeof b.value === 'string') return pair(pairOf(textEquals(a, b.value)));
  // A plain list is no tuple; the event's lists are equal to both.
  if (b.kind === 'seq' && a.made !== 'event' && (b.type === 'tuple') !== (a.made === 'tuple')) return undefined;
  if (b.kind === 'dynamic' && (a.made === 'tuple') !== (b.made === 'tuple')) return undefined;
  return known(a, b);
}

function known(a: Dynamic, b: PyValue): Outcomes | undefined {
  const other = expressionOf(b);
  return other === undefined ? undefined : pair(pairOf(call('python.equals', [a.expr, other])));
}

/** Whether a value is this text. */
function textEquals(value: Dynamic, wanted: string): Expr {
  if ((value.mask & STR) === 0) return FALSE;
  if (value.mask !== STR && isScalarText(wanted)) return call('python.equals', [value.expr, text(wanted)]);
  return textMatch(value, { kind: 'equals', value: wanted });
}

/** A text pattern on a value; a transform to lower case becomes a match in any case. */
export function textMatch(value: Dynamic, pattern: Pattern): Expr {
  const { expr } = value;
  const options: Partial<Match> = { quantifier: 'whole' };
  const [inner] = expr.kind === 'call' && expr.fn === 'text.lower' ? expr.args : [];
  if (inner === undefined) return match(expr, pattern, options);
  const texts = textsOf(pattern);
  if (texts === undefined) return match(expr, pattern, options);
  const lower = texts.filter((each) => each === each.toLowerCase());
  if (lower.length === 0) return FALSE;
  // Lower case of a whole text is not that of its parts for every character.
  if (pattern.kind !== 'equals' && pattern.kind !== 'one-of' && lower.some((each) => /[^\0-\x7f]/.test(each)))
    return match(expr, pattern, options);
  const narrowed: Pattern = pattern.kind === 'one-of' ? { kind: 'one-of', values: lower } : pattern;
  return match(inner, narrowed, { ...options, collation: 'ignore-case' });
}

function textsOf(pattern: Pattern): readonly string[] | undefined {
  switch (pattern.kind) {
    case 'equals':
      return [String(pattern.value)];
    case 'one-of':
      return pattern.values.map(String);
    case 'prefix':
    case 'suffix':
    case 'contains':
      return [pattern.text];
    case 'wildcard':
    case 'regex':
    case 'cidr':
    case 'range':
    case 'term':
    case 'analysed':
    case 'token-wildcard':
      return undefined;
  }
}

function identity(a: PyValue, b: PyValue): Outcomes | undefined {
  const [value, other] = b.kind === 'const' ? [a, b] : [b, a];
  if (other.kind !== 'const') return undefined;
  if (other.value === null) {
    if (value.kind === 'const') return sure(constant(value.value === null));
    if (value.kind === 'dynamic') return pair(pairOf(isOf(value, NONE)));
    if (value.kind === 'maybe') return pair({ t: value.f, f: value.t });
    return value.kind === 'unknown' ? undefined : sure(constant(false));
  }
  if (typeof other.value !== 'boolean') return undefined;
  if (value.kind === 'const') return sure(constant(value.value === other.value));
  if (value.kind === 'bool') return pair(other.value ? value : { t: value.f, f: value.t });
  if (value.kind !== 'dynamic') return undefined;
  const same = call('python.equals', [value.expr, { kind: 'literal', type: 'bool', value: other.value }]);
  return pair(pairOf(all([isOf(value, BOOL), same])));
}

function membership(item: PyValue, container: PyValue, of: Translator): Outcomes | undefined {
  switch (container.kind) {
    case 'const':
      return typeof container.value === 'string' ? inText(item, container.value) : [];
    case 'seq': {
      const found = inItems(item, container.items);
      return container.type === 'set' && found !== undefined ? guard(hashable(item), found) : found;
    }
    case 'map': {
      if (item.kind === 'const')
        return sure(constant(typeof item.value === 'string' && container.entries.has(item.value)));
      const found = inItems(
        item,
        [...container.entries.keys()].map((key) => sure(constant(key))),
      );
      return found === undefined ? undefined : guard(hashable(item), found);
    }
    case 'dynamic':
      return inDynamic(item, container);
    case 'comprehension': {
      let understood = true;
      const found = scan(container, of, (each) => {
        const tests = each.map(({ cond, value }) => {
          const same = equality(item, value);
          if (same === undefined) understood = false;
          const truth = of.truthOf(same ?? []);
          return { t: all([cond, truth.t]), f: all([cond, truth.f]) };
        });
        return { hit: any(tests.map((test) => test.t)), cont: any(tests.map((test) => test.f)) };
      });
      if (!understood) return undefined;
      const inside = pair({ t: found.hit, f: found.cont });
      return container.node.kind === 'SetComp' ? guard(hashable(item), inside) : inside;
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

function inText(item: PyValue, whole: string): Outcomes | undefined {
  if (item.kind === 'const') return typeof item.value === 'string' ? sure(constant(whole.includes(item.value))) : [];
  if (item.kind !== 'dynamic') return undefined;
  const test = call('python.contains', [text(whole), item.expr, { kind: 'literal', type: 'bool', value: false }]);
  return [{ cond: isOf(item, STR), value: boolean(pairOf(test)) }];
}

function inItems(item: PyValue, items: readonly Outcomes[]): Outcomes | undefined {
  const texts: string[] = [];
  const tests: Pair[] = [];
  for (const outcomes of items) {
    const [only] = outcomes;
    if (outcomes.length !== 1 || only === undefined || only.cond !== TRUE) {
      const pairs = outcomes.map((outcome) => ({ cond: outcome.cond, found: equality(item, outcome.value) }));
      if (pairs.some(({ found }) => found === undefined || found.length !== 1)) return undefined;
      const truths = pairs.map(({ cond, found }) => ({ cond, truth: truthOfOne(found ?? []) }));
      tests.push({
        t: any(truths.map(({ cond, truth }) => all([cond, truth.t]))),
        f: any(truths.map(({ cond, truth }) => all([cond, truth.f]))),
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
    const found = equality(item, value);
    if (found === undefined || found.length !== 1) return undefined;
    tests.push(truthOfOne(found));
  }
  if (texts.length > 0 && item.kind === 'dynamic' && (item.mask & STR) !== 0) {
    const values = [...new Set(texts)];
    const [first = ''] = values;
    const test = textMatch(item, values.length === 1 ? { kind: 'equals', value: first } : { kind: 'one-of', values });
    tests.unshift(pairOf(test));
  }
  return pair({ t: any(tests.map((test) => test.t)), f: all(tests.map((test) => test.f)) });
}

function truthOfOne(outcomes: Outcomes): Pair {
  const [only] = outcomes;
  if (only?.value.kind === 'bool') return only.value;
  return only?.value.kind === 'const' && only.value.value === true ? { t: TRUE, f: FALSE } : { t: FALSE, f: TRUE };
}

function inDynamic(item: PyValue, container: Dynamic): Outcomes | undefined {
  const fold: Expr = { kind: 'literal', type: 'bool', value: container.made === 'event' };
  const wanted = expressionOf(item);
  if (wanted === undefined) return undefined;
  const general = call('python.contains', [container.expr, wanted, fold]);
  const isText = item.kind === 'const' ? typeof item.value === 'string' : item.kind === 'dynamic' && item.mask === STR;
  if (!isText) {
    // Whether a text can be asked depends on the item: the function says.
    return [{ cond: { kind: 'exists', subject: general, counts: 'present' }, value: boolean(pairOf(general)) }];
  }
  const cond = isOf(container, STR | LIST | DICT);
  const inList = (container.mask & (LIST | DICT)) === 0 ? FALSE : all([isOf(container, LIST | DICT), general]);
  if (item.kind !== 'const' || typeof item.value !== 'string') return [{ cond, value: boolean(pairOf(general)) }];
  const inside = textMatch(container, { kind: 'contains', text: item.value });
  const asText = looksLikeScalar(item.value) ? all([isOf(container, STR), inside]) : inside;
  const test = (container.mask & STR) === 0 ? inList : any([asText, inList]);
  return [{ cond, value: boolean(pairOf(test)) }];
}

function order(a: PyValue, b: PyValue, orEqual: boolean): Outcomes | undefined {
  if (a.kind === 'const' && b.kind === 'const') {
    if (typeof a.value === 'number' && typeof b.value === 'number')
      return sure(constant(orEqual ? a.value <= b.value : a.value < b.value));
    return undefined;
  }
  const left = expressionOf(a);
  const right = expressionOf(b);
  if (left === undefined || right === undefined) return undefined;
  const test = call(orEqual ? 'python.less-equal' : 'python.less', [left, right]);
  const [value, other] = a.kind === 'dynamic' ? [a, b] : [b, a];
  if (value.kind === 'dynamic' && other.kind === 'const') {
    if (typeof other.value === 'number') return [{ cond: isOf(value, NUMBER), value: boolean(pairOf(test)) }];
    if (typeof other.value === 'string') return [{ cond: isOf(value, STR), value: boolean(pairOf(test)) }];
  }
  return [{ cond: { kind: 'exists', subject: test, counts: 'present' }, value: boolean(pairOf(test)) }];
}
