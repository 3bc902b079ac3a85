import { row, type Signature } from '../signature.ts';
import { SINGLE } from './number.ts';

export type EsqlTextFunction =
  | 'esql.concat'
  | 'esql.length'
  | 'esql.byte-length'
  | 'esql.bit-length'
  | 'esql.to-lower'
  | 'esql.to-upper'
  | 'esql.trim'
  | 'esql.ltrim'
  | 'esql.rtrim'
  | 'esql.left'
  | 'esql.right'
  | 'esql.substring'
  | 'esql.locate'
  | 'esql.replace'
  | 'esql.split'
  | 'esql.repeat'
  | 'esql.reverse'
  | 'esql.space'
  | 'esql.starts-with'
  | 'esql.ends-with'
  | 'esql.contains'
  | 'esql.to-base64'
  | 'esql.from-base64'
  | 'esql.url-decode'
  | 'esql.url-encode'
  | 'esql.url-encode-component'
  | 'esql.hash'
  | 'esql.like'
  | 'esql.near';

/** ES|QL's functions of texts, which count code points. */
export const esqlTextFunctions: Record<EsqlTextFunction, Signature> = {
  'esql.concat': row(
    { 'texts*': 'string' },
    'string',
    'The texts joined; null where one is.',
    [[['a', 'b', 'c'], 'abc']],
    SINGLE,
  ),
  'esql.length': row({ text: 'string' }, 'long', 'How many code points a text has.', [[['❗️'], 2n]], SINGLE),
  'esql.byte-length': row({ text: 'string' }, 'long', 'How many bytes of UTF-8 a text has.', [[['é'], 2n]], SINGLE),
  'esql.bit-length': row({ text: 'string' }, 'long', 'How many bits of UTF-8 a text has.', [[['é'], 16n]], SINGLE),
  'esql.to-lower': row({ text: 'string' }, 'string', 'The text in lower case.', [[['Ab'], 'ab']], {
    nulls: 'propagate',
    many: 'each',
  }),
  'esql.to-upper': row({ text: 'string' }, 'string', 'The text in upper case.', [[['Ab'], 'AB']], {
    nulls: 'propagate',
    many: 'each',
  }),
  'esql.trim': row({ text: 'string' }, 'string', 'The text without blanks at its ends.', [[[' a b '], 'a b']], SINGLE),
  'esql.ltrim': row({ text: 'string' }, 'string', 'The text without blanks before it.', [[[' a '], 'a ']], SINGLE),
  'esql.rtrim': row({ text: 'string' }, 'string', 'The text without blanks behind it.', [[[' a '], ' a']], SINGLE),
  'esql.left': row(
    { text: 'string', count: 'whole' },
    'string',
    'So many code points from the start.',
    [[['abc', 2n], 'ab']],
    SINGLE,
  ),
  'esql.right': row(
    { text: 'string', count: 'whole' },
    'string',
    'So many code points up to the end.',
    [
      [['abc', 2n], 'bc'],
      [['abc', 0n], ''],
    ],
    SINGLE,
  ),
  'esql.substring': row(
    { text: 'string', start: 'whole', 'length?': 'whole' },
    'string',
    'Code points from a place on, counted from 1, or from the end where it is negative; 0 is 1. A length below 0 gives null.',
    [
      [['hello', 2n, 3n], 'ell'],
      [['hello', -3n], 'llo'],
      [['hello', 0n, 1n], 'h'],
    ],
    SINGLE,
  ),
  'esql.locate': row(
    { text: 'string', part: 'string', 'start?': 'whole' },
    'long',
    'The place of the first occurrence, from 1; 0 where there is none.',
    [
      [['hello', 'll'], 3n],
      [['hello', 'x'], 0n],
      [['a,b,c', ',', 3n], 4n],
    ],
    SINGLE,
  ),
  'esql.replace': row(
    { text: 'string', regex: 'string', replacement: 'string' },
    'string',
    'The text with all matches of a regular expression replaced; `$1` is a group. Null where the expression cannot run.',
    [
      [['a1b22', '[0-9]+', '#'], 'a#b#'],
      [['k=v', '(\\w)=(\\w)', '$2=$1'], 'v=k'],
      [['a', '(', 'b'], null],
    ],
    SINGLE,
  ),
  'esql.split': row(
    { text: 'string', delimiter: 'string' },
    'any',
    'The parts of a text between delimiters.',
    [
      [
        ['a;b', ';'],
        ['a', 'b'],
      ],
      [['a', ';'], 'a'],
    ],
    SINGLE,
  ),
  'esql.repeat': row(
    { text: 'string', count: 'whole' },
    'string',
    'The text so many times.',
    [[['ab', 2n], 'abab']],
    SINGLE,
  ),
  'esql.reverse': row({ text: 'string' }, 'string', 'The characters in the other order.', [[['abc'], 'cba']], SINGLE),
  'esql.space': row({ count: 'whole' }, 'string', 'So many blanks.', [[[2n], '  ']], SINGLE),
  'esql.starts-with': row(
    { text: 'string', start: 'string' },
    'bool',
    'Whether a text begins so.',
    [[['abc', 'ab'], true]],
    SINGLE,
  ),
  'esql.ends-with': row(
    { text: 'string', end: 'string' },
    'bool',
    'Whether a text ends so.',
    [[['abc', 'bc'], true]],
    SINGLE,
  ),
  'esql.contains': row(
    { text: 'string', part: 'string' },
    'bool',
    'Whether a text has a part.',
    [[['abc', 'b'], true]],
    SINGLE,
  ),
  'esql.to-base64': row({ text: 'string' }, 'string', 'The text in Base64.', [[['elastic'], 'ZWxhc3RpYw==']], SINGLE),
  'esql.from-base64': row(
    { text: 'string' },
    'string',
    'The text of Base64; null where it is none.',
    [
      [['ZWxhc3RpYw=='], 'elastic'],
      [['%'], null],
    ],
    SINGLE,
  ),
  'esql.url-decode': row(
    { text: 'string' },
    'string',
    'The text of a URL-encoded one; null where an escape is broken.',
    [
      [['a%20b+c'], 'a b c'],
      [['%zz'], null],
    ],
    SINGLE,
  ),
  'esql.url-encode': row(
    { text: 'string' },
    'string',
    'The text URL-encoded, blanks as `+`.',
    [[['a b/'], 'a+b%2F']],
    SINGLE,
  ),
  'esql.url-encode-component': row(
    { text: 'string' },
    'string',
    'The text URL-encoded, blanks as `%20`.',
    [[['a b/'], 'a%20b%2F']],
    SINGLE,
  ),
  'esql.near': row(
    { values: 'any', text: 'string', edits: 'whole' },
    'bool',
    'Whether one of the values becomes the text by so many changes of a character: one more, one less, another, two neighbours swapped.',
    [
      [['svch0st.exe', 'svchost.exe', 1n], true],
      [[['a', 'svhcost.exe'], 'svchost.exe', 1n], true],
      [['scvhots.exe', 'svchost.exe', 1n], false],
      [[null, 'svchost.exe', 1n], false],
    ],
  ),
  'esql.like': row(
    { text: 'string', pattern: 'string', kind: ['like', 'rlike'] },
    'bool',
    'Whether the whole text fits a wildcard, or a regular expression of Lucene; null where that is none.',
    [
      [['abc', 'a*', 'like'], true],
      [['abc', 'a.', 'rlike'], false],
    ],
    SINGLE,
  ),
  'esql.hash': row(
    { name: 'string', text: 'string' },
    'string',
    'The digest of a text, in hexadecimal; null for an unknown one.',
    [
      [['md5', 'hello'], '5d41402abc4b2a76b9719d911017c592'],
      [['nothing', 'hello'], null],
    ],
    SINGLE,
  ),
};
