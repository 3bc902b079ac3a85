import { describe, expect, test } from 'vitest';
import { sourceText } from '../../src/base/source-text.ts';
import { runQuery } from '../../src/engines/memory/index.ts';
import { mapPlans } from '../../src/ir/plan/query.ts';
import { lowerKusto, parseKusto } from '../../src/languages/kusto/index.ts';
import { bindRows } from '../../src/passes/bind.ts';
import { kustoSchema } from '../../src/schemas/kusto.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { displayText } from '../../src/values/text-of.ts';

/** Operators over several rows and several tables, from the query's text to its rows: `columns: row; row`. */
function answer(query: string): string {
  const { ast, diagnostics } = parseKusto(sourceText('q', query));
  const lowered = lowerKusto(ast, kustoSchema, { allColumns: true });
  if (!lowered.ok || diagnostics.length > 0) {
    throw new Error([...diagnostics, ...lowered.diagnostics].map((found) => found.message).join('; '));
  }
  const { columns, plan, shared } = lowered.value;
  const bound = mapPlans({ shared, result: plan }, bindRows);
  const rows = runQuery(bound, () => [], { now: fromEpochMs(Date.UTC(2026, 0, 31)) });
  const cells = rows.map((row) => columns.map(({ name }) => displayText(row.columns.get(name)) ?? 'null').join(' '));
  return `${columns.map(({ name, type }) => `${name}:${type}`).join(' ')} | ${cells.join('; ')}`;
}

const tables = [
  'let L = datatable (k: long, v: string) [1, "a", 1, "b", 2, "c", long(null), "d"]',
  'let R = datatable (k: long, w: long) [1, 10, 3, 30, long(null), 40]',
].join('; ');

describe('join', () => {
  test.each([
    ['L | join R on k', 'k:long v:string k1:long w:long | 1 a 1 10; null d null 40'],
    ['L | join kind=inner R on k', 'k:long v:string k1:long w:long | 1 a 1 10; 1 b 1 10; null d null 40'],
    [
      'L | join kind=leftouter R on k',
      'k:long v:string k1:long w:long | 1 a 1 10; 1 b 1 10; 2 c null null; null d null 40',
    ],
    [
      'L | join kind=rightouter R on k',
      'k:long v:string k1:long w:long | 1 a 1 10; 1 b 1 10; null d null 40; null null 3 30',
    ],
    ['L | join kind=fullouter R on k | count', 'Count:long | 5'],
    ['L | join kind=leftsemi R on k', 'k:long v:string | 1 a; 1 b; null d'],
    ['L | join kind=anti R on k', 'k:long v:string | 2 c'],
    ['L | join kind=rightsemi R on k', 'k:long w:long | 1 10; null 40'],
    ['L | join kind=rightanti R on $right.k == $left.k', 'k:long w:long | 3 30'],
    ['L | lookup R on k', 'k:long v:string w:long | 1 a 10; 1 b 10; 2 c null; null d 40'],
    [
      'L | lookup kind=inner (R | project w, z = k) on $left.k == $right.z',
      'k:long v:string w:long | 1 a 10; 1 b 10; null d 40',
    ],
  ])('%s', (query, expected) => {
    expect(answer(`${tables}; ${query}`)).toBe(expected);
  });

  test('a missing text and an empty one are the same key', () => {
    const query =
      'datatable (s: string, n: long) ["", 1] | join kind=leftouter (datatable (n: long) [1] | extend s = extract("x", 0, "y")) on s';
    expect(answer(query)).toBe('s:string n:long n1:long s1:string |  1 1 ');
  });
});

describe('subqueries', () => {
  test.each([
    ['L | where k in (R | project k)', 'k:long v:string | 1 a; 1 b; null d'],
    ['L | where k !in (R)', 'k:long v:string | 2 c'],
    ['L | where v in~ (datatable (x: string) ["A", "C"])', 'k:long v:string | 1 a; 2 c'],
    ['L | where v has_any (datatable (x: string) ["a", "zz"]) or k == 2', 'k:long v:string | 1 a; 2 c'],
    ['L | where k == toscalar(R | summarize min(w)) / 10', 'k:long v:string | 1 a; 1 b'],
    ['print x = toscalar(R | where w > 99 | project w)', 'x:long | null'],
    ['let m = toscalar(R | summarize max(w)); L | where k * 20 == m', 'k:long v:string | 2 c'],
  ])('%s', (query, expected) => {
    expect(answer(`${tables}; ${query}`)).toBe(expected);
  });
});

describe('search', () => {
  const rows = 'datatable (s: string, n: long) ["a cat", 1, "cats", 2, "dog", 3]';
  test.each([
    ['| search "cat"', '$table:string s:string n:long | search_arg0 a cat 1'],
    ['| search "cat*" and not("a") | project s', 's:string | cats'],
    ['| search n == 3 or s:"CAT" | project s', 's:string | a cat; dog'],
    ['| search kind=case_sensitive "CAT" | count', 'Count:long | 0'],
    ['| search "3" | project s', 's:string | dog'],
  ])('%s', (query, expected) => {
    expect(answer(`${rows} ${query}`)).toBe(expected);
  });

  test('in several tables', () => {
    expect(answer(`${tables}; search in (L, R) "40" or "c" | project $table, k, v, w`)).toBe(
      '$table:string k:long v:string w:long | union_arg0 2 c null; union_arg1 null  40',
    );
  });
});

test('what a union is of is called by its place where it is no table', () => {
  expect(answer(`${tables}; L | take 1 | union withsource=t (R | take 1) | project t, k`)).toBe(
    't:string k:long | union_arg0 1; union_arg1 1',
  );
});

test('count(x) counts all rows', () => {
  expect(answer(`${tables}; L | summarize count(k), n = count(isnull(k)), countif(isnull(k))`)).toBe(
    'count_k:long n:long countif_:long | 4 4 1',
  );
});

test('true and false are True and False as text', () => {
  expect(
    answer(
      'print a = tostring(1 == 1), b = strcat(1 == 2, "!"), c = tostring(bool(null)), d = tostring(dynamic(true))',
    ),
  ).toBe('a:string b:string c:string d:string | True False!  true');
});

test('a table that no schema describes is renamed, and its best rows found, by the columns that are asked for', () => {
  const query =
    'Unknown | project-rename b = a | project-away z | summarize arg_max(t, *) by k | join kind=inner (Other) on k | project b, c, k1';
  expect(answer(query)).toBe('b:unknown c:unknown k1:unknown | '.replaceAll('unknown', 'dynamic'));
});

describe('values into rows', () => {
  const arrays =
    'datatable (n: long, a: dynamic) [1, dynamic([1, 2]), 2, dynamic([]), 3, dynamic(null), 4, dynamic({"x": 5, "y": 6})]';
  test.each([
    ['| mv-expand a', 'n:long a:dynamic | 1 1; 1 2; 3 null; 4 {"x":5}; 4 {"y":6}'],
    ['| mv-expand kind=array a limit 1', 'n:long a:dynamic | 1 1; 3 null; 4 ["x",5]'],
    [
      '| mv-expand with_itemindex=i b = a to typeof(string) | where n == 1',
      'n:long a:dynamic b:string i:long | 1 [1,2] 1 0; 1 [1,2] 2 1',
    ],
    [
      '| mv-apply a to typeof(long) on (summarize s = sum(a))',
      'n:long a:dynamic s:long | 1 [1,2] 3; 2 [] 0; 3 null 0; 4 {"x":5,"y":6} 0',
    ],
    ['| mv-apply b = a to typeof(long) on (where b > n | project c = b + n)', 'n:long a:dynamic c:long | 1 [1,2] 3'],
  ])('%s', (query, expected) => {
    expect(answer(`${arrays} ${query}`)).toBe(expected);
  });
});

describe('text into columns', () => {
  const lines = 'datatable (s: string) ["id=7 name=x y", "id=z name=w", "other"]';
  test.each([
    [
      '| parse s with "id=" id " name=" name',
      's:string id:string name:string | id=7 name=x y 7 x y; id=z name=w z w; other  ',
    ],
    ['| parse s with * "id=" id: long " name=" name | project id, name', 'id:long name:string | 7 x y; null ; null '],
    ['| parse-where s with "id=" id: long " " * | project id', 'id:long | 7'],
    [
      '| parse kind=relaxed s with "id=" id: long " name=" name | project id, name',
      'id:long name:string | 7 x y; null w; null ',
    ],
    ['| parse kind=regex flags=i s with @"ID=\\w" * "(na)(me)=" name | project name', 'name:string | x y; w; '],
  ])('%s', (query, expected) => {
    expect(answer(`${lines} ${query}`)).toBe(expected);
  });
});

test('some rows, and some values of a column', () => {
  expect(answer(`${tables}; L | sample 2 | project v`)).toBe('v:string | a; b');
  expect(answer(`${tables}; L | sample-distinct 2 of k`)).toBe('k:long | 1; 2');
});

describe('rows in their order', () => {
  const numbers = 'datatable (g: string, n: long) ["a", 1, "a", 3, "b", 2, "b", 5]';
  test.each([
    [
      '| extend p = prev(n), q = next(n, 2, 0)',
      'g:string n:long p:long q:long | a 1 null 2; a 3 1 5; b 2 3 0; b 5 2 0',
    ],
    [
      '| serialize r = row_number(0, g != prev(g)), c = row_cumsum(n, g != prev(g))',
      'g:string n:long r:long c:long | a 1 0 1; a 3 1 4; b 2 0 2; b 5 1 7',
    ],
    ['| project d = row_rank_dense(g), m = row_rank_min(g)', 'd:long m:long | 1 1; 1 1; 2 3; 2 3'],
    ['| where row_number() > 2', 'g:string n:long | b 2; b 5'],
    ['| partition by g (top 1 by n | extend x = n * 2)', 'g:string n:long x:long | a 3 6; b 5 10'],
    [
      '| make-series s = sum(n), count() default = -1 on n from 1 to 6 step 2 by g',
      'g:string s:dynamic count_:dynamic n:dynamic | a [1,3,0] [1,1,-1] [1,3,5]; b [2,0,5] [1,-1,1] [1,3,5]',
    ],
  ])('%s', (query, expected) => {
    expect(answer(`${numbers} ${query}`)).toBe(expected);
  });
});
