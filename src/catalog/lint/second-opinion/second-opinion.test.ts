import { describe, expect, it } from 'vitest';
import { sourceText } from '../../../base/source-text.ts';
import type { LoadContext, LoadOutcome } from '../../../formats/rule-file.ts';
import { sentinelFormat } from '../../../formats/sentinel/sentinel.ts';
import type { Schema } from '../../../ir/view.ts';
import { testSchema } from '../../../languages/kusto/test-schema.fixture.ts';
import { secondOpinion } from './second-opinion.ts';

const saved = new Map([['Mine', sourceText('mine', 'let Mine = (n: long) { T | where l == n }')]]);
const schema: Schema = { ...testSchema, savedFunction: (name) => saved.get(name) };

function outcomesOf(text: string, path = 'q.kql'): readonly LoadOutcome[] {
  const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => schema };
  return sentinelFormat.load({ path, source: sourceText(path, text) }, context) ?? [];
}

/** `code at what`, for each difference. */
function differences(text: string, change: (outcome: LoadOutcome) => LoadOutcome = (one) => one): string[] {
  return secondOpinion(outcomesOf(text).map(change)).map(({ code, labels }) => {
    const span = labels[0]?.span;
    return `${code} at ${text.slice(span?.start, span?.end)}`;
  });
}

describe('what Microsoft and we both say', () => {
  it.each([
    'T | where s has "x" | summarize n = count() by bin(d, 1h), i | extend q = n * 1.5',
    'T | where l > 5',
    'T | frob',
    'T | where s + 1 > 2',
    'Other | where x == 1',
    'T | where nowhere == 1',
    'Mine(5) | project l, s',
    'union T* | project s',
    'print a = 1, b = "x", c = 1h, d = dynamic([1]), e = guid(null), f = decimal(1)',
  ])('%s', (text) => {
    expect(differences(text)).toEqual([]);
  });
});

describe('where they part', () => {
  const query = 'T | where l + s > 1';

  it('a query that runs here and is refused there is shown at its place', () => {
    const [loaded] = outcomesOf('T | where b');
    const kusto = outcomesOf(query)[0]?.kusto;
    expect(differences(query, () => ({ ...(loaded as LoadOutcome), ...(kusto && { kusto }) }))).toEqual([
      'kusto/refused-by-microsoft at +',
    ]);
  });

  it('a query that is refused here and taken there is shown where it was refused', () => {
    const good = outcomesOf('T | where b')[0]?.kusto;
    expect(differences('T | where s + 1 > 2', (one) => ({ ...one, ...(good && { kusto: good }) }))).toEqual([
      'kusto/accepted-by-microsoft at +',
    ]);
  });

  it.each([
    [[{ name: 'a', type: 'int' }], '`a` is long there and int here'],
    [[{ name: 'b', type: 'long' }], 'it has no column `b`'],
    [[], 'it has a column `a`'],
  ] as const)('other columns are named: %j', (columns, message) => {
    const outcomes = outcomesOf('print a = 1').map((one) => ({
      ...one,
      ...(one.kusto && { kusto: { ...one.kusto, columns } }),
    }));
    expect(secondOpinion(outcomes).map((one) => one.message)).toEqual([
      `Microsoft's binder gives the result other columns: ${message}`,
    ]);
  });
});
