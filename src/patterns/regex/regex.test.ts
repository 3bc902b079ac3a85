import { describe, expect, test } from 'vitest';
import { compileRegex, type RegexOptions } from './index.ts';

const PCRE: RegexOptions = { flavour: 'pcre', ignoreCase: false, flags: '', anchored: false };
const RE2: RegexOptions = { ...PCRE, flavour: 're2' };
const LUCENE: RegexOptions = { ...PCRE, flavour: 'lucene' };

function fits(source: string, text: string, options: RegexOptions = PCRE): boolean | string {
  const result = compileRegex(source, options);
  return result.ok ? result.regex.test(text) : result.reason;
}

describe('each construct', () => {
  test.each<[string, string, boolean]>([
    ['a.c', 'a\rc', true],
    ['a.c', 'a\nc', false],
    ['(?s)a.c', 'a\nc', true],
    ['^.$', '😀', true],
    ['^[^a]$', '😀', true],
    ['^\\d+$', '42', true],
    ['^\\d$', '٣', false],
    ['^\\s$', '\v', true],
    ['^\\s$', '\u00a0', false],
    ['^\\h$', '\u00a0', true],
    ['a$', 'a\n', true],
    ['a\\z', 'a\n', false],
    ['a\\Z', 'a\n', true],
    ['(?m)^b', 'a\nb', true],
    ['(?m)a$', 'a\nb', true],
    ['(?m)\\n^', 'a\n', false],
    ['\\bcat\\b', 'a cat!', true],
    ['\\bcat\\b', 'concat', false],
    ['(?i)straße', 'STRAẞE', true],
    ['(?i)k', '\u212a', true],
    ['(?i)[^a]', 'A', false],
    ['(?i:a)b', 'Ab', true],
    ['(?i:a)b', 'AB', false],
    ['(?i)a(?-i)b', 'AB', false],
    ['(a(?i)b|c)d', 'Cd', true],
    ['\\x41\\x{42}\\u0043\\103', 'ABCC', true],
    ['^\\Qa.b\\E$', 'a.b', true],
    ['^\\Qab\\E+$', 'abb', true],
    ['[]a]', ']', true],
    ['[a\\-z]', '-', true],
    ['[\\w-.]', '-', true],
    ['[[:^alpha:]]', 'a', false],
    ['[^\\D5]', '5', false],
    ['[^\\D5]', '6', true],
    ['\\p{Lu}', 'É', true],
    ['\\p{Greek}', 'α', true],
    ['\\P{L}', 'a', false],
    ['^\\pN$', '7', true],
    ['(?x) a b # c', 'ab', true],
    ['a{2}{2}', 'aaa', false],
    ['a{,2}', 'a{,2}', true],
    ['x(?#note)y', 'xy', true],
    ['(?P<n>a)(?<m>b)', 'ab', true],
    ['[a-z]++\\.exe', 'cmd.exe', true],
    ['"[^"]*+"', '"a"', true],
    ['(?>abc)d', 'abcd', true],
  ])('%s on %j', (source, text, want) => {
    expect(fits(source, text)).toBe(want);
  });

  test.each<[string, string, boolean]>([
    ['a$', 'a\n', false],
    ['\\s', '\v', false],
    ['^\\v$', '\v', true],
    ['(?U)a+', 'a', true],
  ])('RE2: %s on %j', (source, text, want) => {
    expect(fits(source, text, RE2)).toBe(want);
  });

  test.each<[string, string, boolean]>([
    ['a.c', 'a\nc', true],
    ['a', 'ab', false],
    ['^a$', '^a$', true],
    ['a@', 'anything', true],
    ['#', '', false],
    ['"a.b"', 'a.b', true],
    ['[a-c]{2,3}|z', 'abc', true],
    ['a\\.b', 'a.b', true],
    ['file<1-12>', 'file9', true],
    ['file<1-12>', 'file012', true],
    ['file<1-12>', 'file13', false],
    ['file<01-12>', 'file9', false],
    ['<12-5>', '0012', true],
    ['<5-12>', '', false],
    ['<0-10>', '000', true],
    ['<7-7>', '7', true],
    ['<98-1203>', '1199', true],
    ['<98-1203>', '97', false],
    ['a~bc', 'adc', true],
    ['a~bc', 'abc', false],
    ['a~bc', 'ac', true],
    ['~(abc.+)', 'abc', true],
    ['~(abc.+)', 'abcd', false],
    ['~#', '', true],
    ['~~ab', 'ab', true],
    ['@&~(tmp.*)', 'etc', true],
    ['@&~(tmp.*)', 'tmp/x', false],
    ['aaa.+&.+bbb', 'aaabbb', true],
    ['aaa.+&.+bbb', 'aaab', false],
    ['a&b', 'a', false],
    ['a()b', 'ab', true],
    ['(|a)', '|a', true],
    ['~\\~', '~', false],
  ])('Lucene: %s on %j', (source, text, want) => {
    expect(fits(source, text, LUCENE)).toBe(want);
  });

  test.each<[string, RegexOptions, string, number]>([
    ['ab(?=c)', PCRE, 'a look-ahead cannot be run in linear time', 2],
    ['ab(?<!c)', PCRE, 'a negative look-behind cannot be run in linear time', 2],
    ['(a)\\1', PCRE, 'a back-reference cannot be run in linear time', 3],
    ['(?P<n>a)(?P=n)', PCRE, 'a back-reference cannot be run in linear time', 8],
    ['x(?>a|ab)c', PCRE, 'an atomic group cannot be run in linear time here', 1],
    ['a++a', PCRE, 'a possessive quantifier cannot be run in linear time here', 0],
    ['a++', RE2, 'a quantifier cannot follow another', 2],
    ['(a', PCRE, 'this ( is not closed', 0],
    ['a)', PCRE, 'this ) closes nothing', 1],
    ['[a', PCRE, 'this [ is not closed', 0],
    ['[b-a]', PCRE, 'this range is in the wrong order', 1],
    ['*a', PCRE, 'there is nothing before this quantifier to repeat', 0],
    ['a{1001}', PCRE, 'a part may be repeated at most 1000 times', 1],
    ['(x{1000}){1000}', PCRE, 'the pattern is too large with its repeats written out', 0],
    ['(?R)', PCRE, 'recursion into a group is not supported', 0],
    ['\\p{Nope}', PCRE, 'no Unicode category or script is named Nope', 0],
    ['a<1', LUCENE, 'this < is not closed', 1],
    ['<one-two>', LUCENE, 'a range of whole numbers, such as <1-100>, is expected', 0],
    ['<name>', LUCENE, 'a range of whole numbers, such as <1-100>, is expected', 0],
    ['<1-2-3>', LUCENE, 'a range of whole numbers, such as <1-100>, is expected', 0],
    ['a|', LUCENE, 'something is expected here', 2],
    ['a~', LUCENE, 'something is expected here', 2],
    ['~(.*a.{20})', LUCENE, 'the automaton of this complement or intersection is too large', 0],
  ])('%s is refused', (source, options, reason, at) => {
    expect(compileRegex(source, options)).toEqual({ ok: false, reason, at });
  });
});

describe('matches', () => {
  const compiled = (source: string, options: RegexOptions = PCRE) => {
    const result = compileRegex(source, options);
    if (!result.ok) throw new Error(result.reason);
    return result.regex;
  };

  test('groups are those of a backtracker, also where V8 differs', () => {
    expect(compiled('(?:(a)|b)*').groups('ab')).toEqual({ start: 0, end: 2, groups: ['ab', 'a'] });
    expect(compiled('(a*)?b').groups('b')).toEqual({ start: 0, end: 1, groups: ['b', ''] });
    expect(compiled('(a)|(b)').groups('xb')).toEqual({ start: 1, end: 2, groups: ['b', undefined, 'b'] });
    expect(compiled('\\bfoo').groups('xfoo foo', 1)?.start).toBe(5);
    expect(compiled('^a').groups('aa', 1)).toBeUndefined();
    expect(compiled('.').groups('😀a', 1)?.start).toBe(2);
  });

  test('replaceAll', () => {
    expect(compiled('(\\w)(\\w)').replaceAll('abcd', '\\2\\1-\\\\$1')).toBe('ba-\\$1dc-\\$1');
    expect(compiled('a*').replaceAll('aab', 'x')).toBe('xxbx');
    expect(compiled('a*', RE2).replaceAll('aab', 'x')).toBe('xbx');
    expect(compiled('').replaceAll('😀', '-')).toBe('-😀-');
  });

  test('beyond the length that is proven for V8 the answer is the same', () => {
    const regex = compiled('foo.*bar$');
    expect(regex.engine).toBe('both');
    expect(regex.test(`foo${'x'.repeat(100_000)}bar`)).toBe(true);
    expect(regex.test(`foo${'x'.repeat(100_000)}bar\n`)).toBe(true);
    expect(regex.test(`foo${'x'.repeat(100_000)}bar!`)).toBe(false);
  });
});
