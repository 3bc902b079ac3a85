import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { searchCost, stepsAt } from './backtracking-cost.ts';
import { compileRegex, v8Length } from './compile.ts';
import { linearMatcher, pikeMatcher, v8Matcher, v8SpansDiffer } from './engines.ts';
import { compileRegex as publicCompile } from './index.ts';
import { loadPattern } from './load.ts';
import type { RegexOptions } from './regex.ts';
import { verdictOnly } from './verdict.ts';

const atoms = fc.constantFrom(
  ...[
    'a',
    'b',
    'A',
    'k',
    'é',
    '😀',
    '.',
    '\\d',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '[ab]',
    '[^a]',
    '[a-c\\d]',
    '[^\\w-]',
    '[[:alpha:]_]',
  ],
  ...[
    '^',
    '$',
    '\\b',
    '\\B',
    '\\A',
    '\\z',
    '\\n',
    '\\x61',
    '(?m:^)',
    '(?m:$)',
    '(?i:a)',
    '(?s:.)',
    '(?i)',
    '\\Qa.\\E',
    '-',
  ],
);
const quantifiers = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,2}?', '{2,}');

const patterns: fc.Arbitrary<string> = fc.letrec<{ alternatives: string; sequence: string; part: string }>((tie) => ({
  alternatives: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((all) => all.join('|')),
  sequence: fc.array(tie('part'), { maxLength: 4 }).map((all) => all.join('')),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(atoms, quantifiers).map(([atom, quantifier]) => (atom === '(?i)' ? atom : atom + quantifier)),
    fc.tuple(tie('alternatives'), quantifiers).map(([inner, quantifier]) => `(${inner})${quantifier}`),
    fc.tuple(tie('alternatives'), quantifiers).map(([inner, quantifier]) => `(?:${inner})${quantifier}`),
  ),
})).alternatives;

/** Shared machines are slow: these run thousands of compilations. */
vi.setConfig({ testTimeout: 300_000 });

const texts = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'A',
      'B',
      'c',
      'k',
      '\u212a',
      'é',
      'É',
      '😀',
      '\n',
      ' ',
      '1',
      '_',
      '-',
      '.',
      '\ud83d',
      '\ude00',
    ),
    {
      maxLength: 12,
    },
  )
  .map((all) => all.join(''));

const options: fc.Arbitrary<RegexOptions> = fc.record({
  flavour: fc.constantFrom('pcre' as const, 're2' as const),
  ignoreCase: fc.boolean(),
  flags: fc.constantFrom('', 'm', 's', 'ms'),
  anchored: fc.boolean(),
});

describe('the engines agree', () => {
  test('V8, re2js and the Pike machine give one verdict and, where V8 is trusted with them, the same spans', {
    tags: 'large',
  }, () => {
    let tried = 0;
    let compared = 0;
    fc.assert(
      fc.property(patterns, options, texts, fc.nat(4), (source, how, text, offset) => {
        tried += 1;
        const loaded = loadPattern(source, how);
        if (!loaded.ok) return;
        compared += 1;
        const { node, groupCount } = loaded;
        const from = /[\ud800-\udbff]$/.test(text.slice(0, offset)) ? 0 : Math.min(offset, text.length);
        const pike = pikeMatcher(node, groupCount);
        const linear = linearMatcher(node, groupCount);
        const trusted = v8Length(searchCost(node)) > 0;
        const verdict = verdictOnly(node);
        const want = pike.find(text, from);
        expect(linear.find(text, from)).toEqual(want);
        expect(linear.test(text)).toBe(pike.test(text));
        if (v8Length(searchCost(verdict)) > 0) expect(v8Matcher(verdict)?.test(text)).toBe(pike.test(text));
        if (trusted) expect(v8Matcher(node)?.test(text)).toBe(pike.test(text));
        expect(linearMatcher(verdict, 0).test(text)).toBe(pike.test(text));
        if (trusted && !v8SpansDiffer(node)) expect(v8Matcher(node)?.find(text, from)).toEqual(want);
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(tried / 2);
  });

  test('what is compiled agrees with the Pike machine', { tags: 'large' }, () => {
    fc.assert(
      fc.property(patterns, options, texts, (source, how, text) => {
        const compiled = compileRegex(source, how);
        const loaded = loadPattern(source, how);
        expect(compiled.ok).toBe(loaded.ok);
        if (!compiled.ok || !loaded.ok) return;
        const pike = pikeMatcher(loaded.node, loaded.groupCount);
        expect(compiled.regex.groups(text)).toEqual(pike.find(text, 0));
        expect(compiled.regex.test(text)).toBe(pike.test(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe('no text is too bad', () => {
  const scraps = fc.array(
    fc.oneof(
      fc.constantFrom(
        '(',
        ')',
        '[',
        ']',
        '[^',
        '{',
        '}',
        '{2',
        ',3}',
        '*',
        '+',
        '?',
        '|',
        '\\',
        '\\Q',
        '\\E',
        '(?',
        '(?i',
        ':',
        '(?P<n>',
        '-',
      ),
      fc.constantFrom(
        '^',
        '$',
        '.',
        '\\p{',
        '\\x{',
        '\\u',
        '\\1',
        '\\k<',
        '(?>',
        '(?<=',
        '(?#',
        '[:alpha:]',
        '&&',
        '~',
        '<1-3>',
        '"',
        '@',
        '#',
      ),
      fc.string({ maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 14 },
  );

  test('compileRegex never throws, nor does what it gives', () => {
    fc.assert(
      fc.property(
        scraps.map((all) => all.join('')),
        fc.constantFrom('pcre' as const, 're2' as const, 'lucene' as const),
        fc.string({ maxLength: 10 }),
        (source, flavour, text) => {
          const result = publicCompile(source, { flavour, ignoreCase: true, flags: 's', anchored: false });
          if (!result.ok) {
            expect(result.reason).not.toBe('');
            expect(result.at).toBeGreaterThanOrEqual(0);
            expect(result.at).toBeLessThanOrEqual(source.length);
            return;
          }
          result.regex.test(text);
          result.regex.replaceAll(text, '\\1');
        },
      ),
      { numRuns: 10_000 },
    );
  });

  test.each([
    '('.repeat(20_000),
    '(?:a'.repeat(20_000) + ')'.repeat(20_000),
    '['.repeat(20_000),
    'a|'.repeat(20_000),
    `[${'\\d'.repeat(20_000)}]`,
    `a${'{2}'.repeat(10_000)}`,
    '(x{1000}){1000}',
    '((((a{100}){100}){100}){100}){100}',
    '\\p{L}{1000}',
    'x'.repeat(200_000),
    '(?:a?){1000}a{1000}',
    '(a{0,30}){30}',
  ])('large patterns: %.20s', (source) => {
    const result = publicCompile(source, { flavour: 'pcre', ignoreCase: true, flags: '', anchored: false });
    if (result.ok) result.regex.test('aaaaaaaaaaaaaaaa');
    else expect(result.reason).not.toBe('');
  });
});

/** The reference for the bound: a plain backtracker over the same tree that counts leaves. */
describe('the bound on V8', () => {
  test('no pattern that V8 may run takes a backtracker more steps than the bound says', async () => {
    const { countSteps } = await import('./backtracker.fixture.ts');
    let tried = 0;
    let bounded = 0;
    fc.assert(
      fc.property(patterns, options, texts, fc.integer({ min: 1, max: 6 }), (source, how, text, times) => {
        tried += 1;
        const loaded = loadPattern(source, how);
        if (!loaded.ok) return;
        const bound = searchCost(loaded.node);
        if (v8Length(bound) === 0) return;
        const long = text.repeat(times);
        const points = [...long];
        // Beyond, the bound is too loose for the comparison to end soon.
        if (stepsAt(bound, points.length) > 100_000) return;
        bounded += 1;
        expect(countSteps(loaded.node, points)).toBeLessThanOrEqual(stepsAt(bound, points.length));
      }),
      { numRuns: 1_000 },
    );
    expect(bounded).toBeGreaterThan(tried / 15);
  });

  const pcre: RegexOptions = { flavour: 'pcre', ignoreCase: false, flags: '', anchored: false };
  test.each([
    ['(a+)+$', 'v8'],
    ['^(a+)+$', 're2js'],
    ['(a|a)*$', 'v8'],
    ['^(a|a)*$', 're2js'],
    ['(a|aa)+$', 'v8'],
    ['^(a|aa)+$', 're2js'],
    ['(.*a){20}$', 're2js'],
    ['(?:a?){25}a{25}', 're2js'],
    ['(\\w+\\s?)*$', 'v8'],
    ['^(\\w+\\s?)*$', 're2js'],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 're2js'],
    ['a.*b.*c.*d.*e.*f', 're2js'],
    ['foo.*bar', 'both'],
    ['.*foo.*bar.*', 'both'],
    ['^.*foo', 'v8'],
    ['foo', 'v8'],
    ['.*foo.*', 'v8'],
    ['^(?:[a-z]+\\.)+exe$', 'both'],
    ['^[^"]*"[^"]*"$', 'v8'],
    ['(?:powershell|pwsh|cmd)\\.exe$', 'v8'],
    ['^(?:foo|bar|baz)+$', 'v8'],
    ['\\\\[a-z0-9]{8,16}\\.exe$', 'v8'],
  ])('%s runs on %s', (source, engine) => {
    const result = publicCompile(source, pcre);
    expect(result.ok && result.regex.engine).toBe(engine);
  });
});
