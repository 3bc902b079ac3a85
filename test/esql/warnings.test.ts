import { expect, test } from 'vitest';
import { query } from '../../src/index.ts';

const FIRST = 'failed, treating result as null. Only first 20 failures recorded.';

test.each([
  ['ROW a = TO_INTEGER(1e12)', [`evaluation of [TO_INTEGER(1e12)] ${FIRST}`, '[1.0E12] out of [integer] range']],
  ['ROW a = TO_LONG([9223372036854775808, 5])', ['[9223372036854775808] out of [long] range']],
  ['ROW a = TO_DATETIME(9223372036854775808)', ['[9223372036854775808] out of [long] range']],
  ['ROW a = ASIN(3)', ['Asin input out of range']],
  ['ROW a = SQRT(-4)', ['Square root of negative']],
  ['ROW a = 1.5 / 0', ['/ by zero']],
  ['ROW a = LOG(1, 7)', ['Log of base 1']],
  [
    'ROW t = TO_DATETIME(0) | EVAL t = t + 1999999999 years',
    ['Invalid value for Year (valid values -999999999 - 999999999): 2000001969'],
  ],
  ['ROW v = [1, 2], w = 2 | STATS a = WEIGHTED_AVG(v, w)', [`evaluation of [WEIGHTED_AVG(v, w)] ${FIRST}`]],
  ['ROW a = ["x", "y"] | EVAL b = a RLIKE "x"', ['single-value function encountered multi-value']],
  // A later name goes before an earlier one, and a group before both; the first is told where the one stands that counts.
  ['ROW n = 1 | STATS x = MAX(n), x = MIN(n), x = SUM(n)', ['line 1:43', 'line 1:43']],
  ['ROW n = 1 | STATS x = MAX(n) BY x = n, x = n + 1', ['line 1:40', 'line 1:40']],
])('%s warns', async (text, said) => {
  const { ok, diagnostics } = await query(text, { language: 'esql' });
  expect(ok).toBe(true);
  const messages = diagnostics.map(({ message }) => message);
  for (const part of said) expect(messages.some((message) => message.includes(part))).toBe(true);
  expect(messages.filter((message) => message.includes('shadowed'))).toHaveLength(
    said.filter((part) => part.startsWith('line')).length,
  );
});

test.each([
  'ROW a = 1 / 2.0',
  'ROW a = LOG(2, 8), b = ASIN(1), c = TO_DEGREES([1, 2])',
  'ROW t = TO_DATETIME(0) | EVAL t = t + null',
  'ROW v = [1, 2] | STATS a = WEIGHTED_AVG(v, 1), s = SUM(v) BY k = v',
  'ROW a = "x" | EVAL b = a RLIKE "~(y)"',
])('%s does not', async (text) => {
  const { ok, diagnostics } = await query(text, { language: 'esql' });
  expect(ok).toBe(true);
  expect(diagnostics).toEqual([]);
});
