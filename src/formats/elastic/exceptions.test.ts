import { describe, expect, test } from 'vitest';
import { plainly } from '../../../test/plain-records.ts';
import { primarySpan } from '../../base/diagnostic.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { sourceText } from '../../base/source-text.ts';
import { compilePredicate, rowOf } from '../../engines/memory/index.ts';
import { printExpr } from '../../ir/print/print.ts';
import { printPlan } from '../../ir/print/print-plan.ts';
import { ecsSchema } from '../../schemas/ecs.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import type { LoadContext, LoadOutcome } from '../rule-file.ts';
import { elasticFormat } from './elastic.ts';

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => ecsSchema };

const rule = {
  rule_id: 'r',
  name: 'Shell',
  description: 'd',
  severity: 'low',
  risk_score: 21,
  type: 'query',
  query: 'process.name: bash',
  exceptions_list: [{ id: 'x', list_id: 'known', type: 'rule_default', namespace_type: 'single' }],
};
const container = { list_id: 'known', type: 'rule_default', namespace_type: 'single', name: 'known' };
const item = (entries: Json, more: JsonObject = {}): JsonObject => ({
  item_id: 'i',
  list_id: 'known',
  type: 'simple',
  namespace_type: 'single',
  entries,
  ...more,
});
const USER = { field: 'user.name', operator: 'included', type: 'match', value: 'backup' };

function load(objects: readonly object[]): { readonly outcome: LoadOutcome; readonly text: string } {
  const text = objects.map((one) => JSON.stringify(one)).join('\n');
  const [outcome, ...more] =
    elasticFormat.load({ path: 'x.ndjson', source: sourceText('x.ndjson', text) }, context) ?? [];
  if (outcome === undefined || more.length > 0) throw new Error('not one outcome');
  return { outcome, text };
}

function loaded(objects: readonly object[]): LoadOutcome & { status: 'loaded' } {
  const { outcome } = load(objects);
  if (outcome.status !== 'loaded') throw new Error(outcome.diagnostics.map((found) => found.message).join('\n'));
  return outcome;
}

/** What is excepted, over and above the query. */
function conditionOf(entries: Json, more?: JsonObject): string {
  const { excepted } = loaded([rule, container, item(entries, more)]).rule;
  if (excepted?.kind !== 'where' || excepted.predicate.kind !== 'and') throw new Error('no exceptions');
  return excepted.predicate.items.slice(1).map(printExpr).join(' ');
}

test('items of the same export are taken out of the rule, and counted by a plan of their own', () => {
  const { rule: made, diagnostics } = loaded([item([USER]), rule, container]);
  expect(diagnostics.map(({ code }) => code)).toEqual([]);
  if (made.logic.kind !== 'plan' || made.excepted === undefined) throw new Error('no plan');
  const asked = '(match process.name exact equals "bash")';
  const known = '(match user.name exact equals "backup")';
  expect(printPlan(made.logic.plan)).toBe(`(where (and ${asked} (not ${known}))\n  (source ecs))`);
  expect(printPlan(made.excepted)).toBe(`(where (and ${asked} ${known})\n  (source ecs))`);
  expect(made.notApplied).toBeUndefined();
});

test('an event is excepted when all entries of any item of any list fit it', () => {
  const lists = [
    { list_id: 'known', namespace_type: 'single' },
    { list_id: 'everywhere', namespace_type: 'agnostic' },
  ];
  const { logic } = loaded([
    { ...rule, exceptions_list: lists },
    item([USER, { field: 'host.name', operator: 'excluded', type: 'match', value: 'web' }]),
    item([{ field: 'user.name', operator: 'included', type: 'match_any', value: ['a', 'b'] }]),
    {
      ...item([{ field: 'source.ip', operator: 'included', type: 'exists' }]),
      list_id: 'everywhere',
      namespace_type: 'agnostic',
    },
    { ...item([USER]), list_id: 'of another rule' },
  ]).rule;
  if (logic.kind !== 'plan' || logic.plan.kind !== 'where') throw new Error('no plan');
  const decide = compilePredicate(plainly(logic.plan.predicate), { now: fromEpochMs(0) });
  const verdict = (event: JsonObject): unknown => decide(rowOf({ process: { name: 'bash' }, ...event }));
  expect(verdict({})).toBe(true);
  expect(verdict({ user: { name: 'backup' } })).toBe(false);
  expect(verdict({ user: { name: 'backup' }, host: { name: 'web' } })).toBe(true);
  expect(verdict({ user: { name: ['x', 'b'] } })).toBe(false);
  expect(verdict({ source: { ip: '10.0.0.1' } })).toBe(false);
});

describe('entries', () => {
  test.each<[Json, string]>([
    [[{ ...USER, operator: 'excluded' }], '(not (match user.name exact equals "backup"))'],
    [[{ field: 'message', type: 'match', value: 'a b' }], '(match message exact analysed phrase "a b")'],
    [
      [{ field: 'user.name', operator: 'included', type: 'match_any', value: ['a', 'b'] }],
      '(or (match user.name exact equals "a") (match user.name exact equals "b"))',
    ],
    [[{ field: 'user.name', operator: 'excluded', type: 'exists' }], '(not (exists user.name))'],
    [
      [{ field: 'file.path', operator: 'included', type: 'wildcard', value: 'C:\\\\a?\\\\*' }],
      '(match file.path exact wildcard "C:\\\\\\\\a?\\\\\\\\*")',
    ],
    [[{ field: 'source.ip', type: 'match', value: '10.0.0.0/8' }], '(match source.ip exact cidr 10.0.0.0/8)'],
    [
      [
        {
          field: 'file.Ext.code_signature',
          type: 'nested',
          entries: [
            { field: 'subject_name', operator: 'included', type: 'match', value: 'Acme' },
            { field: 'trusted', operator: 'excluded', type: 'match_any', value: ['false'] },
          ],
        },
      ],
      '(any e1 file.Ext.code_signature (and (match e1/subject_name exact equals "Acme") ' +
        '(not (match e1/trusted exact equals "false"))))',
    ],
  ])('%j', (entries, expected) => {
    expect(conditionOf(entries)).toBe(expected);
  });

  test('operating systems and an expiry are further conditions', () => {
    expect(conditionOf([USER], { os_types: ['linux'] })).toBe(
      '(match user.name exact equals "backup") ' +
        '(or (match host.os.type exact equals "linux") (match host.os.name ignore-case equals "linux"))',
    );
    expect(conditionOf([USER], { expire_time: '2026-01-01T00:00:00.000Z' })).toBe(
      '(match user.name exact equals "backup") (elastic.date-range "2026-01-01T00:00:00.000Z" ">" "now")',
    );
  });

  test.each<[Json, string, string, string]>([
    [
      [{ field: 'a', type: 'nested', entries: [{ field: 'b', type: 'wildcard', value: '*' }] }],
      'unsupported',
      'unsupported/elastic-exception',
      '"wildcard"',
    ],
    [[{ field: 'a', type: 'resembles', value: 'x' }], 'invalid', 'elastic/bad-exception', '"resembles"'],
    [
      [{ ...USER, operator: 'maybe' }],
      'invalid',
      'elastic/bad-exception',
      JSON.stringify({ ...USER, operator: 'maybe' }),
    ],
    [[{ field: 'a', type: 'match' }], 'invalid', 'elastic/bad-exception', '{"field":"a","type":"match"}'],
    [[{ field: 'a', type: 'match', value: 5 }], 'invalid', 'elastic/bad-exception', '5'],
    [[{ field: 'source.ip', type: 'match', value: 'abc' }], 'invalid', 'kuery/bad-value', '"abc"'],
    [[{ type: 'match', value: 'x' }], 'invalid', 'input/missing-key', '{"type":"match","value":"x"}'],
    [[5], 'invalid', 'input/wrong-type', '5'],
  ])('%j makes the rule %s', (entries, status, code, at) => {
    const { outcome, text } = load([rule, container, item(entries)]);
    expect(outcome.status).toBe(status);
    const found = outcome.diagnostics.find((one) => one.code === code);
    const span = found && primarySpan(found);
    expect(text.slice(span?.start, span?.end)).toBe(at);
  });

  test('an item without entries is refused', () => {
    const { outcome } = load([rule, container, item([])]);
    expect(outcome.diagnostics.map(({ code }) => code)).toEqual(['elastic/bad-exception']);
  });
});

describe('value lists', () => {
  const listed = (type: string): JsonObject => ({
    field: type === 'text' ? 'message' : 'source.ip',
    operator: 'included',
    type: 'list',
    list: { id: 'l', type },
  });

  test('one that is not given is said, and its item excepts nothing', () => {
    const { rule: made, diagnostics } = loaded([rule, item([listed('ip')])]);
    expect(diagnostics.map(({ code, params }) => [code, params])).toEqual([
      ['elastic/value-list-not-given', { list: 'l' }],
    ]);
    expect(made.notApplied).toEqual([{ what: 'exception-lists', names: ['l'] }]);
  });
});

describe('lists', () => {
  test('one that is kept elsewhere is said; the others apply', () => {
    const references = [
      ...rule.exceptions_list,
      { id: 'endpoint_list', list_id: 'endpoint_list', type: 'endpoint', namespace_type: 'agnostic' },
    ];
    const { rule: made, diagnostics } = loaded([{ ...rule, exceptions_list: references }, item([USER])]);
    expect(diagnostics.map(({ code, params }) => [code, params])).toEqual([
      ['elastic/exceptions-not-applied', { lists: ['endpoint_list'] }],
    ]);
    expect(made.notApplied).toEqual([{ what: 'exception-lists', names: ['endpoint_list'] }]);
    expect(made.excepted).toBeDefined();
  });

  test('an empty list that is there is no list kept elsewhere', () => {
    const { rule: made, diagnostics } = loaded([rule, container]);
    expect([diagnostics, made.notApplied, made.excepted]).toEqual([[], undefined, undefined]);
  });

  test('the same id in another namespace is another list', () => {
    const { rule: made } = loaded([rule, { ...item([USER]), namespace_type: 'agnostic' }]);
    expect(made.notApplied).toEqual([{ what: 'exception-lists', names: ['known'] }]);
  });
});
