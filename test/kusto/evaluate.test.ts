import { describe, expect, test } from 'vitest';
import { sourceText } from '../../src/base/source-text.ts';
import { runPlan } from '../../src/engines/memory/index.ts';
import { lowerKusto, parseKusto } from '../../src/languages/kusto/index.ts';
import { bindRows } from '../../src/passes/bind.ts';
import { kustoSchema } from '../../src/schemas/kusto.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { displayText } from '../../src/values/text-of.ts';

/** Queries from their text to their rows, in the reference engine. */
function rows(query: string): readonly (readonly string[])[] {
  const { ast, diagnostics } = parseKusto(sourceText('q', query));
  const lowered = lowerKusto(ast, kustoSchema, { allColumns: true });
  if (!lowered.ok || diagnostics.length > 0) {
    throw new Error([...diagnostics, ...lowered.diagnostics].map((found) => found.message).join('; '));
  }
  const names = lowered.value.columns.map((column) => column.name);
  const now = fromEpochMs(Date.UTC(2026, 0, 31, 10, 30));
  const found = runPlan(bindRows(lowered.value.plan), () => [], { now });
  return found.map((row) => names.map((name) => displayText(row.columns.get(name)) ?? 'null'));
}

describe('has: a boundary is needed only where the needle ends in a letter or digit', () => {
  test.each([
    ['pcap_dump', 'pcap', true],
    ['sftp', 'ftp', false],
    ['ftp://host', 'ftp', true],
    ['tcpdump -i eth0 -w out.pcap', '-w ', true],
    ['tool --w out', '-w ', true],
    ['-window', '-w ', false],
    ['x-w y', '-w ', true],
    ['C:\\npcap\\x.dll', '\\npcap\\', true],
    ['C:\\mynpcap\\x.dll', '\\npcap\\', false],
    ['pcapdumper', 'pcapdump', false],
    ['mypcapdump', 'pcapdump', false],
    ['PCAPDUMP', 'pcapdump', true],
    ['run --promiscuous=1', '--promiscuous', true],
    ['run --promiscuously', '--promiscuous', false],
    ['a port 210', 'port 21', false],
    ['a port 21', 'port 21', true],
    ['x/resourcegroups/test.rg000001?api', '/resourcegroups/test.rg000001?', true],
    ['a.b', 'a', true],
    ['ab', '', true],
  ])('%j has %j: %s', (value, needle, expected) => {
    const query = `datatable (v: string, n: string) [@'${value}', @'${needle}'] | project v has @'${needle}', v has n, v !has n, v has_any (@'${needle}')`;
    expect(rows(query)).toEqual([[String(expected), String(expected), String(!expected), String(expected)]]);
  });

  test('the kinds differ in the ends they look at, and in case', () => {
    expect(
      rows(
        "print 'Xabcd' hassuffix 'abc', 'abcdX' hasprefix 'ABC', 'abc' has_cs 'ABC', 'abc def' has_all ('def', 'ABC'), 'xabc' hasprefix 'abc'",
      ),
    ).toEqual([['false', 'true', 'false', 'true', 'false']]);
  });
});

describe('nulls', () => {
  test('== and != are total, < is not, and where drops what is not true', () => {
    const table = 'datatable (i: int, s: string) [5, "a", int(null), ""]';
    expect(rows(`${table} | project i == 5, i != 5, i > 3, not(i > 3), i == int(null), isnull(i)`)).toEqual([
      ['true', 'false', 'true', 'false', 'false', 'false'],
      ['false', 'true', 'null', 'null', 'null', 'true'],
    ]);
    expect(rows(`${table} | where i > 3 | count`)).toEqual([['1']]);
    expect(rows(`${table} | where not(i > 3) | count`)).toEqual([['0']]);
    expect(rows(`${table} | where i != 5 | count`)).toEqual([['1']]);
    expect(rows(`${table} | project isempty(s), isnull(s), s !has "a", s !in ("a")`)).toEqual([
      ['false', 'false', 'false', 'false'],
      ['true', 'false', 'true', 'true'],
    ]);
  });

  test('dynamic members that are not there are null, and compare like it', () => {
    expect(
      rows(
        'print d = dynamic({"a": {"b": [1, 2]}, "s": "x"}) | project d.a.b[1], d.a.b[-1], d.a.b[9], d.zz.y, d["s"] == "x", d.zz == "x", d.zz != "x", isnull(d.zz), d.a.b[0] > 0, d.s has "X"',
      ),
    ).toEqual([['2', '2', 'null', 'null', 'true', 'false', 'true', 'true', 'true', 'true']]);
  });
});

describe('functions', () => {
  test.each([
    ['1 / 2', '0'],
    ['-7 % 3', '2'],
    ['7 / 2.0', '3.5'],
    ['9223372036854775807 + 1', '-9223372036854775808'],
    ['1h * 1.5', '01:30:00'],
    ['datetime(2026-01-02) - datetime(2026-01-01 12:00)', '12:00:00'],
    ['now() - 1d', '2026-01-30T10:30:00.0000000Z'],
    ['ago(30m)', '2026-01-31T10:00:00.0000000Z'],
    ['bin(datetime(2026-01-31 10:17:33.1234567), 15m)', '2026-01-31T10:15:00.0000000Z'],
    ['bin(-3, 2)', '-4'],
    ['startofweek(datetime(2026-01-31))', '2026-01-25T00:00:00.0000000Z'],
    ['endofmonth(datetime(2026-02-11), -1)', '2026-01-31T23:59:59.9999999Z'],
    ['datetime_add("month", 1, datetime(2026-01-31))', '2026-02-28T00:00:00.0000000Z'],
    ['datetime_diff("hour", datetime(2026-01-01 10:01), datetime(2026-01-01 09:59))', '1'],
    ['dayofweek(datetime(2026-01-31))', '6.00:00:00'],
    ['datetime_part("week_of_year", datetime(2027-01-01))', '53'],
    ['format_datetime(datetime(2026-01-05 15:04:09.0070000), "yy-MM-d hh:mm:ss.fff tt")', '26-01-5 03:04:09.007 PM'],
    ['make_datetime(2026, 2, 30)', 'null'],
    ['tostring(1.0)', '1.0'],
    ['strcat("a", 1, 2.0, true, 1d, int(null))', 'a12.0True1.00:00:00'],
    ['split("a,b,c", ",")[1]', 'b'],
    ['substring("abcdef", -3, 2)', 'de'],
    ['indexof("abcabc", "c", 0, -1, 2)', '5'],
    ['trim(@"\\W+", "--a b--")', 'a b'],
    ['replace_regex("a1b22", @"(\\d)+", "<\\\\1>")', 'a<1>b<2>'],
    ['extract(@"(\\w+)@(\\w+)", 2, "me@host")', 'host'],
    ['extract(@"x(\\d+)", 1, "x42", typeof(long)) + 1', '43'],
    ['extract_all(@"(\\w)(\\d)", "a1 b2")', '[["a","1"],["b","2"]]'],
    ['countof("aaaa", "aa")', '3'],
    ['parse_json("{\\"a\\": [1]}").a[0]', '1'],
    ['tostring(parse_json(tostring(parse_json("{\\"a\\": {\\"b\\": 2}}").a)).b)', '2'],
    ['array_length(pack_array(1, "x", dynamic(null)))', '3'],
    ['bag_pack("a", 1, "b", now())', '{"a":1,"b":"2026-01-31T10:30:00.0000000Z"}'],
    ['coalesce("", "x")', 'x'],
    ['iff(1 == 1, 1, 2.5)', '1'],
    ['case(1 > 2, "a", 2 > 1, "b", "c")', 'b'],
    ['max_of(1, 5.5, 3)', '5.5'],
    ['round(2.675, 2)', '2.68'],
    ['tohex(-1)', 'ffffffffffffffff'],
    ['toint("4294967296")', 'null'],
    ['int(3000000000)', 'null'],
    ['int(-2147483648)', '-2147483648'],
    ['tolong("0x10")', '16'],
    ['base64_decode_tostring("aGk=")', 'hi'],
    ['base64_decode_tostring("%%")', ''],
    ['url_decode("a%20b+c")', 'a b c'],
    ['parse_url("https://u:p@h.com:8443/x/y?k=v#f").Host', 'h.com'],
    ['parse_path(@"C:\\dir\\file.txt").Filename', 'file.txt'],
    ['ipv4_is_private("10.1.2.3")', 'true'],
    ['ipv4_is_in_range("10.1.2.3", "10.1.0.0/16")', 'true'],
    ['ipv4_is_private("x")', 'null'],
    ['has_ipv4("from 10.0.0.1:80", "10.0.0.1")', 'true'],
    ['has_ipv4("from 110.0.0.1", "10.0.0.1")', 'false'],
    ['hash_sha256("World")', '78ae647dc5544d227130a0682a51e30bc7777fbb6d8a8f17007463a3ecd1d524'],
    ['set_has_element(dynamic([1, 2]), 2)', 'true'],
    ['gettype(dynamic([1]))', 'array'],
    ['datetime(2026-01-01) in (datetime(2026-01-01), datetime(2026-01-02))', 'true'],
  ])('%s is %s', (expression, expected) => {
    expect(rows(`print x = ${expression}`)).toEqual([[expected]]);
  });
});

describe('operators', () => {
  const table =
    'let E = datatable (u: string, n: long, d: datetime, y: dynamic) ["a", 1, datetime(2026-01-01), dynamic(["x"]), "b", 3, datetime(2026-01-02), dynamic(["x", "y"]), "a", 2, datetime(2026-01-03), dynamic(null)];';

  test.each([
    ['E | summarize count(), sum(n), dcount(u), countif(n > 1), avg(n)', [['3', '6', '2', '2', '2']]],
    ['E | where n > 9 | summarize count(), max(n), make_set(u)', [['0', 'null', '[]']]],
    ['E | where n > 9 | summarize count() by u', []],
    [
      'E | summarize arg_max(d, n), make_list(n, 1) by u | sort by u asc',
      [
        ['a', '2026-01-03T00:00:00.0000000Z', '2', '[1]'],
        ['b', '2026-01-02T00:00:00.0000000Z', '3', '[3]'],
      ],
    ],
    [
      'E | summarize make_set(y), range = max(d) - min(d), half = avg(d - datetime(2026-01-01))',
      [['["x","y"]', '2.00:00:00', '1.00:00:00']],
    ],
    ['E | top 2 by n asc | project n', [['1'], ['2']]],
    [
      'E | sort by u asc, n desc | take 2 | project u, n',
      [
        ['a', '2'],
        ['a', '1'],
      ],
    ],
    ['E | distinct u | sort by u desc', [['b'], ['a']]],
    [
      'union withsource=S (E | where n == 1 | project u), (E | where n == 3 | project n)',
      [
        ['union_arg0', 'a', 'null'],
        ['union_arg1', '', '3'],
      ],
    ],
    ['let f = (T: (n: long), least: long = 2) { T | where n >= least | count }; E | invoke f()', [['2']]],
    ['E | extend u = strcat(u, "!"), w = u | where n == 1 | project u, w', [['a!', 'a']]],
    [
      'range x from 1 to 5 step 2 | extend y = x * x',
      [
        ['1', '1'],
        ['3', '9'],
        ['5', '25'],
      ],
    ],
    ['E | as X | where n == 1 | union X | count', [['4']]],
  ])('%s', (query, expected) => {
    expect(rows(`${table} ${query}`)).toEqual(expected);
  });
});
