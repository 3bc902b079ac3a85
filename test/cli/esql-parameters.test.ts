import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dragoman, folder, lines } from './harness.ts';

async function rows(text: string, ...params: readonly string[]): Promise<unknown> {
  const given = params.flatMap((param) => ['--param', param]);
  const { out } = await dragoman(['query', '--language', 'esql', text, ...given, '--format', 'json']);
  const { rows: found, diagnostics } = JSON.parse(out);
  return diagnostics.length > 0 ? diagnostics.map(({ message }: { message: string }) => message) : found;
}

test.each([
  ['ROW a = ?x', ['x=5'], [[5]]],
  ['ROW a = ?x', ['x=-2.5'], [[-2.5]]],
  ['ROW a = ?x', ['x=text=1'], [['text=1']]],
  ['ROW a = ?x', ['x="5"'], [['5']]],
  ['ROW a = ?x', ['x=[1, 2]'], [[[1, 2]]]],
  ['ROW a = ?x == true', ['x=true'], [[true]]],
  ['ROW a = ?x', ['x=null'], [[null]]],
  ['ROW a = ?, b = ?', ['1=1', '2=two'], [[1, 'two']]],
  ['ROW a = ?2, b = ?1', ['1=1', '2=two'], [['two', 1]]],
  ['ROW a = 1, b = 2 | EVAL c = ??col + 1 | KEEP ??col, c', ['col=b'], [[2, 3]]],
  ['ROW a = ??fn("x")', ['fn=to_upper'], [['X']]],
  ['ROW a = "xyz" | WHERE a LIKE ?p | LIMIT ?n', ['p=x*', 'n=1'], [['xyz']]],
  [
    'ROW a = "2024-05-06T07:08:09Z"::date | EVAL b = DATE_TRUNC(?every, a) > ?from | KEEP b',
    ['every=1 hour', 'from=2024-05-06'],
    [[true]],
  ],
  ['ROW a = 1 | WHERE a == ?x', [], ['the parameter `?x` has no value']],
  ['ROW a = 1 | KEEP ?x', ['x=a'], ['the parameter `x` stands for a constant, a name is needed here']],
  ['ROW a = 1 | KEEP ??x', ['x=1'], ['the parameter `x` stands for no text, a name is needed here']],
  ['ROW a = ?, b = ?x', ['1=1', 'x=1'], ['a parameter without a name stands beside others that have one']],
])('%s with %j', async (text, params, wanted) => {
  const found = await rows(text, ...params);
  expect(found).toEqual(wanted);
});

test('a whole number keeps its digits', async () => {
  const { out } = await dragoman([
    'query',
    '--language',
    'esql',
    'ROW a = ?x',
    '--param',
    'x=9007199254740993',
    '--format',
    'json',
  ]);
  expect(out).toContain('"rows":[[9007199254740993]]');
});

test.each(['x', '=1', 'a b=1', 'x={"a":1}', '0=1'])('--param %s is refused', async (param) => {
  const { code, err } = await dragoman(['query', '--language', 'esql', 'ROW a = 1', '--param', param]);
  expect(code).toBe(2);
  expect(err).toContain(`--param ${param} is not a parameter`);
});

test('rules take them as well, in every command that loads rules; without a value a rule is told what to give', async () => {
  const root = folder({
    'r.toml': lines(
      '[rule]',
      'name = "r"',
      'rule_id = "11111111-0000-4000-8000-000000000001"',
      'description = "d"',
      'risk_score = 1',
      'severity = "low"',
      'type = "esql"',
      'language = "esql"',
      `query = '''FROM logs-* METADATA _id, _index, _version | WHERE user.name == ?who'''`,
    ),
    'r.tests.yaml': lines(
      'tests:',
      '  - name: it is eve',
      '    event: {"@timestamp": "2026-01-01T00:00:00Z", user: {name: eve}}',
      '    match: true',
    ),
    'e.ndjson': '{"@timestamp":"2026-01-01T00:00:00Z","user":{"name":"eve"}}\n',
  });
  const [rule, event, who] = [join(root, 'r.toml'), join(root, 'e.ndjson'), ['--param', 'who=eve']] as const;
  const without = await dragoman(['check', rule]);
  expect(without.code).toBe(1);
  expect(without.err).toContain('give it with --param who=VALUE');
  expect((await dragoman(['check', rule, ...who])).code).toBe(0);
  expect((await dragoman(['run', '--rules', rule, '--logs', event, ...who, '--format', 'ndjson'])).out).toContain(
    '"rule_name":"r"',
  );
  expect((await dragoman(['explain', '--rule', rule, '--event', event, ...who])).out).toMatch(/^r matches/);
  expect((await dragoman(['test', rule, ...who])).code).toBe(0);
  expect((await dragoman(['show', rule, ...who])).out).toContain('"eve"');
  expect((await dragoman(['lint', rule, ...who])).code).toBe(0);
});
