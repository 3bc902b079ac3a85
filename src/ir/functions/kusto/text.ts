import { row, type Signature } from '../signature.ts';

export type KustoTextFunction =
  | 'kusto.strlen'
  | 'kusto.string-size'
  | 'kusto.strcat'
  | 'kusto.strcat-delim'
  | 'kusto.strcat-array'
  | 'kusto.strrep'
  | 'kusto.split'
  | 'kusto.substring'
  | 'kusto.indexof'
  | 'kusto.trim'
  | 'kusto.trim-start'
  | 'kusto.trim-end'
  | 'kusto.replace-string'
  | 'kusto.replace-regex'
  | 'kusto.extract'
  | 'kusto.extract-all'
  | 'kusto.countof'
  | 'kusto.reverse'
  | 'kusto.base64-decode'
  | 'kusto.base64-encode'
  | 'kusto.url-decode'
  | 'kusto.url-encode'
  | 'kusto.url-encode-component'
  | 'kusto.strcmp'
  | 'kusto.tohex'
  | 'kusto.hash-md5'
  | 'kusto.hash-sha1'
  | 'kusto.hash-sha256'
  | 'kusto.regex-quote'
  | 'kusto.translate'
  | 'kusto.code-points'
  | 'kusto.from-code-points'
  | 'kusto.parse-url'
  | 'kusto.parse-url-query'
  | 'kusto.parse-path'
  | 'kusto.parse-csv'
  | 'kusto.parse-version'
  | 'kusto.indexof-regex'
  | 'kusto.replace-strings'
  | 'kusto.is-ascii'
  | 'kusto.format-bytes'
  | 'kusto.has-any-index';

/** Kusto's functions of text. A null text is an empty one. */
export const kustoTextFunctions: Record<KustoTextFunction, Signature> = {
  'kusto.strlen': row({ text: 'string' }, 'long', 'The length in characters (Unicode scalar values).', [
    [['hello'], 5n],
    [['⒦⒰⒮⒯⒪'], 5n],
    [['😀'], 1n],
    [[null], 0n],
  ]),
  'kusto.string-size': row({ text: 'string' }, 'long', 'The length in bytes of UTF-8.', [
    [['hello'], 5n],
    [['⒦⒰⒮⒯⒪'], 15n],
  ]),
  'kusto.strcat': row({ 'text*': 'any' }, 'string', 'The texts joined.', [
    [['hello', ' ', 'world'], 'hello world'],
    [['a', null, 1n], 'a1'],
  ]),
  'kusto.strcat-delim': row(
    { delimiter: 'any', 'text*': 'any' },
    'string',
    'The texts with the delimiter between them.',
    [[['-', 1n, '2', 'A'], '1-2-A']],
  ),
  'kusto.strcat-array': row({ array: 'dynamic', delimiter: 'any' }, 'string', 'The elements of an array joined.', [
    [[[1, 2, 3], '->'], '1->2->3'],
    [[null, ','], ''],
  ]),
  'kusto.strrep': row({ text: 'any', times: 'whole', 'delimiter?': 'any' }, 'string', 'The text repeated.', [
    [['ABC', 2n], 'ABCABC'],
    [['ABC', 3n, '.'], 'ABC.ABC.ABC'],
    [['ABC', -1n], ''],
  ]),
  'kusto.split': row(
    { text: 'any', delimiter: 'string', 'place?': 'whole' },
    'dynamic',
    'The parts between the delimiters; with a place that part alone, in an array, or null.',
    [
      [
        ['aa_bb', '_'],
        ['aa', 'bb'],
      ],
      [['aaa_bbb_ccc', '_', 1n], ['bbb']],
      [['', '_'], ['']],
      [
        ['a__b', '_'],
        ['a', '', 'b'],
      ],
      [['aa', '_', 3n], null],
    ],
  ),
  'kusto.substring': row(
    { text: 'any', start: 'whole', 'length?': 'whole' },
    'string',
    'A part of the text. It starts at 0; a negative start counts from the end.',
    [
      [['123456', 1n], '23456'],
      [['123456', 2n, 2n], '34'],
      [['123456', -2n, 1n], '5'],
    ],
  ),
  'kusto.indexof': row(
    { text: 'any', part: 'any', 'start?': 'whole', 'length?': 'whole', 'occurrence?': 'whole' },
    'long',
    'Where the part stands in the text, from 0, else -1: from a start, within a length, the nth time.',
    [
      [['abcdefg', 'cde'], 2n],
      [['abcdefg', 'cde', 1n, 4n], 2n],
      [['abcdefg', 'cde', 1n, 2n], -1n],
      [['abcdefg', 'x'], -1n],
      [['abcabc', 'abc', 0n, -1n, 2n], 3n],
      [['abc', 'a', 0n, -1n, 0n], null],
    ],
  ),
  'kusto.trim': row(
    { pattern: 'string', text: 'string' },
    'string',
    'The text without what fits the pattern, once, at its start and at its end.',
    [
      [['x', 'xxabcxx'], 'xabcx'],
      [['--', '--https://bing.com--'], 'https://bing.com'],
      [['[^\\w]+', '-  Te st1// $'], 'Te st1'],
    ],
  ),
  'kusto.trim-start': row(
    { pattern: 'string', text: 'string' },
    'string',
    'The text without what fits the pattern, once, at its start.',
    [[['https', 'https://bing.com'], '://bing.com']],
  ),
  'kusto.trim-end': row(
    { pattern: 'string', text: 'string' },
    'string',
    'The text without what fits the pattern, once, at its end.',
    [[['.com', 'bing.com'], 'bing']],
  ),
  'kusto.replace-string': row(
    { text: 'string', lookup: 'string', rewrite: 'string' },
    'string',
    'The text with each occurrence of `lookup` replaced.',
    [
      [['A magic trick', 'magic', 'card'], 'A card trick'],
      [['a.b.c', '.', '$1'], 'a$1b$1c'],
      [['abc', '', 'x'], 'abc'],
    ],
  ),
  'kusto.replace-regex': row(
    { text: 'string', pattern: 'string', rewrite: 'string' },
    'string',
    'The text with each match of the pattern replaced; `\\1` is what a group captured.',
    [
      [['Number is 1', 'is (\\d+)', 'was: \\1'], 'Number was: 1'],
      [['abc', 'x', 'y'], 'abc'],
    ],
  ),
  'kusto.extract': row(
    { pattern: 'string', group: 'whole', text: 'string' },
    'string',
    'What a group of the pattern captures in the text, else the empty text; group 0 is the whole match.',
    [
      [['x=([0-9.]+)', 1n, 'hello x=45.6|wo'], '45.6'],
      [['x=([0-9.]+)', 0n, 'hello x=45.6|wo'], 'x=45.6'],
      [['y=(\\d)', 1n, 'x=1'], ''],
    ],
  ),
  'kusto.extract-all': row(
    { pattern: 'string', groups: 'dynamic', text: 'string' },
    'dynamic',
    'What the groups capture at each match; of several groups an array a match. Null without a match.',
    [
      [
        ['(\\d+)', [], 'a1 b22'],
        ['1', '22'],
      ],
      [
        ['(\\w)(\\w)', [1, 2], 'abcd'],
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
      ],
      [['x', [], 'abc'], null],
    ],
  ),
  'kusto.countof': row(
    { text: 'string', search: 'string', 'kind?': 'string' },
    'long',
    'How often the search text stands in the text; `normal` occurrences may overlap, those of a `regex` do not.',
    [
      [['aaa', 'a'], 3n],
      [['aaaa', 'aa'], 3n],
      [['abcabc', 'a.c', 'regex'], 2n],
      [['aaaa', 'aa', 'regex'], 2n],
    ],
  ),
  'kusto.reverse': row({ text: 'any' }, 'string', 'The text backwards.', [
    [['abc'], 'cba'],
    [[12345n], '54321'],
  ]),
  'kusto.base64-decode': row(
    { text: 'string' },
    'string',
    'The text that Base64 holds; the empty text where it is not Base64.',
    [
      [['S3VzdG8='], 'Kusto'],
      [['S3Vz!'], ''],
    ],
  ),
  'kusto.base64-encode': row({ text: 'string' }, 'string', 'The text in Base64.', [[['Kusto'], 'S3VzdG8=']]),
  'kusto.url-decode': row({ text: 'string' }, 'string', 'The text with its percent escapes decoded.', [
    [['https%3a%2f%2fwww.bing.com%2f'], 'https://www.bing.com/'],
    [['a+b'], 'a b'],
    [['100%'], '100%'],
  ]),
  'kusto.url-encode': row({ text: 'string' }, 'string', 'The text with percent escapes; a space becomes `+`.', [
    [['https://www.bing.com/hello world/'], 'https%3a%2f%2fwww.bing.com%2fhello+world%2f'],
  ]),
  'kusto.url-encode-component': row(
    { text: 'string' },
    'string',
    'The text with percent escapes; a space becomes `%20`.',
    [[['https://www.bing.com/hello world/'], 'https%3a%2f%2fwww.bing.com%2fhello%20world%2f']],
  ),
  'kusto.strcmp': row({ left: 'any', right: 'any' }, 'long', '-1, 0 or 1: the order of two texts by code unit.', [
    [['ABC', 'ABC'], 0n],
    [['abcde', 'ABC'], 1n],
    [['ABC', 'abc'], -1n],
  ]),
  'kusto.tohex': row(
    { number: 'number', 'digits?': 'whole' },
    'string',
    'The number in hexadecimal, with at least so many digits; a negative one in 64 bits.',
    [
      [[256n], '100'],
      [[256n, 8n], '00000100'],
      [[-256n], 'ffffffffffffff00'],
    ],
    { nulls: 'propagate' },
  ),
  'kusto.hash-md5': row({ text: 'string' }, 'string', 'MD5 of the text in UTF-8, in hexadecimal.', [
    [['World'], 'f5a7924e621e84c9280a9a27e1bcb7f6'],
  ]),
  'kusto.hash-sha1': row({ text: 'string' }, 'string', 'SHA-1 of the text in UTF-8, in hexadecimal.', [
    [['World'], '70c07ec18ef89c5309bbb0937f3a6342411e1fdd'],
  ]),
  'kusto.hash-sha256': row({ text: 'string' }, 'string', 'SHA-256 of the text in UTF-8, in hexadecimal.', [
    [['World'], '78ae647dc5544d227130a0682a51e30bc7777fbb6d8a8f17007463a3ecd1d524'],
  ]),
  'kusto.regex-quote': row(
    { text: 'any' },
    'string',
    'The text with the characters escaped that have a meaning in a pattern.',
    [[['(so$me.Te^xt)'], '\\(so\\$me\\.Te\\^xt\\)']],
  ),
  'kusto.translate': row(
    { search: 'string', replacement: 'string', text: 'string' },
    'string',
    'The text with each character of `search` replaced by its partner; where partners run out, by the last of them.',
    [
      [['krasp', 'otsku', 'spark'], 'kusto'],
      [['abc', 'ab', 'abc'], 'abb'],
      [['abc', '', 'abcd'], 'd'],
    ],
  ),
  'kusto.code-points': row({ text: 'any' }, 'dynamic', 'The code points of the text.', [
    [['Hi'], [72, 105]],
    [['😀'], [128512]],
  ]),
  'kusto.from-code-points': row({ 'point*': 'any' }, 'string', 'The text of code points, one by one or in arrays.', [
    [[75n, 117n], 'Ku'],
    [[[75, 117], 115n], 'Kus'],
    [[-1n], ''],
  ]),
  'kusto.parse-url': row({ text: 'string' }, 'dynamic', 'The parts of an absolute URL; empty texts where it is none.', [
    [
      ['scheme://user:pw@host:1234/this/is/a/path?k1=v1&k2=v2#fragment'],
      {
        Scheme: 'scheme',
        Host: 'host',
        Port: '1234',
        Path: '/this/is/a/path',
        Username: 'user',
        Password: 'pw',
        'Query Parameters': { k1: 'v1', k2: 'v2' },
        Fragment: 'fragment',
      },
    ],
  ]),
  'kusto.parse-url-query': row({ text: 'string' }, 'dynamic', 'The parameters of a query string.', [
    [['k1=v1&k2=v%202'], { 'Query Parameters': { k1: 'v1', k2: 'v 2' } }],
  ]),
  'kusto.parse-path': row({ text: 'string' }, 'dynamic', 'The parts of a file path.', [
    [
      ['C:\\temp\\file.txt'],
      {
        Scheme: '',
        RootPath: 'C:',
        DirectoryPath: 'C:\\temp',
        DirectoryName: 'temp',
        Filename: 'file.txt',
        Extension: 'txt',
        AlternateDataStreamName: '',
      },
    ],
  ]),
  'kusto.parse-csv': row({ text: 'string' }, 'dynamic', 'The cells of the first line of CSV.', [
    [['aa,b,cc'], ['aa', 'b', 'cc']],
    [
      ['aa,"b,b,b",cc,"Escaping quotes: ""Title""","line1\nline2"'],
      ['aa', 'b,b,b', 'cc', 'Escaping quotes: "Title"', 'line1\nline2'],
    ],
    [['record1,a,b,c\nrecord2,x,y,z'], ['record1', 'a', 'b', 'c']],
  ]),
  'kusto.parse-version': row(
    { text: 'string' },
    'decimal',
    'A version of up to four parts as a number that orders as versions do; null where it is none.',
    [
      [['0.0.0.5'], 5n],
      [['0.0.5.0'], 500_000_000n],
      [['1.2.x'], null],
    ],
  ),
  'kusto.has-any-index': row(
    { text: 'string', terms: 'dynamic' },
    'long',
    'The place of the first item that is a term of the text, else -1.',
    [
      [['this is an example', ['this', 'example']], 0n],
      [['this is an example', ['not', 'example']], 1n],
      [['this is an example', ['not', 'found']], -1n],
    ],
  ),
  'kusto.indexof-regex': row(
    { text: 'string', pattern: 'string', 'start?': 'whole', 'length?': 'whole', 'occurrence?': 'whole' },
    'long',
    'Where a pattern is found in a text, from 0; -1 where it is not.',
    [
      [['abcabc', 'a.c'], 0n],
      [['abcabc', 'a.c', 0n, -1n, 2n], 3n],
      [['abc', 'x'], -1n],
    ],
  ),
  'kusto.replace-strings': row(
    { text: 'string', lookups: 'any', rewrites: 'any' },
    'string',
    'The text with each of several texts replaced by the one at the same place; what was put in is not replaced again.',
    [
      [['a cat into a dog', ['cat', 'dog'], ['dog', 'pigeon']], 'a dog into a pigeon'],
      [['abc', ['b'], []], 'ac'],
    ],
  ),
  'kusto.is-ascii': row({ text: 'string' }, 'bool', 'Whether a text has ASCII characters only.', [
    [['abc'], true],
    [['é'], false],
  ]),
  'kusto.format-bytes': row(
    { size: 'number', 'precision?': 'number', 'unit?': 'string' },
    'string',
    'A number of bytes in the unit that fits, or in one that is given.',
    [
      [[564n], '564 Bytes'],
      [[10332n, 1n], '10.1 KB'],
      [[20010332n, 2n], '19.08 MB'],
      [[20010332n, 0n, 'KB'], '19541 KB'],
    ],
    { nulls: 'propagate' },
  ),
};
