import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceText } from '../../../base/source-text.ts';
import { equal } from '../../../ir/equal.ts';
import { printEsql } from '../print/pipeline.ts';
import { parseEsql } from './index.ts';

const parse = (query: string): ReturnType<typeof parseEsql> => parseEsql(sourceText('q', query));

function codes(query: string): readonly string[] {
  return parse(query).diagnostics.map(({ code }) => code);
}

/** The query as it is printed in one line; its first complaint where it has any. */
function printed(query: string): string {
  const { ast, diagnostics } = parse(query);
  return diagnostics[0]?.message ?? printEsql(ast).replaceAll('\n', ' ');
}

describe('commands', () => {
  test.each([
    ['from a, b-* metadata _id, _index | where x == 1', 'FROM a, b-* METADATA _id, _index | WHERE x == 1'],
    ['from <logs-{now/d}>, c:"x y"::data', 'FROM <logs-{now/d}>, c:"x y"::data'],
    ['FROM a, (FROM b | WHERE c) | LIMIT 1', 'FROM a, (FROM b | WHERE c) | LIMIT 1'],
    ['row a = 1, b = [1, -2], null', 'ROW a = 1, b = [1, -2], null'],
    ['FROM a | keep `x y`.*, a*b.c, from', 'FROM a | KEEP `x y`.*, a*b.c, from'],
    ['FROM a | rename a as b, c = d', 'FROM a | RENAME a AS b, d AS c'],
    ['FROM a | sort x desc nulls last, y', 'FROM a | SORT x DESC NULLS LAST, y'],
    ['FROM a | limit 3 by x', 'FROM a | LIMIT 3 BY x'],
    [
      'FROM a | stats c = count(*) where x > 1, 2 * max(y) by z = a + 1, b',
      'FROM a | STATS c = count(*) WHERE x > 1, 2 * max(y) BY z = a + 1, b',
    ],
    ['FROM a | stats by b', 'FROM a | STATS BY b'],
    ['FROM a | inlinestats count() by b', 'FROM a | INLINE STATS count() BY b'],
    ['FROM a | inline stats max(x)', 'FROM a | INLINE STATS max(x)'],
    ['FROM a | mv_expand b.c', 'FROM a | MV_EXPAND b.c'],
    ['FROM a | grok m "%{INT:x}", """%{DATA:y}"""', 'FROM a | GROK m "%{INT:x}", "%{DATA:y}"'],
    ['FROM a | dissect m "%{x}" append_separator = ","', 'FROM a | DISSECT m "%{x}" append_separator = ","'],
    ['FROM a | enrich p-1 on k with n = f, g', 'FROM a | ENRICH p-1 ON k WITH n = f, g'],
    ['FROM a | lookup join t on k, l', 'FROM a | LOOKUP JOIN t ON k, l'],
    ['FROM a | fork (where x | limit 1) (sort y)', 'FROM a | FORK (WHERE x | LIMIT 1) (SORT y)'],
    ['FROM a | sample .1', 'FROM a | SAMPLE .1'],
    ['FROM a | change_point v on t as x, y', 'FROM a | CHANGE_POINT v ON t AS x, y'],
    [
      'FROM a | completion r = CONCAT("a", b) with { "inference_id": "x" }',
      'FROM a | COMPLETION r = CONCAT("a", b) WITH {"inference_id": "x"}',
    ],
    ['FROM a | uri_parts p = u', 'FROM a | URI_PARTS p = u'],
    ['set unmapped_fields = "nullify"; FROM a', 'SET unmapped_fields = "nullify"; FROM a'],
    ['FROM a // comment\n/* one /* inside */ of it */ | LIMIT 1', 'FROM a | LIMIT 1'],
  ])('%s', (query, wanted) => {
    expect(printed(query)).toBe(wanted);
  });
});

describe('expressions', () => {
  test.each([
    ['a or b and not c', 'a OR b AND NOT c'],
    ['(a or b) and c', '(a OR b) AND c'],
    ['not a like "x*"', 'NOT a LIKE "x*"'],
    ['a not like ("x", "y") or b not rlike "z"', 'a NOT LIKE ("x", "y") OR b NOT RLIKE "z"'],
    ['a is not null and b is null', 'a IS NOT NULL AND b IS NULL'],
    ['a not in (1, 2)', 'a NOT IN (1, 2)'],
    ['a : "x"', 'a : "x"'],
    ['1 + 2 * -3 - (4 - 5)', '1 + 2 * -3 - (4 - 5)'],
    ['(a + b)::string::int == "1"', '(a + b)::string::int == "1"'],
    ['now() - 1 hour > t + 5min', 'now() - 1 hour > t + 5 min'],
    ['first(a, b) == `FIRST`', 'first(a, b) == `FIRST`'],
    ['f("a", {"k": true})', 'f("a", {"k": true})'],
    ['a == ?x and b == ?2 and ??c > ??f(1)', 'a == ?x AND b == ?2 AND ??c > ??f(1)'],
    ['a == ? and b == ?', 'a == ?1 AND b == ?2'],
    ['a == """C:\\*"""', 'a == "C:\\\\*"'],
    ['@timestamp >= "x" and process.Ext.x == 1.', '@timestamp >= "x" AND process.Ext.x == 1.'],
    ['a in (from b | keep c)', 'a IN (FROM b | KEEP c)'],
  ])('%s', (condition, wanted) => {
    expect(printed(`FROM a | WHERE ${condition}`)).toBe(`FROM a | WHERE ${wanted}`);
  });
});

describe('what is wrong is told, and the commands around it stay', () => {
  test('an unknown command, with a suggestion', () => {
    const { ast, diagnostics } = parse('FROM a | WHER x == 1 | LIMIT 2');
    expect(diagnostics).toMatchObject([{ code: 'esql/unknown-command', hints: ['did you mean `WHERE`?'] }]);
    expect(ast.pipeline.commands.map(({ kind }) => kind)).toEqual(['from', 'error', 'limit']);
  });

  test.each([
    ['FROM a | WHERE x = 1', 'esql/expected'],
    ['FROM a | WHERE "abc', 'esql/unterminated'],
    ['FROM a | WHERE x == "\\q"', 'esql/bad-escape'],
    ['FROM a | WHERE x == #', 'esql/bad-character'],
    ['FROM a | EVAL by = 1', 'esql/expected'],
    ['', 'esql/expected'],
    [`FROM a | WHERE ${'('.repeat(1000)}x${')'.repeat(1000)}`, 'esql/too-deep'],
  ])('%s', (query, code) => {
    expect(codes(query)).toContain(code);
  });

  test('too many levels are one complaint', () => {
    expect(codes(`FROM a | WHERE ${'('.repeat(1000)}x`)).toEqual(['esql/too-deep']);
  });
});

const PIECES = [
  'FROM',
  'a',
  '|',
  'WHERE',
  '==',
  '"x"',
  '(',
  ')',
  'STATS',
  'BY',
  'count',
  '*',
  ',',
  '"',
  '`',
  '[',
  '{',
  '::',
  'NOT',
  'IN',
  'LIKE',
  '1',
  'hour',
  '?',
  'KEEP',
  'FORK',
  'LOOKUP JOIN',
  'ON',
  '/*',
  '.',
  '-',
  'GROK',
  '\\',
  '"""',
];

test('no text makes the parser throw, and what it reads it prints as the same', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 3 })), { maxLength: 40 }),
      (parts) => {
        const { ast, diagnostics } = parse(parts.join(' '));
        if (diagnostics.length > 0) return;
        const again = parse(printEsql(ast));
        expect(again.diagnostics).toEqual([]);
        expect(equal(again.ast, ast)).toBe(true);
      },
    ),
    { numRuns: 3_000 },
  );
});
