import { describe, expect, test } from 'vitest';
import { sourceText } from '../../../base/source-text.ts';
import { printPlan } from '../../../ir/print/print-plan.ts';
import { lowerKusto, parseKusto } from '../index.ts';
import { testSchema } from '../test-schema.fixture.ts';

function lower(text: string): ReturnType<typeof lowerKusto> {
  const { ast, diagnostics } = parseKusto(sourceText('q', text));
  expect(diagnostics).toEqual([]);
  return lowerKusto(ast, testSchema);
}

const plan = (text: string): string => {
  const lowered = lower(text);
  if (!lowered.ok) throw new Error(lowered.diagnostics.map((found) => found.message).join('; '));
  return printPlan(lowered.value.plan).replace(/\s*\n\s*/g, ' ');
};
/** The predicate of `T | where …`. */
const predicate = (text: string): string => {
  const printed = plan(`T | where ${text}`);
  return printed.slice('(where '.length, -' (source kusto T))'.length);
};
const columns = (text: string): string => {
  const lowered = lower(text);
  if (!lowered.ok) throw new Error(lowered.diagnostics.map((found) => found.message).join('; '));
  return lowered.value.columns.map((column) => `${column.name}:${column.type}`).join(' ');
};
const codes = (text: string): readonly string[] => {
  return lower(text).diagnostics.map((found) => {
    const span = found.labels[0]?.span;
    return `${found.code} ${text.slice(span?.start, span?.end)}`;
  });
};

describe('tests of values', () => {
  test.each([
    ['s == "a"', '(match s exact whole equals "a")'],
    ['s != "a"', '(not (match s exact whole equals "a"))'],
    ['s == ""', '(or (is-null s) (match s exact whole equals ""))'],
    ['s =~ "a"', '(match s ignore-case whole equals "a")'],
    ['s has "-w "', '(match s ignore-case whole term "-w ")'],
    ['s !has_cs "a"', '(not (match s exact whole term "a"))'],
    ['s hasprefix "a"', '(match s ignore-case whole term start "a")'],
    ['s contains "a"', '(match s ignore-case whole contains "a")'],
    ['s startswith_cs "a"', '(match s exact whole prefix "a")'],
    ['s !endswith "a"', '(not (match s ignore-case whole suffix "a"))'],
    ['s matches regex "a+"', '(match s exact whole regex re2 "a+")'],
    ['s in ("a", "b")', '(match s exact whole one-of ["a" "b"])'],
    ['s !in~ ("a", "b")', '(not (match s ignore-case whole one-of ["a" "b"]))'],
    ['s has_any ("a", "b")', '(or (match s ignore-case whole term "a") (match s ignore-case whole term "b"))'],
    [
      's has_all (dynamic(["a", "b"]))',
      '(and (match s ignore-case whole term "a") (match s ignore-case whole term "b"))',
    ],
    ['y has "a"', '(match (convert.string y) ignore-case whole term "a")'],
    ['y.a == "x"', '(match (kusto.member y "a") exact whole equals "x")'],
    ['s has s2', '(kusto.text-has s s2 "ignore-case" "both")'],
    ['s in (s2, "a")', '(kusto.in s s2 "a")'],
    ['i == 5', '(== total i (long 5))'],
    ['i != 5', '(!= total i (long 5))'],
    ['i < 5', '(< i (long 5))'],
    ['s == 0', '(match s exact whole equals "0")'],
    ['i == "5"', '(== total i (kusto.to-int "5"))'],
    [
      'd between (ago(1d) .. now())',
      '(and (>= d (kusto.subtract (kusto.now) (timespan 864000000000))) (<= d (kusto.now)))',
    ],
    ['not(b) and (b or i > 1)', '(and (not b) (or b (> i (long 1))))'],
    ['isempty(s) or isnotnull(i)', '(or (is-null s) (match s exact whole equals "") (not (is-null i)))'],
    ['isnull(s)', 'false'],
  ])('%s', (text, expected) => {
    expect(predicate(text)).toBe(expected);
  });
});

describe('columns', () => {
  test.each([
    [
      'T | project tostring(y), tolower(s), strcat(s, s), i + 1, bin(d, 1h), y.a, y["k"], y[0], y.a[0].c, strlen(s)',
      'y:string Column1:string Column2:string Column3:long d:datetime y_a:dynamic y_k:dynamic y_0:dynamic y_a_0_c:dynamic strlen_s:long',
    ],
    [
      'T | summarize count(), dcount(s), sum(i), make_set(s), make_list(i), avg(i), min(d), countif(b) by bin(d, 1h), tostring(y.a), s',
      'd:datetime y_a:string s:string count_:long dcount_s:long sum_i:long set_s:dynamic list_i:dynamic avg_i:real min_d:datetime countif_b:long',
    ],
    ['T | project s, i, d | summarize arg_max(d, *) by s', 's:string d:datetime i:int'],
    [
      'T | summarize count() + 1, max(d) - min(d), round(avg(i), 2), take_any(s), x = max(i) * 2',
      'Column1:long Column2:timespan avg_i:real s:string x:long',
    ],
    [
      'T | extend iff(b, 1, 2.0), case(b, "a", y), i / i, d - d, d + 1h, t / t, t * 2 | project Column1, Column2, Column3, Column4, Column5, Column6, Column7',
      'Column1:real Column2:string Column3:long Column4:timespan Column5:datetime Column6:real Column7:timespan',
    ],
    ['union (T | project s, i), (T | project s = 1)', 's_string:string s_long:long i:int'],
    ['union withsource=Table (T | project s), (T | project i)', 'Table:string s:string i:int'],
    ['union kind=inner (T | project s, i), (T | project i, d)', 'i:int'],
    ['print 1, "a", x = 3.5', 'print_0:long print_1:string x:real'],
    ['T | project s, i, d | project-reorder d, * | project-away i | project-rename day = d', 'day:datetime s:string'],
    ['T | count', 'Count:long'],
    ['T | project s | getschema', 'ColumnName:string ColumnOrdinal:long DataType:string ColumnType:string'],
    ['let f = (x: long) { T | where l == x | project l }; f(5)', 'l:long'],
    ['let f = (P: (s: string)) { P | count }; T | invoke f()', 'Count:long'],
    ['T | project column_ifexists("s", ""), column_ifexists("nope", 5)', 's:string nope:long'],
  ])('%s', (text, expected) => {
    expect(columns(text)).toBe(expected);
  });
});

describe('what is wrong is told where it stands', () => {
  test.each([
    ['T | where ss == "a"', ['kusto/unknown-column ss']],
    ['T | where s has i', ['kusto/operand-type has']],
    ['T | where s > "a"', ['kusto/operand-type >']],
    ['T | where s', ['kusto/expected-type s']],
    ['T | where s matches regex "("', ['kusto/bad-regex "("']],
    ['T | extend x = tolowr(s)', ['kusto/unknown-function tolowr']],
    ['T | extend x = strlen(s, s)', ['kusto/argument-count strlen(s, s)']],
    ['T | extend x = replace_string(i, "a", "b")', ['kusto/argument-type i']],
    ['T | extend x = s.a', ['kusto/no-such-member s.a']],
    ['T | extend x = count()', ['kusto/aggregate-outside-summarize count']],
    ['T | summarize coun(s)', ['kusto/unknown-aggregate coun(s)']],
    ['T | summarize x = count(), x = dcount(s)', ['kusto/duplicate-column x = dcount(s)']],
    ['T | project s, s', ['kusto/duplicate-column s']],
    ['datatable(a: string, b: long, a: long) ["x", 1, 2]', ['kusto/duplicate-column a']],
    ['externaldata(a: string, a: datetime) [@"x"]', ['kusto/duplicate-column a', 'kusto/not-given @"x"']],
    ['T | parse-kv s as (a: string, a: long) with (pair_delimiter=";")', ['kusto/duplicate-column a']],
    ['T | sort by y', ['kusto/expected-type y']],
    ['T | take s', ['kusto/unknown-name s', 'kusto/constant-needed s']],
    ['let x = 5; x | take 5', ['kusto/not-a-table x']],
    ['let x = 5;', ['kusto/no-result let x = 5']],
    ['T | join (T) on ss', ['kusto/unknown-column ss']],
    ['T | join kind=outer (T) on s', ['kusto/expected kind=outer']],
    ['T | join (T) on $left.s == $right.i', ['kusto/operand-type $left.s == $right.i']],
    ['T | reduce by s', ['unsupported/kusto-operator reduce']],
    ['T | extend (a, q) = f(s) | where a == 1', ['kusto/unknown-function f']],
    ['T | extend (a, q) = strlen(s)', ['kusto/expected-type strlen(s)']],
    ['T | mv-expand s', ['kusto/expected-type s']],
    ['T | extend x = geo_union_polygons_array(a)', ['unsupported/kusto-function geo_union_polygons_array']],
    ['T | where s in (Unknown)', ['kusto/unknown-column Unknown']],
    ['T | where s in (Unknown | where a == 1)', ['unsupported/kusto-operator Unknown | where a == 1']],
    ['_GetWatchlist("x") | where a == 1', ['kusto/not-given _GetWatchlist("x") ']],
    ['T | where b = true', ['kusto/assignment-in-where b']],
    ['T | extend x = d[1.5]', ['kusto/expected-type 1.5']],
    ['T | parse s with "a" x y "b"', ['kusto/expected y']],
    ['T | summarize x = nope', ['kusto/unknown-name nope']],
    ['T | extend x = ceiling', ['kusto/argument-count ceiling']],
    ['T | extend x = real', ['kusto/expected real']],
    ['T | render timechart', ['kusto/presentation-ignored render']],
  ])('%s', (text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  test('a near name is offered', () => {
    expect(lower('T | extend x = tolowr(s)').diagnostics[0]?.hints).toEqual(['did you mean `tolower` or `tolong`?']);
  });
});

describe('plans', () => {
  test('a union of tables carries only the columns that are asked for', () => {
    expect(plan('union T, Other | where s == "a" | project s, zz')).toBe(
      '(project s = s, zz = zz (where (match s exact whole equals "a") (union (project s = s (source kusto T)) (project s = s, zz = zz (source kusto Other)))))',
    );
  });

  test('let is written out', () => {
    expect(plan('let n = 5; let Q = T | where i == n; Q | take n')).toBe(
      '(limit 5 (where (== total i (long 5)) (source kusto T)))',
    );
  });

  test('an unknown table is open', () => {
    expect(plan('Unknown | where a.b == "x" and c > 5')).toBe(
      '(where (and (match (kusto.member a "b") exact whole equals "x") (> (kusto.number c) (long 5))) (source kusto Unknown))',
    );
  });

  test('an aggregate inside an expression is computed first', () => {
    expect(plan('T | summarize x = max(i) - 1 by s')).toBe(
      '(project s = s, x = (kusto.subtract $aggregate1 (long 1)) (summarize $aggregate1 = (max i) by s = s (source kusto T)))',
    );
  });
});
