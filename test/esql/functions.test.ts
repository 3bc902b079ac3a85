import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../src/base/json.ts';
import { query } from '../../src/index.ts';

interface FunctionCase {
  readonly query: string;
  /** `name:type`, between blanks. */
  readonly columns: string;
  readonly row: readonly Json[];
}

const cases: readonly FunctionCase[] = parse(readFileSync(join(import.meta.dirname, 'functions.yaml'), 'utf8'));

/** Whole numbers come exact; those that no double holds stand as text in the cases. */
function plain(cell: Json): Json {
  if (Array.isArray(cell)) return cell.map(plain);
  if (typeof cell !== 'bigint') return cell;
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
}

test.each(cases)('$query', async ({ query: text, columns, row }) => {
  const result = await query(text, { language: 'esql' });
  expect(result.ok).toBe(true);
  expect(result.columns.map(({ name, type }) => `${name}:${type}`).join(' ')).toBe(columns);
  expect(result.rows.map((cells) => cells.map(plain))).toEqual([row]);
});

test.each([
  ['ROW a = 1 day', 'must be a value'],
  ['ROW a = 1 | STATS PERCENTILE(a, a)', 'must be a constant'],
  ['ROW a = "x" | WHERE a : "x"', 'searches an index'],
  ['ROW a = 1 | WHERE COUNT(a) > 1', 'is not allowed in WHERE'],
  ['ROW a = 1 | LIMIT 1 | INLINE STATS c = COUNT(*)', 'only before LIMIT'],
  ['ROW abcd = 1 | KEEP abce', 'unknown column `abce`'],
  ['ROW a = "x" | WHERE a RLIKE "("', 'does not run'],
  ['ROW a = 1 | EVAL b = a + "1"', 'must be a number'],
  [`ROW a = ${'('.repeat(1000)}1${')'.repeat(1000)}`, 'nested more than'],
])('%s is refused', async (text, message) => {
  const { ok, diagnostics } = await query(text, { language: 'esql' });
  expect(ok).toBe(false);
  expect(diagnostics.map((one) => one.message).join()).toContain(message);
});

test('a query of 10,000 characters runs', async () => {
  const text = `ROW a = "${'x'.repeat(10_000)}" | EVAL n = LENGTH(a) | KEEP n`;
  const { rows } = await query(text, { language: 'esql' });
  expect(rows).toEqual([[10_000n]]);
});
