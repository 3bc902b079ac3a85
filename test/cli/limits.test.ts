import { describe, expect, it } from 'vitest';
import { dragoman, folder, lines } from './harness.ts';

const sigma = lines(
  'title: any-x',
  'id: 22222222-2222-4222-8222-222222222222',
  'logsource: {product: azure, service: activitylogs}',
  'detection: {s: {OperationName: x}, condition: s}',
);
const activity = (n: number): string =>
  JSON.stringify({
    Type: 'AzureActivity',
    TimeGenerated: '2026-01-01T00:00:00Z',
    OperationNameValue: 'x',
    OperationName: 'x',
    CorrelationId: `c${n}`,
  });
const log = lines(...Array.from({ length: 3 }, (_, n) => activity(n)));

/** Runs a query as a rule beside one that is harmless. */
async function beside(query: string, ...options: readonly string[]) {
  const root = folder({ 'rules/bomb.kql': query, 'rules/sigma.yml': sigma, 'a.ndjson': log });
  const args = ['run', '--rules', `${root}/rules`, '--logs', `${root}/a.ndjson`, '--format', 'ndjson', ...options];
  const { code, out, err } = await dragoman(args);
  const rules = out.split('\n').flatMap((line) => (line === '' ? [] : [String(JSON.parse(line).rule_name)]));
  return { code, err, sigma: rules.filter((name) => name === 'any-x').length, bomb: rules.length };
}

const doubled = (first: string, make: (name: string) => string, times: number): string =>
  Array.from({ length: times }, (_, at) => `| extend x${at + 1} = ${make(`x${at}`)}`).reduce(
    (all, one) => `${all} ${one}`,
    `AzureActivity | extend x0 = ${first}`,
  );

describe('a rule that takes too much is an error of its own', () => {
  it.each([
    ['texts', doubled('strcat(OperationNameValue, "aaaaaaaaaa")', (x) => `strcat(${x}, ${x})`, 30), 'characters'],
  ])('by %s', async (_, query, what) => {
    const { code, err, sigma } = await beside(query);
    expect(err).toContain('error run/limit');
    expect(err).toMatch(new RegExp(`bomb.*took more than [\\d,]+ ${what}.*3 times`));
    expect({ code, sigma }).toEqual({ code: 3, sigma: 3 });
    expect(err).not.toContain('fault in dragoman');
  });

  it.each([
    ['kept in order', 'AzureActivity | order by CorrelationId asc'],
    ['grouped', 'AzureActivity | summarize count() by CorrelationId'],
    ['told apart', 'AzureActivity | distinct CorrelationId'],
  ])('by rows that are %s', async (_, query) => {
    const { code, err, sigma } = await beside(query, '--limit-rows', '2');
    expect(err).toContain('error run/limit');
    expect(err).toContain('took more than 2 rows');
    expect(err).toContain('--limit-rows allows for more');
    expect({ code, sigma }).toEqual({ code: 3, sigma: 3 });
  });

  it('in tests and explanations, too', async () => {
    const query = 'AzureActivity | order by CorrelationId asc';
    const events = [0, 1, 2].map((n) => `      ${activity(n)}`).join(',\n');
    const root = folder({
      'bomb.kql': query,
      'bomb.tests.yaml': `tests:\n  - name: all\n    match: true\n    events: [\n${events}]\n`,
      'a.ndjson': log,
    });
    const tested = ['test', `${root}/bomb.kql`];
    expect((await dragoman(tested)).code).toBe(0);
    const failed = await dragoman([...tested, '--limit-rows', '2']);
    expect(failed.out).toContain('took more than 2 rows');
    expect(failed.code).toBe(1);
    const explained = ['explain', '--rule', `${root}/bomb.kql`, '--event', `${root}/a.ndjson`];
    expect((await dragoman(explained)).code).toBe(0);
    const limited = await dragoman([...explained, '--limit-rows', '2']);
    expect(limited.out.match(/does not match/g)).toHaveLength(3);
    expect(limited.out).toContain('took more than 2 rows');
    expect(limited.err).toContain('error run/limit');
    expect(limited.code).toBe(3);
  });

  it('in a query, too', async () => {
    const root = folder({ 'a.ndjson': log });
    const args = [
      'query',
      '--language',
      'kusto',
      'AzureActivity | order by CorrelationId asc',
      '--logs',
      `${root}/a.ndjson`,
    ];
    const { code, err } = await dragoman([...args, '--limit-rows', '2']);
    expect(err).toContain('took more than 2 rows');
    expect(code).toBe(3);
    expect((await dragoman([...args, '--limit-rows', '3'])).code).toBe(0);
  });
});
