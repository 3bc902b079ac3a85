import { at } from '../example-values.ts';
import { row, type Signature } from '../signature.ts';

export type KustoEncodingFunction =
  | 'kusto.base64-to-array'
  | 'kusto.base64-from-array'
  | 'kusto.base64-to-guid'
  | 'kusto.base64-from-guid'
  | 'kusto.compress'
  | 'kusto.decompress'
  | 'kusto.punycode'
  | 'kusto.hash'
  | 'kusto.parse-xml'
  | 'kusto.parse-command-line'
  | 'kusto.parse-pairs'
  | 'kusto.parse-user-agent'
  | 'kusto.data-size';

const STRICT = { nulls: 'propagate' } as const;

/** Kusto's functions that read and write other forms of text. */
export const kustoEncodingFunctions: Record<KustoEncodingFunction, Signature> = {
  'kusto.base64-to-array': row(
    { text: 'string' },
    'dynamic',
    'The bytes that base64 text holds; null where it is none.',
    [
      [['S3VzdG8='], [75, 117, 115, 116, 111]],
      [['!'], null],
    ],
    STRICT,
  ),
  'kusto.base64-from-array': row({ bytes: 'any' }, 'string', 'Bytes as base64 text; empty where some are none.', [
    [[[75, 117, 115, 116, 111]], 'S3VzdG8='],
    [[[256]], ''],
    [[null], ''],
  ]),
  'kusto.base64-to-guid': row(
    { text: 'string' },
    'guid',
    'The GUID whose 16 bytes base64 text holds.',
    [
      [['8jMxriJurkmwahbmqbIS6w=='], 'ae3133f2-6e22-49ae-b06a-16e6a9b212eb'],
      [['S3VzdG8='], null],
    ],
    STRICT,
  ),
  'kusto.base64-from-guid': row(
    { guid: 'guid' },
    'string',
    'The 16 bytes of a GUID as base64 text.',
    [[['ae3133f2-6e22-49ae-b06a-16e6a9b212eb'], '8jMxriJurkmwahbmqbIS6w==']],
    STRICT,
  ),
  'kusto.compress': row(
    { form: ['gzip', 'zlib'], text: 'string' },
    'string',
    'The text compressed, as base64 text.',
    [[['zlib', ''], 'eJwDAAAAAAE=']],
    STRICT,
  ),
  'kusto.decompress': row(
    { form: ['gzip', 'zlib'], text: 'string' },
    'string',
    'The text that compressed bytes hold, given as base64 text; empty where they are damaged, or too much.',
    [
      [['gzip', 'H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA=='], '1234567890qwertyuiop'],
      [['zlib', 'x0x0x0'], ''],
    ],
    STRICT,
  ),
  'kusto.punycode': row(
    { what: ['encode', 'decode', 'encode-domain', 'decode-domain'], text: 'string' },
    'string',
    'Text written in ASCII letters, or read from them; a domain label by label, with `xn--` before those that needed it.',
    [
      [['encode', 'académie-française'], 'acadmie-franaise-npb1a'],
      [['decode', 'acadmie-franaise-npb1a'], 'académie-française'],
      [['encode-domain', 'Artorījos.edu'], 'xn--Artorjos-ejb.edu'],
      [['decode-domain', 'xn--Artorjos-ejb.edu'], 'Artorījos.edu'],
    ],
    STRICT,
  ),
  'kusto.hash': row(
    { value: 'any', 'modulo?': 'whole' },
    'long',
    'The xxHash with 64 bits of a text, or of the eight bytes of a number, a time or a duration; or what is left of it when it is divided.',
    [
      [['World'], 1846988464401551951n],
      [['World', 100n], 51n],
      [[''], -1205034819632174695n],
      [[at('2015-01-01')], 1380966698541616202n],
    ],
  ),
  'kusto.parse-xml': row(
    { text: 'string' },
    'dynamic',
    'XML as a bag: attributes begin with `@`, text beside them is `#text`, elements of one name are an array. Null where it is no XML.',
    [
      [['<a x="1"><b>2</b><b>3</b></a>'], { a: { '@x': '1', b: ['2', '3'] } }],
      [['<a>'], null],
    ],
    STRICT,
  ),
  'kusto.parse-command-line': row(
    { text: 'string', 'kind?': 'string' },
    'dynamic',
    'The arguments of a command line by the rules of Windows.',
    [
      [['echo "hello world!" a\\"b'], ['echo', 'hello world!', 'a"b']],
      [[''], null],
    ],
    STRICT,
  ),
  'kusto.parse-pairs': row(
    { text: 'string', options: 'string' },
    'dynamic',
    'The keys and values in a text as a bag; the first value of a key counts. `options`: delimiters and the like, as JSON.',
    [
      [['a=1, b=2', '{"pair":",","key":"=","quotes":[],"escapes":[],"keys":[]}'], { a: '1', b: '2' }],
      [['10:00 [INFO] Id:5', '{"quotes":[],"escapes":[],"keys":["Id"]}'], { Id: '5' }],
    ],
    STRICT,
  ),
  'kusto.parse-user-agent': row(
    { text: 'string', wanted: 'any' },
    'dynamic',
    'The browser, the operating system or the device that a user agent names, by the patterns of uap-core; `wanted`: `browser`, `os`, `device`, or several of them.',
    [
      [
        ['Mozilla/5.0 (Windows; U; en-US) AppleWebKit/531.9 (KHTML, like Gecko) AdobeAIR/2.5.1', 'browser'],
        { Browser: { Family: 'AdobeAIR', MajorVersion: '2', MinorVersion: '5', Patch: '1' } },
      ],
      [['none', ['device']], { Device: { Family: 'Other', Brand: '', Model: '' } }],
      [['none', 'shoes'], null],
    ],
    STRICT,
  ),
  'kusto.data-size': row(
    { 'value*': 'any' },
    'long',
    'How many bytes the values take: text in UTF-8, numbers and times by their width.',
    [
      [['1234567890', 1n], 18n],
      [[true, null], 1n],
    ],
  ),
};
