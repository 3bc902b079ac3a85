import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutPlaces } from '../../../../test/without-places.ts';
import { sourceText } from '../../../base/source-text.ts';
import { parseKusto, printKusto } from '../index.ts';

function read(text: string): unknown {
  const { ast, diagnostics } = parseKusto(sourceText('q', text));
  expect(diagnostics).toEqual([]);
  return withoutPlaces(ast.statements);
}

const printed = (text: string): string => printKusto(parseKusto(sourceText('q', text)).ast);

describe('what is printed is how a person would write it', () => {
  test.each([
    ['T|where a==1 and (b or (c)) and not(d)| take   5', 'T\n| where a == 1 and (b or c) and not(d)\n| take 5'],
    [
      'print ((1+2))*3 - (4 - 5) - (6 * 7), -(-x), (a or b) == c',
      'print (1 + 2) * 3 - (4 - 5) - 6 * 7, --x, (a or b) == c',
    ],
    ["print 'a', 'b\"c', 'C:\\\\x', \"a\\tb\", \"it's \\\"\"", 'print "a", \'b"c\', @"C:\\x", "a\\tb", "it\'s \\""'],
    [
      'print 1.50, real(-2), 1e300, real(nan), int(5), long(-1), decimal(1.5), true',
      'print 1.5, real(-2.0), 1e+300, real(nan), int(5), long(-1), decimal(1.5), true',
    ],
    [
      'print 60m, 90m, 0s, time(1.02:03:04.5), -1h, 100ms, timespan(null)',
      'print 1h, 90m, 0s, time(1.02:03:04.5), -1h, 100ms, timespan(null)',
    ],
    [
      'print datetime(2024-1-2), datetime("2024-01-02 03:04:05.1234567")',
      'print datetime(2024-01-02), datetime(2024-01-02T03:04:05.1234567Z)',
    ],
    [
      'print dynamic({\'a\': [1, null, "x"]}), guid(74be27de-1e4e-49d9-b579-fe0b331d3642)',
      'print dynamic({"a":[1,null,"x"]}), guid(74be27de-1e4e-49d9-b579-fe0b331d3642)',
    ],
    ["T | extend ['by'] = ['a b'].c['d'][0], x = ['union']", 'T\n| extend ["by"] = ["a b"].c["d"][0], x = ["union"]'],
    [
      'let x = toscalar (T | count); T | where a in ((T | project b)) and c in (1, 2)',
      'let x = toscalar(T | count);\nT\n| where a in (T | project b) and c in (1, 2)',
    ],
    [
      'let f = view (a:long, t:(*), u:(x:string)) { t | where b == a }; f(1, T, T)',
      'let f = view (a: long, t: (*), u: (x: string)) { t | where b == a };\nf(1, T, T)',
    ],
    [
      'T | mvexpand a = b to typeof(long) limit 5 | filter b | order by a',
      'T\n| mv-expand a = b to typeof(long) limit 5\n| where b\n| sort by a',
    ],
    [
      '(T | where a) | join kind=inner hint.strategy=shuffle (U | take 1) on a, $left.b == $right.c',
      '(T | where a)\n| join kind=inner hint.strategy=shuffle (U | take 1) on a, $left.b == $right.c',
    ],
  ])('%s', (text, expected) => {
    expect(printed(text)).toBe(expected);
    expect(read(expected)).toEqual(read(text));
  });
});

/** Every kind of statement, operator and expression. */
test.each([
  'set notruncation; set query_take_max_records = 10; declare query_parameters(a: long = 5, b: string); print a',
  'alias database d = cluster("c").database("x"); restrict access to (T, U*); T',
  'declare pattern p = (a: string)[b: string] { ("x").["y"] = { T | take 1; }; }; T',
  'T | where x = a == 1 | where * has "a" | where a between (1 .. 5) and b !between (1d .. 2d) and a !in~ ("x") and b has_any ("c", "d")',
  'T | extend (a, b) = f(c), d | project a, e = tostring(b) | serialize r = row_number() | serialize',
  'T | project-away a*, b | project-keep *c | project-rename x = y, z = w | project-reorder b asc, *, a* desc',
  'T | sort by a asc nulls first, b | top 5 by c desc nulls last | take 5 | sample 3 | sample-distinct 4 of a | count as n | count',
  'T | top-nested 3 of a with others = "rest" by s = count() desc, top-nested of b by max(c) | top-hitters 3 of a by b',
  'T | distinct hint.strategy=shuffle * | distinct a, b | summarize hint.shufflekey=a count(), x = sum(a) by bin(d, 1h), e | summarize by a',
  'T | make-series kind=nonempty n = count() default = 0, avg(b) on d from ago(7d) to now() step 1d by c',
  'T | make-series count() on d in range(1, 10, 2) | reduce kind=source by a with (threshold=0.5, characters="-")',
  'union kind=outer withsource=s isfuzzy=true T, (U | take 1), Device* | union (V)',
  'T | join kind=leftouter (U) on a | lookup kind=inner U on $left.a == $right.b',
  'T | mv-expand bagexpansion=array with_itemindex=i a, b = c.d to typeof(string) limit 3',
  'T | mv-apply with_itemindex=i x = a to typeof(long) limit 3 on (where x > 1 | summarize m = max(x))',
  'T | parse kind=regex flags=Ui a with * "x=" b: long @"\\s" c * | parse-where a with b "," c',
  'T | parse-kv a as (b: string, ["c d"]: long) with (pair_delimiter=" ", quote=\'"\', greedy=true)',
  'T | partition hint.strategy=native by a (top 2 by b | extend c = 1) | partition by a { U | where b == toscalar(a); }',
  'T | fork x = (where a | take 1) (count) | facet by a, b with (take 5) | facet by c',
  'T | scan with_match_id=m order by a partition by b declare (c: long = 0, d: string) with (step s1 optional output=last: a > 1 => c = s1.c + 1, d = "x"; step s2: true;)',
  'search kind=case_sensitive in (T, U*) "a" and b:"c" | search "d"',
  'find withsource=s in (T, U) where a == 1 project a, b: string | count',
  'find in (T) where a project-smart',
  'find in (T) where a project-away b*, c',
  'T | evaluate hint.distribution=single pivot(a, count(), b) : (*, c: long) | evaluate bag_unpack(d, columnsConflict="replace_source")',
  'evaluate f() : (a: long) | take 1',
  'externaldata (a: string, b: long) ["https://x/y.csv", h"z"] with (format="csv", ignoreFirstRecord=true)',
  'datatable (a: long, b: string) [1, "x", 2, "y"]',
  'datatable () []',
  'range x from 1 to 10 step 2 | as hint.materialized=true Y | invoke f(1) | getschema',
  'T | assert-schema (a: long) | render timechart with (title="x | y", ycolumns=a, b, series=c) | consume decodeblocks=true',
  'T | make-graph a --> b with U on c | graph-match (x)-[e]->(y) where x.a == 1 project x.b',
  'cluster("c").database("d").T | where a.b["c"].d(1) == typeof(long)',
  'print datetime(strcat("2024", "-01-01")), time((x)), f(a=1, b=*), [\'f\'], (1).a, (T | take 1), +x, a % b / c',
])('%s is printed as what is read as the same tree', (text) => {
  expect(read(printed(text))).toEqual(read(text));
});

describe('any text that is read without errors is printed as what is read as the same tree', () => {
  const holds = (text: string): boolean => {
    const first = parseKusto(sourceText('q', text));
    if (first.diagnostics.length > 0) return false;
    const again = parseKusto(sourceText('q', printKusto(first.ast)));
    expect(again.diagnostics, printKusto(first.ast)).toEqual([]);
    expect(withoutPlaces(again.ast.statements)).toEqual(withoutPlaces(first.ast.statements));
    return true;
  };

  /** Pieces that fit each other more often than chance has it, with names and literals of every kind. */
  const { expression, operator } = fc.letrec<{ expression: string; operator: string; list: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(
        ...'a|b.c|[\'x y\']|[\'and\']|d[0]|1|0x1F|1.5|1e5|"s"|\'q"\'|@"\\w\\"|"\\u0041\\n"|```x\ny```|h"z"|1h|1.5d|0ms|3ticks|true|datetime(2024-01-01)|datetime(null)|time(-1.02:03:04.5)|real(-1.5)|real(+inf)|int(-3)|decimal(1.10)|guid(null)|dynamic([1,-2.5,{"a":null}])|dynamic(null)|union|range|by|date|f()|now()'.split(
          '|',
        ),
      ),
      fc
        .tuple(
          tie('expression'),
          fc.constantFrom(
            ...'+ - * / % == != <> < >= and or has !contains =~ startswith_cs has_cs'.split(' '),
            'matches regex',
            'in',
            '!in~',
          ),
          tie('expression'),
        )
        .map(([left, op, right]) =>
          op.includes('in') && !op.includes('contains') ? `${left} ${op} (${right})` : `${left} ${op} ${right}`,
        ),
      tie('expression').map((inner) => `(${inner})`),
      tie('expression').map((inner) => `-${inner}`),
      tie('expression').map((inner) => `not(${inner})`),
      fc.tuple(tie('expression'), tie('expression')).map(([one, other]) => `f(${one}, x=${other})`),
      fc.tuple(tie('expression'), tie('expression')).map(([one, other]) => `(${one}).b[${other}]`),
      fc.tuple(tie('expression'), tie('operator')).map(([one, pipe]) => `toscalar(T | where ${one} | ${pipe})`),
      fc
        .tuple(tie('expression'), tie('expression'), tie('expression'))
        .map((all) => `${all[0]} between (${all[1]} .. ${all[2]})`),
    ),
    list: fc
      .array(fc.tuple(fc.constantFrom('', 'x = ', "['from'] = ", '(y, z) = '), tie('expression')), {
        minLength: 1,
        maxLength: 3,
      })
      .map((all) => all.map((one) => one.join('')).join(', ')),
    operator: fc.oneof(
      { depthSize: 'small' },
      tie('expression').map((one) => `where ${one}`),
      fc
        .tuple(fc.constantFrom('extend', 'project', 'distinct', 'serialize', 'summarize'), tie('list'))
        .map((all) => all.join(' ')),
      fc.tuple(tie('list'), tie('list')).map(([one, other]) => `summarize ${one} by ${other}`),
      fc
        .tuple(tie('expression'), fc.constantFrom('', ' asc', ' desc nulls last'))
        .map(([one, order]) => `sort by ${one}${order}, b`),
      fc
        .tuple(fc.constantFrom('join', 'join kind=leftanti', 'lookup'), tie('operator'), tie('expression'))
        .map(([join, body, on]) => `${join} (U | ${body}) on ${on}`),
      fc
        .tuple(tie('list'), tie('operator'))
        .map(([columns, body]) => `mv-apply ${columns} to typeof(long) on (${body})`),
      fc
        .tuple(tie('expression'), tie('expression'))
        .map(([one, other]) => `make-series count() default = ${one} on d from ${other} to now() step 1h`),
      tie('expression').map((one) => `parse ${one} with * "a" b: long 'c\\n' *`),
      tie('operator').map((body) => `partition by a (${body})`),
    ),
  }));

  test('queries of random pieces', () => {
    let runs = 0;
    let held = 0;
    const query = fc
      .tuple(expression, fc.array(operator, { maxLength: 3 }))
      .map(([value, pipe]) => [`let v = ${value}; T`, ...pipe].join(' | '));
    fc.assert(
      fc.property(query, (text) => {
        runs += 1;
        if (holds(text)) held += 1;
      }),
      { numRuns: 3000 },
    );
    // Enough of them are queries, also where few are tried.
    expect(held).toBeGreaterThan(runs / 10 - 1);
  });

  test('soups of words', () => {
    const word = fc.constantFrom(
      ...'T | where a == b and ( ) 1 "x" project summarize count() by extend x = , . [ ] union join on let ; 1h -5 * has in between .. print datatable : long mv-expand range search take'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        holds(words.join(' '));
      }),
      { numRuns: 10_000 },
    );
  });
});
