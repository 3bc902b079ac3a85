import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { query } from '../../src/index.ts';
import { folder, lines } from '../cli/harness.ts';

const TABLES = {
  users: lines('name:keyword,team:keyword,age:integer', 'eve,red,30', 'bob,blue,40', 'ann,red,50', 'zed,,'),
  teams: lines('team:keyword,floor:integer', 'red,1', 'red,2', 'blue,3'),
  places: lines('ip:ip,city:keyword,zone:long', '10.0.0.1,Oslo,1', '10.0.0.1,Bergen,2', '10.0.0.2,Turin,3'),
};

/** The rows that a query gives over the tables; its first complaint where it is refused. */
async function rows(text: string): Promise<readonly (readonly Json[])[] | string> {
  const root = folder(Object.fromEntries(Object.entries(TABLES).map(([name, csv]) => [`${name}.csv`, csv])));
  const tables = new Map(Object.keys(TABLES).map((name) => [name, [join(root, `${name}.csv`)]]));
  const { ok, rows: found, diagnostics } = await query(text, { language: 'esql', tables });
  // Whole numbers come exact; these are small ones.
  const plain = (cell: Json): Json => (typeof cell === 'bigint' ? Number(cell) : cell);
  return ok ? found.map((row) => row.map(plain)) : (diagnostics[0]?.message ?? 'refused');
}

describe('LOOKUP JOIN', () => {
  test.each([
    [
      'a row for each that it is paired with, nulls without one; of a null nothing is',
      'FROM users | LOOKUP JOIN teams ON team | SORT name, floor | KEEP name, floor',
      [
        ['ann', 1],
        ['ann', 2],
        ['bob', 3],
        ['eve', 1],
        ['eve', 2],
        ['zed', null],
      ],
    ],
    [
      'several values are paired with nothing',
      'ROW team = ["red", "blue"] | LOOKUP JOIN teams ON team | KEEP floor',
      [[null]],
    ],
    [
      'a column of the table replaces one of the row',
      'ROW team = "blue", floor = 9 | LOOKUP JOIN teams ON team',
      [['blue', 3]],
    ],
    [
      'keys of types that do not go together',
      'ROW team = 1 | LOOKUP JOIN teams ON team',
      'the key `team`: integer and keyword do not go together',
    ],
    ['a table that there is not, beside others', 'ROW team = 1 | LOOKUP JOIN team ON team', 'unknown index `team`'],
  ])('%s', async (_, text, wanted) => {
    expect(await rows(text)).toEqual(wanted);
  });
});

describe('ENRICH', () => {
  test.each([
    [
      'several rows of the policy give several values',
      'ROW ip = "10.0.0.1"::ip | ENRICH places | EVAL n = MV_COUNT(city), zone = MV_SUM(zone) | KEEP n, zone',
      [[2, 3]],
    ],
    [
      'ON names the column, WITH the fields',
      'ROW a = "10.0.0.2"::ip | ENRICH places ON a WITH town = city',
      [['10.0.0.2', 'Turin']],
    ],
    ['no row, no values', 'ROW a = "10.0.0.3"::ip | ENRICH places ON a WITH city', [['10.0.0.3', null]]],
    ['a field that the policy has not', 'ROW a = "10.0.0.3"::ip | ENRICH places ON a WITH cty', 'unknown column `cty`'],
  ])('%s', async (_, text, wanted) => {
    expect(await rows(text)).toEqual(wanted);
  });
});

describe('FORK, SAMPLE, LIMIT BY and SET', () => {
  test('FORK gives the rows of each branch, with its name, and null for what a branch has not', async () => {
    const text =
      'FROM users | FORK (WHERE age > 35 | KEEP name) (STATS n = COUNT(*)) | SORT _fork, name | KEEP _fork, name, n';
    expect(await rows(text)).toEqual([
      ['fork1', 'ann', null],
      ['fork1', 'bob', null],
      ['fork2', null, 4],
    ]);
  });

  test('LIMIT BY takes so many of each group', async () => {
    expect(await rows('FROM users | SORT age | LIMIT 1 BY team | KEEP name | SORT name')).toEqual([
      ['bob'],
      ['eve'],
      ['zed'],
    ]);
  });

  test('SAMPLE gives the same part of the same rows, about as many as it says', async () => {
    const text =
      'FROM users | EVAL a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], b = a, c = a | MV_EXPAND a | MV_EXPAND b | MV_EXPAND c | SAMPLE 0.25 | STATS n = COUNT(*)';
    const first = await rows(text);
    const n = Number(typeof first === 'string' ? Number.NaN : first[0]?.[0]);
    expect(n).toBeGreaterThan(880);
    expect(n).toBeLessThan(1120);
    expect(await rows(text)).toEqual(first);
    expect(await rows('FROM users | SAMPLE 2')).toContain('must be between 0 and 1');
  });

  test('SET unmapped_fields makes unknown fields null; without it they are refused', async () => {
    expect(await rows('FROM users | WHERE agee IS NULL | STATS n = COUNT(*)')).toBe('unknown column `agee`');
    expect(await rows('SET unmapped_fields = "nullify"; FROM users | WHERE agee IS NULL | STATS n = COUNT(*)')).toEqual(
      [[4]],
    );
  });
});

describe('GROK and DISSECT', () => {
  test.each([
    [
      'the first pattern that fits',
      'ROW m = "a=1 b" | GROK m "%{INT:x:int} %{INT:y}", "%{WORD:k}=%{INT:x:int}" | KEEP x, k, y',
      [[1, 'a', null]],
    ],
    ['a name twice gives several values', 'ROW m = "1 2" | GROK m "%{INT:x} %{INT:x}" | KEEP x', [[['1', '2']]]],
    ['nothing fits', 'ROW m = "x" | GROK m "%{INT:a}" | KEEP m, a', [['x', null]]],
    ['DISSECT is all or nothing', 'ROW m = "a,b" | DISSECT m "%{x},%{y},%{z}" | KEEP x, y', [[null, null]]],
    ['DISSECT appends', 'ROW m = "a-b" | DISSECT m "%{+x}-%{+x}" APPEND_SEPARATOR = "/" | KEEP x', [['a/b']]],
  ])('%s', async (_, text, wanted) => {
    expect(await rows(text)).toEqual(wanted);
  });
});

describe('a subquery behind IN', () => {
  test.each([
    ['FROM users | WHERE team IN (FROM teams | WHERE floor == 3 | KEEP team) | KEEP name', [['bob']]],
    // A null is neither in it nor not.
    [
      'FROM users | WHERE team NOT IN (FROM teams | WHERE floor == 3 | KEEP team) | SORT name | KEEP name',
      [['ann'], ['eve']],
    ],
    // With a null among the values nothing is known not to be one.
    ['FROM users | WHERE age NOT IN (FROM users | WHERE name != "bob" | KEEP age) | KEEP name', []],
    ['FROM users | WHERE age IN (FROM teams | STATS a = MAX(floor) * 10) | KEEP name', [['eve']]],
    ['ROW a = [1, 3] | WHERE a IN (FROM teams | KEEP floor)', []],
    ['ROW a = 3.0 | WHERE a IN (FROM teams | KEEP floor)', [[3]]],
    ['FROM users | WHERE name IN (FROM teams)', 'a subquery behind IN gives one column, this one gives 2'],
    [
      'FROM users | WHERE name IN (FROM teams | KEEP floor)',
      'the value and the column of the subquery: keyword and integer do not go together',
    ],
  ])('%s', async (text, wanted) => {
    expect(await rows(text)).toEqual(wanted);
  });
});

test.each([
  ['FROM users | WHERE KQL("eve", {"default_field": "name"}) | KEEP name', [['eve']]],
  [
    'FROM users | WHERE KQL("EVE", {"case_insensitive": true, "default_field": "name", "boost": 1.5}) | KEEP name',
    [['eve']],
  ],
  ['FROM users | WHERE KQL("red and not eve", {"default_field": "*a*"}) | KEEP name', [['ann']]],
  ['FROM users | WHERE KQL("red", {"default_field": "name"}) | KEEP name', []],
])('KQL with options: %s', async (text, wanted) => {
  expect(await rows(text)).toEqual(wanted);
});
