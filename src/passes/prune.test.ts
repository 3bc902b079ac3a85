import { describe, expect, test } from 'vitest';
import { sourceText } from '../base/source-text.ts';
import { bool, call, field, match } from '../ir/construct.ts';
import type { NamedExpr, Plan, Source } from '../ir/plan/plan.ts';
import { printPlan } from '../ir/print/print-plan.ts';
import { lowerKusto, parseKusto } from '../languages/kusto/index.ts';
import { testSchema } from '../languages/kusto/test-schema.fixture.ts';
import { distribute } from './distribute.ts';
import { prune } from './prune.ts';

function pruned(query: string): string {
  const lowered = lowerKusto(parseKusto(sourceText('query', query)).ast, testSchema);
  if (!lowered.ok) throw new Error(lowered.diagnostics.map(({ message }) => message).join('; '));
  const { plan, output } = lowered.value;
  return printPlan(prune(distribute(plan), output)).replaceAll(/\n\s*/g, ' ');
}

describe('columns that nobody uses are not made', () => {
  test.each<[string, string, string]>([
    ['a match that is the event', 'T | where i == 1', '(where (== total i (long 1)) (source kusto T))'],
    ['a column that is the result', 'T | extend x = 1', '(project x = x (extend x = (long 1) (source kusto T)))'],
    [
      'what a summary reads',
      'T | extend a = tolower(s), b2 = toupper(s) | summarize count() by a',
      '(summarize count_ = (count) by a = a (project a = a (extend a = (text.lower s) (source kusto T))))',
    ],
    ['a bare count', 'T | project s, i | count', '(summarize Count = (count) by  (source kusto T))'],
    [
      'aggregates',
      'T | summarize n = count(), m = max(l) by s | project s, n',
      '(project s = s, n = n (summarize n = (count) by s = s (project s = s (source kusto T))))',
    ],
    [
      'the values beside the greatest',
      'T | summarize arg_max(d, s, l) | project s',
      '(project s = s (summarize d, s = (arg-max d s) by  (project d = d, s = s (source kusto T))))',
    ],
    [
      'every column of distinct rows',
      'T | distinct s, l | project s',
      '(project s = s (distinct (project s = s, l = l (source kusto T))))',
    ],
    [
      'a key of an order that is no result',
      'T | extend x = 1 | sort by l asc',
      '(project x = x (order l asc nulls-first (project x = x, l = l (extend x = (long 1) (source kusto T)))))',
    ],
    [
      'a key of an order of events',
      'T | where b | sort by l asc | take 2',
      '(limit 2 (order l asc nulls-first (project l = l (where b (source kusto T)))))',
    ],
    [
      'each input of a union',
      'union (T | project s, l), (T | project s, i) | summarize count() by s',
      '(summarize count_ = (count) by s = s (union (project s = s (source kusto T)) (project s = s (source kusto T))))',
    ],
  ])('%s', (_, query, wanted) => {
    expect(pruned(query)).toBe(wanted);
  });
});

const source: Source = { kind: 'source', schema: 'ecs', scope: null };

test('the inputs of an operator over time give what it reads of them', () => {
  const keep: readonly NamedExpr[] = [{ name: 'value', expr: field('bytes') }];
  const plan: Plan = {
    kind: 'threshold',
    inputs: [{ name: 'r', plan: source, time: field('@timestamp'), keys: [field('user')], keep }],
    by: [{ name: 'user', missing: 'key', many: 'each' }],
    window: { kind: 'within', length: null },
    measures: [{ name: 'sum', fn: 'sum', of: 'value' }],
    having: bool(true),
    emit: { how: 'each', rows: 'last', mostRows: 0 },
    summary: {},
  };
  const found = prune(plan, [{ name: 'user', type: 'dynamic' }]);
  if (found.kind !== 'project' || found.input.kind !== 'threshold') throw new Error(printPlan(found));
  const [input] = found.input.inputs;
  expect(input && printPlan(input.plan)).toBe(
    '(project @timestamp = @timestamp, user = user, bytes = bytes\n  (source ecs))',
  );
});

test('a column that an expression reads in a plan that is bound counts as used', () => {
  const records: Plan = { kind: 'records', logType: 'x' };
  const plan: Plan = {
    kind: 'where',
    predicate: match({ kind: 'column', name: 'a' }, { kind: 'equals', value: 'x' }),
    input: { kind: 'extend', input: records, columns: [{ name: 'a', expr: call('text.lower', [field('b')]) }] },
  };
  expect(prune(plan, undefined)).toEqual(plan);
});
