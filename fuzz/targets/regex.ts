import { unrolledSize } from '../../src/patterns/regex/ast.ts';
import { searchCost } from '../../src/patterns/regex/backtracking-cost.ts';
import { compileRegex, v8Length } from '../../src/patterns/regex/compile.ts';
import { linearMatcher, pikeMatcher, v8Matcher } from '../../src/patterns/regex/engines.ts';
import { loadPattern } from '../../src/patterns/regex/load.ts';
import type { RegexOptions } from '../../src/patterns/regex/regex.ts';
import { verdictOnly } from '../../src/patterns/regex/verdict.ts';
import { hold } from '../engine/target.ts';
import { textTargetOf } from './target-of.ts';

const FLAVOURS: readonly RegexOptions[] = [
  { flavour: 'pcre', ignoreCase: false, flags: '', anchored: false },
  { flavour: 'pcre', ignoreCase: true, flags: 'ms', anchored: true },
  { flavour: 're2', ignoreCase: true, flags: 's', anchored: false },
  { flavour: 'lucene', ignoreCase: false, flags: '', anchored: true },
];

/** Patterns that are small enough to try on all engines. */
const MOST_SIZE = 400;

const TEXTS: readonly string[] = [
  '',
  'a',
  'ab',
  'aab\n',
  'AB\u212a',
  'x😀y',
  ' \t-_.',
  'a'.repeat(30),
  'abcabc',
  '1,2;3',
  '\ud83d',
  'kſKs',
];

export default textTargetOf({
  name: 'regex',
  about:
    'regular expressions of every flavour: a pattern is refused or runs in bounded time, with one verdict on V8, re2js and the Pike machine',
  seeds: [
    '^a?cmd\\.exe$',
    '(?i)(?:power|mimi)[a-z]+|k{2,3}?',
    '(a|b)*c++d?+|(?>x|y)',
    '[[:alpha:]_\\d\\-]+\\b\\B\\w\\W\\s\\S',
    '\\x41\\x{1F600}\\u0041\\pL\\p{Greek}\\Qa.b\\E',
    '(?P<n>a)(?<m>b)(?#c)(?s:.)(?m:^)$',
    '~a&b@<1-10>"x"#',
    '(a*)*b|(a|a)*c|(.*)(.*)d',
    '(?=a)b|(?<!c)d|\\1|(?R)',
  ],
  words: [
    ...[
      '(',
      ')',
      '(?:',
      '(?i)',
      '(?P<a>',
      '(?>',
      '(?=',
      '(?!',
      '(?<=',
      '[',
      ']',
      '[^',
      '[[:alpha:]]',
      '|',
      '*',
      '+',
      '?',
      '*?',
      '++',
      '{2}',
      '{1,3}',
      '{,2}',
      '{1000}',
    ],
    ...[
      '^',
      '$',
      '\\b',
      '\\A',
      '\\z',
      '\\Z',
      '\\d',
      '\\w',
      '\\s',
      '\\h',
      '\\R',
      '\\K',
      '\\1',
      '\\x{41}',
      '\\u0041',
      '\\cA',
      '\\pL',
      '\\P{Lu}',
      '\\Q',
      '\\E',
      '.',
      '-',
      '&',
      '~',
      '<1-5>',
      '@',
      '#',
      'ſ',
      'K',
      'ß',
    ],
  ],
  mostBytes: 512,
  functions: { compileRegex, loadPattern },
  // One of the engines has a short memory for counts.
  planted: (own) => ({
    ...own,
    compileRegex: (source, options) => own.compileRegex(source.replace('{2}', ''), options),
  }),
  check(text, { compileRegex, loadPattern }) {
    for (const options of FLAVOURS) {
      const compiled = compileRegex(text, options);
      const loaded = loadPattern(text, options);
      if (!loaded.ok) {
        hold(
          loaded.reason !== '' && loaded.at >= 0 && loaded.at <= text.length,
          `refused at ${loaded.at}: ${loaded.reason}`,
        );
        continue;
      }
      hold(compiled.ok, 'a pattern is read and not compiled');
      const { node, groupCount } = loaded;
      if (unrolledSize(node) > MOST_SIZE) continue;
      const verdict = verdictOnly(node);
      const most = v8Length(searchCost(verdict));
      const linear = linearMatcher(verdict, 0);
      const pike = pikeMatcher(node, groupCount);
      const v8 = most > 0 ? v8Matcher(verdict) : undefined;
      for (const tried of TEXTS) {
        const found = linear.test(tried);
        hold(
          pike.test(tried) === found,
          () => `Pike's machine and re2js differ on ${JSON.stringify(tried)}, ${JSON.stringify(options)}`,
        );
        hold(
          compiled.regex.test(tried) === found,
          () => `what is compiled and re2js differ on ${JSON.stringify(tried)}, ${JSON.stringify(options)}`,
        );
        if (v8 === undefined || tried.length > most) continue;
        hold(
          v8.test(tried) === found,
          () => `V8 and re2js differ on ${JSON.stringify(tried)}, ${JSON.stringify(options)}`,
        );
      }
    }
  },
});
