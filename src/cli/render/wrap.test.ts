import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coloured, plain } from './style.ts';
import { wrapped } from './wrap.ts';

test('is broken at blanks, and set in', () => {
  const runs = [{ text: 'one two three' }, { text: ' four five', ink: 'gray' as const }];
  expect(wrapped('  - ', runs, 16, plain)).toEqual(['  - one two', '    three four', '    five']);
  expect(wrapped('  - ', runs, Number.POSITIVE_INFINITY, plain)).toEqual(['  - one two three four five']);
});

test('colours end at each line', () => {
  expect(wrapped('', [{ text: 'aa bb', ink: 'gray' }], 3, coloured)).toEqual([
    '\u001b[90maa \u001b[39m',
    '\u001b[90mbb\u001b[39m',
  ]);
});

test('a word that is too wide stands alone and whole', () => {
  expect(wrapped('> ', [{ text: 'a C:\\very\\long\\path b' }], 10, plain)).toEqual([
    '> a',
    '  C:\\very\\long\\path',
    '  b',
  ]);
});

test('loses nothing, and no line is wider than it may be', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.integer({ min: 12, max: 40 }), (words, columns) => {
      const lines = wrapped('    ', [{ text: words.join(' ') }], columns, plain);
      expect(lines.map((line) => line.trim()).join(' ')).toBe(words.join(' '));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    }),
  );
});
