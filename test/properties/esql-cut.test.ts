import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json, stringifyJson } from '../../src/base/json.ts';
import { query } from '../../src/index.ts';
import { folder } from '../cli/harness.ts';

/** A query that is cut behind any command, and goes on over the rows that its first part gave, gives what the whole query gives. */

/** As an index has them: sorted, each once. */
const words = fc
  .uniqueArray(fc.constantFrom('a', 'ab', 'b', 'c'), { minLength: 1, maxLength: 3 })
  .map((some) => some.sort());

const start = fc
  .tuple(fc.uniqueArray(fc.integer({ min: -3, max: 4 }), { minLength: 1, maxLength: 4 }), words, words)
  .map(([numbers, first, second]) => {
    const list = (of: readonly (string | number)[]): string => `[${of.map((one) => JSON.stringify(one)).join(', ')}]`;
    return `ROW n = ${list(numbers)}, k = ${list(first)}, m = ${list(second)} | MV_EXPAND n | MV_EXPAND k`;
  });

const command = fc.constantFrom(
  'WHERE n > 0',
  'WHERE k LIKE "a*" OR n IS NULL',
  'WHERE m == "a"',
  'WHERE NOT k IN ("b", "c")',
  'EVAL n = n + 1',
  'EVAL n = CASE(k == "a", n * 2, n)',
  'EVAL n = CASE(n > 1, n)',
  'EVAL k = CONCAT(k, "b")',
  'EVAL x = LENGTH(k), y = n > 1',
  'EVAL m = MV_FIRST(m)',
  'SORT n DESC, k',
  'SORT k, n',
  'LIMIT 3',
  'LIMIT 1 BY k',
  'MV_EXPAND m',
  'KEEP k, n, m',
  'RENAME n AS o | EVAL n = o | DROP o',
  'INLINE STATS c = COUNT(*) BY k | DROP c',
  'STATS n = SUM(n)::integer, m = MAX(m) BY k',
  'GROK k "(?<g>[ab])" | DROP g',
  'DISSECT k "%{g}b" | DROP g',
);

const end = fc.constantFrom(
  'KEEP n, k, m | SORT n, k, m',
  'STATS c = COUNT(*), s = SUM(n) BY k | SORT k',
  'STATS c = COUNT(m)',
);

test('a query goes on where it was cut', { tags: 'large', timeout: 600_000 }, async () => {
  const scratch = folder({});
  await fc.assert(
    fc.asyncProperty(
      start,
      fc.array(command, { minLength: 1, maxLength: 5 }),
      end,
      fc.nat(),
      async (from, commands, last, place) => {
        const cut = 1 + (place % commands.length);
        const whole = await query([from, ...commands, last].join(' | '), { language: 'esql' });
        // INLINE STATS may not stand behind LIMIT, wherever a query is cut.
        fc.pre(whole.ok);
        const first = await query([from, ...commands.slice(0, cut)].join(' | '), { language: 'esql' });
        expect(first.ok).toBe(true);
        const path = join(scratch, 't.csv');
        const header = first.columns.map(({ name, type }) => `${name}:${type}`).join(',');
        writeFileSync(path, [header, ...first.rows.map((row) => row.map(cell).join(','))].join('\n'));
        const tables = new Map([['t', [path]]]);
        const rest = await query(['FROM t', ...commands.slice(cut), last].join(' | '), { language: 'esql', tables });
        expect(rest.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(rest.rows.map((row) => stringifyJson(row))).toEqual(whole.rows.map((row) => stringifyJson(row)));
      },
    ),
  );
});

function cell(value: Json): string {
  if (value === null) return '';
  return Array.isArray(value) ? `"[${value.join(',')}]"` : String(value);
}
