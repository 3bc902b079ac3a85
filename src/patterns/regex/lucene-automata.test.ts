import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRegex } from './index.ts';

function matcher(source: string): ((text: string) => boolean) | undefined {
  const result = compileRegex(source, { flavour: 'lucene', ignoreCase: false, flags: '', anchored: true });
  return result.ok ? result.regex.test : undefined;
}

/** Patterns over few characters, so that texts often fit. */
const patterns = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
  pattern: fc
    .array(
      fc.tuple(tie('atom'), fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}')).map((both) => both.join('')),
      { minLength: 1, maxLength: 3 },
    )
    .map((items) => items.join('')),
  atom: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '@', '#', '()', '<1-12>', '"ab"', '\\~', '\\d'),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(${one}|${other})`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(${one}&${other})`),
    tie('pattern').map((inner) => `~(${inner})`),
  ),
})).pattern;

const texts = fc.string({ unit: fc.constantFrom('a', 'b', '1', '2', '0', '~', '😀'), maxLength: 6 });

describe('Lucene’s operators on whole patterns', () => {
  test('~ accepts what the pattern does not, & what both do', { tags: 'large' }, () => {
    let compared = 0;
    fc.assert(
      fc.property(patterns, patterns, texts, (left, right, text) => {
        const [one, other] = [matcher(left), matcher(right)];
        const [not, both] = [matcher(`~(${left})`), matcher(`(${left})&(${right})`)];
        if (one === undefined || other === undefined) return;
        if (not !== undefined) expect(not(text)).toBe(!one(text));
        if (both !== undefined) expect(both(text)).toBe(one(text) && other(text));
        if (not !== undefined && both !== undefined) compared += 1;
      }),
      { numRuns: 100 },
    );
    expect(compared).toBeGreaterThan(0);
  });

  test('a range has the numbers from one bound to the other', () => {
    const bound = fc.integer({ min: 0, max: 1_300 });
    fc.assert(
      fc.property(bound, bound, bound, fc.integer({ min: 0, max: 2 }), (from, to, number, zeros) => {
        const fits = matcher(`<${from}-${to}>`);
        const written = `${'0'.repeat(zeros)}${number}`;
        const [low, high] = [Math.min(from, to), Math.max(from, to)];
        const digits = String(low).length === String(high).length ? String(low).length : written.length;
        expect(fits?.(written)).toBe(number >= low && number <= high && written.length === digits);
      }),
    );
  });

  test.each([
    `~(.*a.{9})`,
    `~(.*a.{20})`,
    `${'~('.repeat(300)}a${')'.repeat(300)}`,
    '~'.repeat(40_000),
    `(.*a.{8})&(.*b.{8})`,
    `~(${'[a-z]{1,30}'.repeat(20)})`,
    `~(${Array.from({ length: 400 }, (_, at) => `word${at}`).join('|')})`,
    `<0-2147483647>{1000}`,
    '~(.*a.{6})'.repeat(4_000),
    `a${'&~(.*a.{6})'.repeat(4_000)}`,
  ])(
    'large patterns are run or refused before the test’s own limit: %.30s',
    { tags: 'large', timeout: 60_000 },
    (source) => {
      expect(['undefined', 'boolean']).toContain(typeof matcher(source)?.('aaaaaaaaaaaaaaaaaaaaaaaa'));
    },
  );
});
