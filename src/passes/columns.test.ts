import { describe, expect, test } from 'vitest';
import { sourceText } from '../base/source-text.ts';
import { printTypes } from '../ir/static-type.ts';
import { lowerKusto, parseKusto } from '../languages/kusto/index.ts';
import { testSchema } from '../languages/kusto/test-schema.fixture.ts';
import { columnsOf } from './columns.ts';

/** The types of the columns that a query gives, as the plan alone says them. */
function typesOf(query: string): Record<string, string> {
  const lowered = lowerKusto(parseKusto(sourceText('query', query)).ast, testSchema);
  if (!lowered.ok) throw new Error(lowered.diagnostics.map(({ message }) => message).join('; '));
  const { made } = columnsOf(lowered.value.plan, () => testSchema);
  return Object.fromEntries([...made].map(([name, set]) => [name, printTypes(set)]));
}

describe('columns', () => {
  test.each<[string, Record<string, string>]>([
    ['T | project s, l, d', { s: 'string', l: 'long', d: 'datetime' }],
    ['T | project a = i + 1, b = r * 2, c = d + t, e = d - d', { a: 'long', b: 'real', c: 'datetime', e: 'timespan' }],
    [
      'T | project a = t / t, b = t * 2, c = l / 2, e = bin(d, 1h)',
      { a: 'real', b: 'timespan', c: 'long', e: 'datetime' },
    ],
    ['T | project a = strlen(s), b = s has "x", c = tolower(s)', { a: 'long', b: 'bool', c: 'string' }],
    ['T | project a = iff(b, 1, 2), c = iff(b, "x", "y"), e = y.f', { a: 'long', c: 'string', e: 'dynamic' }],
    ['T | project a = abs(l), c = coalesce(s, s2), e = tolong(y)', { a: 'long', c: 'string', e: 'long' }],
    [
      'T | summarize n = count(), m = max(d), a = avg(i), set = make_set(s) by b',
      { b: 'bool', n: 'long', m: 'datetime', a: 'real', set: 'dynamic' },
    ],
    ['T | summarize arg_max(d, s, l)', { d: 'datetime', s: 'string', l: 'long' }],
    ['union (T | project x = l), (T | project x = s)', { x_long: 'long', x_string: 'string' }],
    ['print x = 1, y = datetime(2024-01-01)', { x: 'long', y: 'datetime' }],
  ])('%s', (query, wanted) => {
    expect(typesOf(query)).toEqual(wanted);
  });
});
