import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dragoman, folder, lines } from './harness.ts';

/** What a query over a table and Azure's logs is told, with its exit code. */
async function told(text: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const root = folder({
    'ports.csv': lines('host:keyword,port:integer,seen:date', 'web,443,2024-01-01T00:00:00Z', 'db,,'),
    'query.esql': text,
    'azure.ndjson': lines(
      '{"time":"2024-01-01T00:00:00Z","operationName":"A/B/C","category":"Administrative","resultType":"Success","resourceId":"/x"}',
    ),
  });
  const [table, logs] = [`ports=${join(root, 'ports.csv')}`, join(root, 'azure.ndjson')];
  const given = /\blogs-/.test(text) ? ['--logs', logs] : ['--table', table];
  return dragoman(['query', '--language', 'esql', '--file', join(root, 'query.esql'), ...given]);
}

test.each([
  [
    'a column that there is not',
    'FROM ports | WHERE prot == 443',
    '1:20: error esql/unknown-column: unknown column `prot`',
    'did you mean `port`?',
  ],
  ['a function that there is not', 'FROM ports | EVAL a = TO_LOWR(host)', 'error esql/unknown-function', '`TO_LOWER`'],
  ['a table that there is not', 'FROM port | LIMIT 1', 'error esql/unknown-index: unknown index `port`', '`ports`'],
  ['a command that there is not', 'FROM ports | WERE port == 1', '1:14: error', '`WHERE`'],
  [
    'types that do not go together',
    'FROM ports | WHERE port > "x"',
    '1:20: error esql/types-apart',
    'convert one side',
  ],
  ['a type that an operator does not take', 'FROM ports | EVAL a = host + 1', '1:23: error esql/wrong-type', 'TO_LONG'],
  [
    'a text without quotes',
    'FROM ports | WHERE host == web',
    '1:28: error esql/unknown-column',
    'a text stands in quotes: "web"',
  ],
  ['a function without brackets', 'FROM ports | STATS count BY host', '1:20: error esql/unknown-column', '`COUNT(…)`'],
  ['one equals sign', 'FROM ports | WHERE host = "web"', '1:25: error esql/expected', 'compared with `==`'],
  ['single quotes', "FROM ports | WHERE host == 'web'", 'error esql/bad-character', 'double quotes'],
  ['SQL', 'SELECT * FROM ports', '1:1: error esql/unknown-command', 'begins with FROM or ROW'],
  [
    'a type that a function does not take',
    'FROM ports | EVAL a = LENGTH(port)',
    '1:30: error esql/wrong-type',
    'of type integer',
  ],
  ['a text that is no date', 'FROM ports | WHERE seen > "soon"', 'error esql/bad-value', 'soon'],
  ['an aggregate in WHERE', 'FROM ports | WHERE COUNT(*) > 1', '1:20: error esql/misplaced-aggregate', 'STATS'],
  ['an aggregate in EVAL', 'FROM ports | EVAL n = MAX(port)', '1:23: error esql/misplaced-aggregate', 'STATS'],
  [
    'what is not Lucene’s',
    'FROM ports | WHERE host RLIKE "a{"',
    '1:31: error esql/bad-regex',
    'a repeat count is expected',
  ],
  [
    '1,000 brackets',
    `ROW a = ${'('.repeat(1_000)}1${')'.repeat(1_000)}`,
    'error esql/too-deep',
    'more than 300 levels',
  ],
  ['300 brackets', `ROW a = ${'('.repeat(300)}1${')'.repeat(300)}`, 'error esql/too-deep', 'more than 300 levels'],
  [
    '3,000 commands',
    `ROW a = 1${' | EVAL a = a + 1'.repeat(3_000)}`,
    'error esql/too-many-commands',
    'at most 500 commands',
  ],
  [
    '1,100,000 characters',
    `ROW a = "${'x'.repeat(1_100_000)}"`,
    '1:1: error esql/too-long',
    'at most 1000000 characters',
  ],
  [
    'queries in queries',
    `FROM ${'(FROM '.repeat(1_000)}ports${')'.repeat(1_000)}`,
    'error esql/too-deep',
    'more than 300 levels',
  ],
])('%s: place, reason and way out', async (_, text, ...said) => {
  const { code, out, err } = await told(text);
  expect(code).toBe(3);
  expect(out).toBe('');
  for (const part of said) expect(err).toContain(part);
  expect(err).not.toContain('fault in dragoman');
});

test.each([
  ['10,000 characters', `ROW a = "${'x'.repeat(10_000)}" | EVAL n = LENGTH(a) | KEEP n`, '10000'],
  ['299 brackets', `ROW a = ${'('.repeat(299)}7${')'.repeat(299)}`, '7'],
  ['299 calls', `ROW a = -7 | EVAL a = ${'ABS('.repeat(299)}a${')'.repeat(299)}`, '7'],
  ['500 commands behind the first', `ROW a = 1${' | EVAL a = a + 1'.repeat(500)}`, '501'],
  ['a list of 30,000', `ROW a = 7 | WHERE a IN (${Array.from({ length: 30_000 }, (_, at) => at).join()})`, '7'],
  ['a chain of 3,000', `ROW a = 7 | WHERE ${Array.from({ length: 3_000 }, (_, at) => `a == ${at}`).join(' OR ')}`, '7'],
])('%s run', async (_, text, cell) => {
  const { code, out } = await told(text);
  expect(code).toBe(0);
  expect(out).toContain(cell);
});

test('a table whose file there is not says that alone', async () => {
  const { code, err } = await dragoman(['query', '--language', 'esql', 'FROM a | KEEP b', '--table', 'a=nowhere.csv']);
  expect(code).toBe(3);
  expect(err).toContain('no log files found at nowhere.csv');
  expect(err).not.toContain('unknown column');
});

test('a search for what no value can be finds nothing, and warns', async () => {
  const { code, out, err } = await told('FROM ports | WHERE port : "web" | STATS n = COUNT(*)');
  expect(code).toBe(0);
  expect(out).toContain('0');
  expect(err).toContain('`web` is not a value of the type integer: it is found in no document');
});

test('a pattern that none of the logs fits finds nothing, and says of which type they are', async () => {
  const { code, out, err } = await told('FROM logs-okta.system-* | LIMIT 5');
  expect(code).toBe(0);
  expect(out).toContain('0 rows');
  expect(err).toContain('the query is not about 1 record of azure.activity');
});
