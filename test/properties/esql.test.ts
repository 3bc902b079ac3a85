import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json, stringifyJson } from '../../src/base/json.ts';
import { sourceText } from '../../src/base/source-text.ts';
import { runPlan } from '../../src/engines/memory/index.ts';
import { query } from '../../src/index.ts';
import { lowerEsql, parseEsql } from '../../src/languages/esql/index.ts';
import { bindRows } from '../../src/passes/bind.ts';
import { fromEpochMs, parseDateTime } from '../../src/values/date-time.ts';
import { toJson } from '../../src/values/text-of.ts';

/** What the passes make of an ES|QL query gives what its plan gives as it was lowered. */

const whole = fc.constantFrom('1', '2', '3', '-4', 'null');
const word = fc.constantFrom('"a"', '"b"', '"ab"', '""', 'null');

/** A few rows of an integer `n`, a keyword `k` and a keyword `m` of several values. */
const rows = fc
  .tuple(fc.array(whole, { minLength: 1, maxLength: 3 }), word, fc.array(word, { minLength: 1, maxLength: 3 }))
  .map(([numbers, k, words]) => {
    const list = (of: readonly string[]): string => {
      const some = of.filter((one) => one !== 'null');
      return some.length === 0 ? 'null' : `[${some.join(', ')}]`;
    };
    return `ROW n = ${list(numbers)}::integer, k = ${k}::keyword, m = ${list(words)}::keyword | MV_EXPAND n | EVAL k = CASE(n == 2, "z", k)`;
  });

const number = fc.constantFrom(
  'n',
  'n + 1',
  'n * 2',
  'LENGTH(k)',
  'MV_COUNT(m)',
  '2',
  'null::integer',
  'COALESCE(n, 0)',
);
const text = fc.constantFrom('k', 'CONCAT(k, "b")', 'TO_UPPER(k)', 'MV_FIRST(m)', 'm', '"a"', 'CASE(n > 1, k, "ab")');

const condition: fc.Arbitrary<string> = fc.letrec<{ one: string }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(number, fc.constantFrom('==', '!=', '<', '>='), number).map((parts) => parts.join(' ')),
    fc.tuple(text, fc.constantFrom('==', '!=', '>'), text).map((parts) => parts.join(' ')),
    text.map((of) => `${of} LIKE "a*"`),
    text.map((of) => `${of} RLIKE "[ab]+"`),
    text.map((of) => `${of} IN ("a", "z", "")`),
    number.map((of) => `${of} IS NULL`),
    fc.constantFrom('true', 'false', 'null::boolean'),
    tie('one').map((of) => `NOT (${of})`),
    fc.tuple(tie('one'), fc.constantFrom('AND', 'OR'), tie('one')).map(([a, op, b]) => `(${a} ${op} ${b})`),
  ),
})).one;

/** Commands after which the rows have the same columns still. */
const command = fc.oneof(
  { weight: 4, arbitrary: condition.map((of) => `WHERE ${of}`) },
  number.map((of) => `EVAL n = ${of}`),
  text.map((of) => `EVAL k = MV_FIRST(${of})`),
  fc.constantFrom(
    'SORT n DESC, k, m',
    'LIMIT 2',
    'MV_EXPAND m',
    'KEEP k, n, m',
    'DROP n | EVAL n = 1',
    'RENAME n AS o, k AS n, o AS k | EVAL k = k::keyword, n = LENGTH(n)',
    'LIMIT 1 BY k',
    'INLINE STATS c = COUNT(*) BY k | DROP c',
    'GROK k "(?<g>[ab])" | DROP g',
  ),
);

const end = fc.constantFrom(
  'KEEP n, k, m',
  'STATS c = COUNT(*), s = SUM(n), v = MAX(k) WHERE n > 1 BY k',
  'STATS c = COUNT(*), m = MIN(n)',
  'STATS c = COUNT(m) BY m',
);

const texts = fc
  .tuple(rows, fc.array(command, { maxLength: 5 }), end)
  .map(([from, commands, last]) => [from, ...commands, last].join(' | '));

const NOW = '2026-01-01T00:00:00Z';

test('the passes keep what a query gives', { timeout: 600_000 }, async () => {
  let refused = 0;
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(texts, async (written) => {
      const source = sourceText('q', written);
      const { ast, diagnostics } = parseEsql(source);
      expect(diagnostics).toEqual([]);
      const schema = { name: 'ecs', typeOf: () => undefined, fieldNames: () => undefined } as const;
      const lowered = lowerEsql(ast, source, {
        indices: { schema, resolve: () => ({ scope: null, fields: undefined, schema, unknown: [], known: [] }) },
        searches: { kuery: () => ({ reason: 'none' }), queryString: () => ({ reason: 'none' }) },
        limits: true,
      });
      const now = parseDateTime(NOW) ?? fromEpochMs(0);
      const found = await query(written, { language: 'esql', now });
      expect(found.ok).toBe(lowered.ok);
      if (!lowered.ok) {
        refused += 1;
        return;
      }
      ran += 1;
      const { plan, columns } = lowered.value;
      const unoptimised = runPlan(bindRows(plan), () => [], { now });
      const cells = unoptimised.map((row) => columns.map(({ name }) => toJson(row.columns.get(name) ?? null)));
      const lines = (all: readonly (readonly Json[])[]): readonly string[] => all.map((row) => stringifyJson(row));
      expect([...lines(found.rows)].sort()).toEqual([...lines(cells)].sort());
    }),
  );
  expect(refused).toBeLessThan(ran);
});
