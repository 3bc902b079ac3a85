import { expect, it } from 'vitest';
import { dragoman, folder, lines, sigmaRule } from './harness.ts';

/** Deeper than any stack, in what files are written in and in every language that rules hold. */
const FAR = 5_000;
const around = (open: string, inner: string, close: string): string => open.repeat(FAR) + inner + close.repeat(FAR);

const elastic = (language: string, query: string): string =>
  lines(
    '[rule]',
    'name = "deep"',
    'rule_id = "deep"',
    'description = "d"',
    'risk_score = 47',
    'severity = "medium"',
    `type = "${language === 'eql' ? 'eql' : 'query'}"`,
    `language = "${language}"`,
    "query = '''",
    query,
    "'''",
  );
const sigma = (condition: string): string =>
  lines('title: deep', 'logsource: {product: azure}', 'detection:', '  s: {a: x}', `  condition: "${condition}"`);
const toml = (value: string): string => `${elastic('kuery', 'a:b')}x = ${value}\n`;

const FILES: Readonly<Record<string, string>> = {
  'kuery-parentheses.toml': elastic('kuery', around('(', 'a:b', ')')),
  'kuery-not.toml': elastic('kuery', around('not ', 'a:b', '')),
  'kuery-nested.toml': elastic('kuery', around('a:{', 'b:c', '}')),
  'kuery-values.toml': elastic('kuery', `a:${around('(', 'b', ')')}`),
  'lucene-parentheses.toml': elastic('lucene', around('(', 'a:b', ')')),
  'lucene-regex.toml': elastic('lucene', `a:/${around('(', 'b', ')')}/`),
  'eql-parentheses.toml': elastic('eql', `process where ${around('(', 'a == "b"', ')')}`),
  'eql-not.toml': elastic('eql', `process where ${around('not ', 'true', '')}`),
  'eql-calls.toml': elastic('eql', `process where ${around('length(', '"b"', ')')} > 1`),
  'eql-minus.toml': elastic('eql', `process where ${around('-', '1', '')} > 0`),
  'sigma-parentheses.yml': sigma(around('(', 's', ')')),
  'sigma-not.yml': sigma(around('not ', 's', '')),
  'sigma-regex.yml': sigma('s').replace('{a: x}', `{a|re: "${around('(', 'x', ')')}"}`),
  'kusto-parentheses.kql': `AzureActivity | where ${around('(', 'true', ')')}`,
  'kusto-not.kql': `AzureActivity | where ${around('not(', 'true', ')')}`,
  'kusto-calls.kql': `AzureActivity | extend x = ${around('strcat(', '"a"', ')')}`,
  'kusto-minus.kql': `print ${around('-', '1', '')}`,
  'kusto-index.kql': `AzureActivity | extend x = a${around('[0]', '', '')}`,
  'kusto-joins.kql': `AzureActivity${around(' | join (AzureActivity', '', ')')}`,
  'kusto-dynamic.kql': `print dynamic(${around('[', '', ']')})`,
  'kusto-pipes.kql': `AzureActivity${around(' | where true', '', '')}`,
  'yaml.yml': sigma('s').replace('{a: x}', around('[', '', ']')),
  'toml-arrays.toml': toml(around('[', '', ']')),
  'toml-tables.toml': toml(around('{a = ', '1', '}')),
  'json.ndjson': `{"rule_id":"x","name":"deep","type":"query","language":"kuery","query":"a:b","x":${around('[', '', ']')}}\n`,
};

it('is refused on the way in, and the rule beside it is loaded', async () => {
  const root = folder({ ...FILES, 'good.yml': sigmaRule });
  const { code, out, err } = await dragoman(['check', root, '--format', 'json']);
  const { rules } = JSON.parse(out) as { rules: { file: string; status: string; codes: string[] }[] };
  const told = new Map(rules.map(({ file, status, codes }) => [file.slice(root.length + 1), [status, ...codes]]));
  expect(told.get('good.yml')).toEqual(['loaded']);
  for (const name of Object.keys(FILES)) {
    const [status, why] = told.get(name) ?? [];
    expect([name, status, why]).toEqual([
      name,
      expect.stringMatching(/^(?:invalid|unsupported)$/),
      expect.stringMatching(/^(?:input|kuery|lucene|eql|sigma|kusto|unsupported)\//),
    ]);
  }
  expect(err).not.toContain('fault in dragoman');
  expect(code).toBe(1);
});
