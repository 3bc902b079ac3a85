import { expect, test } from 'vitest';
import { dragoman } from './harness.ts';

/** What a query gives, as the text of its JSON and as its rows. */
async function ask(text: string): Promise<{ readonly out: string; readonly rows: readonly (readonly unknown[])[] }> {
  const { out, err, code } = await dragoman(['query', '--language', 'kusto', text, '--format', 'json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return { out, rows: JSON.parse(out).rows };
}

test('whole numbers keep all their digits, also inside of dynamic', async () => {
  const { out } = await ask('print a = 9223372036854775807, b = dynamic({"n": 9007199254740993})');
  expect(out).toContain('[9223372036854775807,{"n":9007199254740993}]');
});

test('decimals are texts, and what is no finite number is its name', async () => {
  const { rows } = await ask(
    'print d = decimal(12.5), n = real(nan), p = real(+inf), m = real(-inf), small = decimal(0.00000025)',
  );
  expect(rows).toEqual([['12.5', 'NaN', 'Infinity', '-Infinity', '0.00000025']]);
});

test('datetimes have seven digits, timespans their days and seven digits', async () => {
  const { rows } = await ask('print t = datetime(2026-01-02 03:04:05.1234567), a = 1h, b = -(2d + 3s), c = 1tick');
  expect(rows).toEqual([
    ['2026-01-02T03:04:05.1234567Z', '0.01:00:00.0000000', '-2.00:00:03.0000000', '0.00:00:00.0000001'],
  ]);
});

test('line by line the forms are the same', async () => {
  const { out } = await dragoman([
    'query',
    '--language',
    'kusto',
    'print a = 1h, d = decimal(1)',
    '--format',
    'ndjson',
  ]);
  expect(out).toBe('{"a":"0.01:00:00.0000000","d":"1"}\n');
});

test.each([
  [
    'find looks in all columns, shows those it names, and packs the rest',
    'let T = datatable(a: string, n: long)["x", 1, "y", 2]; let U = datatable(b: string)["x"]; find in (T, U) where "x"',
    [
      ['union_arg0', { a: 'x', n: 1 }],
      ['union_arg1', { b: 'x' }],
    ],
  ],
  [
    'find by a column that one of the tables has',
    'let T = datatable(a: string, n: long)["x", 1, "y", 2]; let U = datatable(b: string)["x"]; find in (T, U) where n == 2',
    [['union_arg0', 2, { a: 'y' }]],
  ],
  [
    'find with columns of its choice',
    'let T = datatable(a: string, n: long)["x", 1]; find withsource = From in (T) where n > 0 project n, a: string',
    [['union_arg0', 1, 'x']],
  ],
  [
    'project-by-names takes names and patterns, and leaves out what is not there',
    'datatable(a: long, b1: long, b2: long)[1, 2, 3] | project-by-names dynamic(["b*", "none"]), "a"',
    [[2, 3, 1]],
  ],
  [
    'a range whose ends come from queries',
    'let to = toscalar(print 3); range x from 1 to to step 1 | summarize n = count(), s = sum(x)',
    [[3, 6]],
  ],
  [
    'a range of days up to a computed one',
    'let to = toscalar(print datetime(2026-01-03)); range d from datetime(2026-01-01) to to step 1d | count',
    [[3]],
  ],
  [
    'names of columns as an array',
    'let T = datatable(a: string, b: int)[]; print n = column_names_of(T)',
    [[['a', 'b']]],
  ],
  [
    'a table by a name that is a parameter',
    'let T = datatable(a: long)[1, 2]; let f = (name: string) { table(name) | count }; f("T")',
    [[2]],
  ],
  [
    'what is seen behind a restriction',
    'let T = datatable(a: long)[1]; let U = datatable(a: long)[2]; restrict access to (T); let V = T; union T, V | count',
    [[2]],
  ],
  ['a user agent', 'print tostring(parse_user_agent("curl/8.1.2", "browser").Browser.Family)', [['curl']]],
  ['hashes of times and numbers are of their bytes', 'print hash(datetime(2015-01-01))', [[1380966698541616202n]]],
  ['of nothing there is no digest', 'datatable(x: long)[] | summarize a = hll(x), b = tdigest(x)', [[null, null]]],
])('%s', async (_, query, expected) => {
  const { out } = await ask(query);
  const rows = expected.map((row) =>
    JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? Number(value) : value)),
  );
  // Numbers beyond 2^53 are compared as doubles here.
  expect(JSON.stringify(JSON.parse(out).rows)).toBe(`[${rows.join(',')}]`);
});

test('what a restriction hides is no table', async () => {
  const query = 'let U = datatable(a: long)[2]; restrict access to (T); U | count';
  const { code, err } = await dragoman(['query', '--language', 'kusto', query]);
  expect(code).toBe(3);
  expect(err).toContain('kusto/restricted');
});
