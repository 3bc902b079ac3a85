import { describe, expect, test } from 'vitest';
import { sourceText } from '../base/source-text.ts';
import { sentinelFormat } from '../formats/sentinel/sentinel.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { kustoSchema } from '../schemas/kusto.ts';
import { fromEpochMs } from '../values/date-time.ts';
import { createRuleSession } from './rule-session.ts';

/** Rules whose queries join tables, or ask others inside expressions, over records as they are read. */
function ruleOf(query: string): Rule {
  const file = { path: 'q.kql', source: sourceText('q.kql', query) };
  const [outcome] =
    sentinelFormat.load(file, { readText: () => undefined, listFiles: () => [], schema: () => kustoSchema }) ?? [];
  if (outcome?.status !== 'loaded') throw new Error(outcome?.diagnostics.map(({ message }) => message).join('; '));
  return outcome.rule;
}

const ROW = { TimeGenerated: '2026-01-01T00:00:00Z', AppDisplayName: 'x' };
const EVENTS = [
  { ...ROW, UserPrincipalName: 'ann', IPAddress: '10.0.0.1', ResultType: '0' },
  { ...ROW, UserPrincipalName: 'bob', IPAddress: '10.0.0.2', ResultType: '50126' },
  { ...ROW, UserPrincipalName: 'ann', IPAddress: '10.0.0.3', ResultType: '50126' },
];

async function matches(query: string, engine: 'memory' | 'stream'): Promise<readonly unknown[]> {
  const session = createRuleSession([ruleOf(query)], { engine, now: fromEpochMs(0) });
  try {
    const records = EVENTS.map((event, at) => ({ event, source: { file: 'f', line: at + 1 } }));
    const found = [...(await session.process(records)), ...(await session.advance('end'))];
    return found.map(({ record, fields }) => [record?.source.line, fields]);
  } finally {
    await session.close();
  }
}

describe.each(['memory', 'stream'] as const)('%s', (engine) => {
  test.each([
    [
      'SigninLogs | where UserPrincipalName in ((SigninLogs | where ResultType == "0" | project UserPrincipalName))',
      [
        [1, undefined],
        [3, undefined],
      ],
    ],
    ['SigninLogs | join kind=leftanti (SigninLogs | where ResultType == "0") on UserPrincipalName', [[2, undefined]]],
    ['SigninLogs | where IPAddress == toscalar(SigninLogs | summarize max(IPAddress))', [[3, undefined]]],
    [
      'SigninLogs | where ResultType != "0" | join kind=inner (SigninLogs | where ResultType == "0") on UserPrincipalName | project UserPrincipalName, IPAddress1',
      [[undefined, { UserPrincipalName: 'ann', IPAddress1: '10.0.0.1' }]],
    ],
    ['SigninLogs | where ResultType == "0" | parse IPAddress with a: long "." *', [[1, { a: 10n }]]],
    ['SigninLogs | serialize before = prev(UserPrincipalName) | where before == "bob"', [[3, { before: 'bob' }]]],
  ])('%s', async (query, expected) => {
    expect(await matches(query, engine)).toEqual(expected);
  });
});
