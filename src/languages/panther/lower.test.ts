import { expect, test } from 'vitest';
import { plainly } from '../../../test/plain-records.ts';
import type { JsonObject } from '../../base/json.ts';
import { sourceText } from '../../base/source-text.ts';
import { compilePredicate, rowOf } from '../../engines/memory/index.ts';
import { pantherFormat } from '../../formats/panther/panther.ts';
import { fromEpochMs } from '../../values/date-time.ts';

const HEAD = 'AnalysisType: rule\nRuleID: R\nLogTypes: [T]\nSeverity: Low\n';

function load(yaml: string) {
  const context = {
    readText: () => undefined,
    listFiles: () => [],
    schema: () => ({ name: 'panther' as const, typeOf: () => undefined, fieldNames: () => undefined }),
  };
  const [outcome] = pantherFormat.load({ path: 'r.yml', source: sourceText('r.yml', yaml) }, context) ?? [];
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

/** Whether match expressions, written in flow style, hold for each of several events. */
function holds(expressions: string, ...events: readonly JsonObject[]): boolean[] {
  const outcome = load(`${HEAD}Detection: ${expressions}\n`);
  if (outcome.status !== 'loaded') throw new Error(JSON.stringify(outcome.diagnostics.map((found) => found.message)));
  const { logic } = outcome.rule;
  if (logic.kind !== 'plan' || logic.plan.kind !== 'where') throw new Error('no plan');
  const decide = compilePredicate(plainly(logic.plan.predicate), { now: fromEpochMs(0) });
  return events.map((event) => {
    const truth = decide(rowOf(event));
    if (truth === null) throw new Error('match expressions are never unknown');
    return truth;
  });
}

const one = (key: string, condition: string, value?: string): string =>
  `[{${key}, Condition: ${condition}${value === undefined ? '' : `, ${value}`}}]`;

test.each<[string, string, JsonObject[], boolean[]]>([
  ['Exists', '', [{ a: 1 }, { a: null }, { A: 1 }, {}], [true, true, true, false]],
  ['DoesNotExist', '', [{ a: 1 }, {}], [false, true]],
  ['IsNull', '', [{ a: 1 }, { a: null }, {}], [false, true, true]],
  ['IsNotNull', '', [{ a: 1 }, { a: null }, {}], [true, false, false]],
  ['IsNullOrEmpty', '', [{ a: '' }, { a: [] }, { a: {} }, {}, { a: 0 }], [true, true, true, true, false]],
  ['IsNotNullOrEmpty', '', [{ a: 'x' }, { a: '' }], [true, false]],
  ['Equals', 'x', [{ a: 'x' }, { a: 'X' }, { a: ['x'] }, {}], [true, false, false, false]],
  ['Equals', '7', [{ a: 7 }, { a: 7.5 }, { a: '7' }], [true, false, false]],
  ['Equals', '"7"', [{ a: 7 }, { a: '7' }], [false, true]],
  ['Equals', 'true', [{ a: true }, { a: 'true' }], [true, false]],
  ['DoesNotEqual', 'x', [{ a: 'x' }, { a: 'y' }, {}], [false, true, true]],
  ['IEquals', 'x', [{ a: 'X' }, { a: 'y' }], [true, false]],
  ['DoesNotIEqual', 'x', [{ a: 'X' }, { a: 'y' }, {}], [false, true, true]],
  ['StartsWith', 'ab', [{ a: 'abc' }, { a: 'Abc' }, {}], [true, false, false]],
  ['IStartsWith', 'ab', [{ a: 'ABc' }, { a: 'b' }], [true, false]],
  ['DoesNotStartWith', 'ab', [{ a: 'abc' }, { a: 'c' }], [false, true]],
  ['EndsWith', 'bc', [{ a: 'abc' }, { a: 'abcd' }], [true, false]],
  ['IDoesNotEndWith', 'bc', [{ a: 'aBC' }, { a: 'abcd' }], [false, true]],
  ['Contains', 'b', [{ a: 'abc' }, { a: ['b'] }, { a: 'x' }], [true, false, false]],
  ['DoesNotContain', 'b', [{ a: 'abc' }, { a: 'x' }], [false, true]],
  ['Has', 'b', [{ a: ['b', 'c'] }, { a: 'b' }, {}], [true, false, false]],
  ['DoesNotHave', 'b', [{ a: ['b'] }, { a: ['c'] }, {}], [false, true, true]],
  ['IsGreaterThan', '3', [{ a: 4 }, { a: 3 }, { a: 'x' }, {}], [true, false, false, false]],
  ['IsGreaterThanOrEquals', '3', [{ a: 3 }, { a: 2 }], [true, false]],
  ['IsLessThan', '3', [{ a: 2 }, { a: 3 }], [true, false]],
  ['IsLessThanOrEqualTo', '3', [{ a: 3 }, { a: 4 }], [true, false]],
  ['IsIPAddress', '', [{ a: '10.0.0.1' }, { a: '::1' }, { a: 'x' }, { a: 1 }], [true, true, false, false]],
  ['IsIPv4Address', '', [{ a: '10.0.0.1' }, { a: '::1' }], [true, false]],
  ['IsIPAddressv6', '', [{ a: '10.0.0.1' }, { a: '::1' }], [false, true]],
  ['IsIPAddressPublic', '', [{ a: '8.8.8.8' }, { a: '10.0.0.1' }], [true, false]],
  ['IsIPAddressPrivate', '', [{ a: '8.8.8.8' }, { a: '10.0.0.1' }, { a: '127.0.0.1' }], [false, true, true]],
  ['IsIPAddressInCIDR', '10.0.0.0/8', [{ a: '10.1.2.3' }, { a: '11.1.2.3' }, { a: 'x' }], [true, false, false]],
])('%s %s', (condition, value, events, expected) => {
  expect(holds(one('Key: a', condition, value === '' ? undefined : `Value: ${value}`), ...events)).toEqual(expected);
});

test('lists of values', () => {
  const events: JsonObject[] = [{ a: 'x' }, { a: 1 }, { a: '1' }, {}];
  expect(holds(one('Key: a', 'IsIn', 'Values: [x, 1]'), ...events)).toEqual([true, true, false, false]);
  expect(holds(one('Key: a', 'IsNotIn', 'Values: [x, 1]'), ...events)).toEqual([false, false, true, true]);
  expect(holds(one('Key: a', 'IsIn', 'Values: [{KeyPath: b.c}]'), { a: 1, b: { c: 1 } }, {})).toEqual([true, false]);
  expect(holds(one('Key: a', 'IsIPAddressInCIDR', 'Values: [10.0.0.0/8, "::1"]'), { a: '::1' })).toEqual([true]);
});

test('keys, paths, places in lists and every element', () => {
  const event: JsonObject = { A: { b: [{ c: 'x' }, { c: 'y' }] }, 'k.d': 'z' };
  expect(holds(one('Key: k.d', 'Equals', 'Value: z'), event)).toEqual([true]);
  expect(holds(one('KeyPath: k.d', 'Exists'), event)).toEqual([false]);
  expect(holds(one('DeepKey: [a, b, 1, c]', 'Equals', 'Value: y'), event)).toEqual([true]);
  expect(holds(one('KeyPath: "a.b[0].C"', 'Equals', 'Value: x'), event)).toEqual([true]);
  expect(holds(one('KeyPath: "a.b[-1].c"', 'Equals', 'Value: y'), event)).toEqual([true]);
  expect(holds(one('KeyPath: "a.b[*].c"', 'Equals', 'Value: y'), event)).toEqual([true]);
  expect(holds(one('KeyPath: "a.b[*].c"', 'DoesNotEqual', 'Value: y'), event)).toEqual([false]);
  expect(holds(one('KeyPath: "a.b[*].d"', 'Exists'), event)).toEqual([false]);
  expect(holds(one('KeyPath: "[\'k.d\']"', 'Exists'), event)).toEqual([true]);
  // Nothing is found in a list without a step that says so.
  expect(holds(one('KeyPath: a.b.c', 'Exists'), event)).toEqual([false]);
});

test('enrichment lies under its table and selector', () => {
  const key = 'Enrichment: {Table: tor, Selector: client.ip, FieldPath: p.q}';
  const event = { p_enrichment: { tor: { 'client.ip': { p: { q: 1 } } } } };
  expect(holds(one(key, 'Equals', 'Value: 1'), event, {})).toEqual([true, false]);
});

test('conditions about two keys', () => {
  const two = (condition: string): string => `[{Condition: ${condition}, Values: [{Key: a}, {DeepKey: [b]}]}]`;
  expect(holds(two('Equals'), { a: 1, b: 1 }, { a: 1, b: 2 }, {})).toEqual([true, false, false]);
  expect(holds(two('DoesNotEqual'), { a: 1, b: 1 }, { a: 1, b: 2 })).toEqual([false, true]);
  expect(holds(two('IStartsWith'), { a: 'ABC', b: 'ab' }, { a: 'x', b: 'y' }, {})).toEqual([true, false, false]);
  expect(holds(two('IsGreaterThan'), { a: 2, b: 1 }, { a: 1, b: 2 }, { a: 'x', b: 1 }, {})).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(holds(two('IsIn'), { a: 1, b: [1] }, { a: 1, b: 1 })).toEqual([true, false]);
  expect(holds(two('Has'), { a: [1], b: 1 })).toEqual([true]);
});

test('combinators', () => {
  const part = (name: string): string => `[{${name}: [{Key: a, Condition: Exists}, {Key: b, Condition: Exists}]}]`;
  const events: JsonObject[] = [{}, { a: 1 }, { a: 1, b: 1 }];
  expect(holds(part('All'), ...events)).toEqual([false, false, true]);
  expect(holds(part('Any'), ...events)).toEqual([false, true, true]);
  expect(holds(part('OnlyOne'), ...events)).toEqual([false, true, false]);
  expect(holds(part('None'), ...events)).toEqual([true, false, false]);
  expect(holds('[{All: []}]', {})).toEqual([true]);
  expect(holds('[{Any: []}]', {})).toEqual([false]);
  expect(holds('[{Condition: AlwaysTrue}, {None: [{Condition: AlwaysFalse}]}]', {})).toEqual([true]);
});

test('conditions on the elements of a list', () => {
  const of = (way: string): string =>
    `[{Key: l, Condition: ${way}, Expressions: [{Key: a, Condition: Equals, Value: 1}, {KeyPath: b.c, Condition: Exists}]}]`;
  const fits = { a: 1, b: { c: 1 } };
  const not = { a: 2, b: { c: 1 } };
  const events: JsonObject[] = [
    { l: [fits] },
    { l: [not, fits] },
    { l: [fits, not, fits] },
    { l: [not] },
    { l: [] },
    {},
  ];
  expect(holds(of('AnyElement'), ...events)).toEqual([true, true, true, false, false, false]);
  expect(holds(of('AllElements'), ...events)).toEqual([true, false, false, false, true, false]);
  expect(holds(of('NoElement'), ...events)).toEqual([false, false, false, true, true, true]);
  expect(holds(of('OnlyOneElement'), ...events)).toEqual([true, true, false, false, false, false]);
});

test('elements of elements, and elements that are texts', () => {
  const nested = (way: string): string =>
    `[{Key: l, Condition: AnyElement, Expressions: [{Key: m, Condition: ${way}, Expressions: [{Condition: StartsWith, Value: x}]}]}]`;
  const events: JsonObject[] = [{ l: [{ m: ['xa', 'b'] }] }, { l: [{ m: ['xa', 'xb'] }] }, { l: [{ m: ['a'] }] }];
  expect(holds(nested('AnyElement'), ...events)).toEqual([true, true, false]);
  expect(holds(nested('OnlyOneElement'), ...events)).toEqual([true, false, false]);
});

test.each<[string, string]>([
  ['[{Key: a}]', 'input/missing-key'],
  ['[{Condition: Exists}]', 'input/missing-key'],
  ['[{Key: a, KeyPath: b, Condition: Exists}]', 'panther/match-expression'],
  ['[{Key: a, Condition: Equals}]', 'panther/match-expression'],
  ['[{Key: a, Condition: Equals, Value: [1]}]', 'input/wrong-type'],
  ['[{Key: a, Condition: Equals, Value: null}]', 'input/wrong-type'],
  ['[{Key: a, Condition: IsIn}]', 'panther/match-expression'],
  ['[{Key: a, Condition: IsIn, Values: [[1]]}]', 'input/wrong-type'],
  ['[{Key: a, Condition: AlwaysTrue}]', 'panther/match-expression'],
  ['[{Key: a, Condition: AnyElement}]', 'input/missing-key'],
  ['[{Key: a, Condition: IsIPAddressInCIDR, Value: 10.0.0.0/40}]', 'panther/condition-value'],
  ['[{KeyPath: "a.", Condition: Exists}]', 'panther/key-path'],
  ['[{KeyPath: "a[x]", Condition: Exists}]', 'panther/key-path'],
  ['[{DeepKey: [], Condition: Exists}]', 'panther/key-path'],
  ['[{DeepKey: [{}], Condition: Exists}]', 'input/wrong-type'],
  ['[{Key: a, Condition: Exists, Valu: 1}]', 'panther/unknown-match-key'],
  ['[{All: [], Key: a}]', 'panther/match-expression'],
  ['[{All: 5}]', 'input/wrong-type'],
  ['[{Condition: Exists, Values: [{Key: a}, {Key: b}]}]', 'panther/match-expression'],
  ['[{Condition: Equals, Values: [{Key: a}]}]', 'panther/match-expression'],
])('%s is told: %s', (expressions, code) => {
  const outcome = load(`${HEAD}Detection: ${expressions}\n`);
  expect(outcome.status).toBe('invalid');
  expect(outcome.diagnostics.map((found) => found.code)).toContain(code);
});
