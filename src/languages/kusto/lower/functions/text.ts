import { call, list, TRUE, text } from '../../../../ir/construct.ts';
import { asText, convert } from '../values/convert.ts';
import { fn, type Lowering, type ScalarFunction } from './parameter.ts';

/** `extract(regex, group, text [, typeof(…)])`: with a type the capture is converted. */
const extract: Lowering = (args, node) => {
  const [pattern, group, source] = args;
  if (pattern === undefined || group === undefined || source === undefined) return text('');
  const found = call('kusto.extract', [pattern.expr, group.expr, source.expr], node.span);
  const asked = node.args[3]?.value;
  if (asked?.kind !== 'typeof' || asked.type.type === undefined) return { expr: found, type: 'string' };
  return { expr: convert({ expr: found, type: 'string' }, asked.type.type), type: asked.type.type };
};

/** `extract_all(regex, [groups,] text)` */
const extractAll: Lowering = (args, node) => {
  const [pattern, middle, source] = args;
  if (pattern === undefined || middle === undefined) return text('');
  const groups = source === undefined ? list([]) : middle.expr;
  return call('kusto.extract-all', [pattern.expr, groups, asText(source ?? middle)], node.span);
};

/** The old `replace(regex, rewrite, text)`. */
const replace: Lowering = ([pattern, rewrite, source], node) =>
  call(
    'kusto.replace-regex',
    [source, pattern, rewrite].map((arg) => arg?.expr ?? text('')),
    node.span,
  );

const worded =
  (name: 'kusto.compress' | 'kusto.decompress' | 'kusto.punycode', word: string): Lowering =>
  (args, node) =>
    call(name, [text(word), ...args.map((arg) => arg.expr)], node.span);

export const textFunctions: Readonly<Record<string, ScalarFunction>> = {
  tolower: fn('text', 'string', 'text.lower'),
  toupper: fn('text', 'string', 'text.upper'),
  strlen: fn('string', 'long', 'kusto.strlen', 'strlen'),
  string_size: fn('string', 'long', 'kusto.string-size', 'string_size'),
  strcat: fn('text*', 'string', 'kusto.strcat'),
  strcat_delim: fn('text*', 'string', 'kusto.strcat-delim'),
  strcat_array: fn('dynamic text', 'string', 'kusto.strcat-array'),
  strrep: fn('text whole text?', 'string', 'kusto.strrep'),
  split: fn('text string whole?', 'dynamic', 'kusto.split', 'first'),
  substring: fn('text whole whole?', 'string', 'kusto.substring'),
  indexof: fn('text text whole? whole? whole?', 'long', 'kusto.indexof'),
  trim: fn('regex string', 'string', 'kusto.trim'),
  trim_start: fn('regex string', 'string', 'kusto.trim-start'),
  trim_end: fn('regex string', 'string', 'kusto.trim-end'),
  replace_string: fn('string string string', 'string', 'kusto.replace-string'),
  replace_regex: fn('string regex string', 'string', 'kusto.replace-regex'),
  replace: fn('regex string string', 'string', replace),
  extract: fn('regex whole string type?', 'computed', extract),
  extract_all: fn('regex any string?', 'dynamic', extractAll),
  countof: fn('string string string?', 'long', 'kusto.countof'),
  reverse: fn('text', 'string', 'kusto.reverse'),
  base64_decode_tostring: fn('string', 'string', 'kusto.base64-decode'),
  base64_decodestring: fn('string', 'string', 'kusto.base64-decode'),
  base64_encode_tostring: fn('string', 'string', 'kusto.base64-encode'),
  base64_encodestring: fn('string', 'string', 'kusto.base64-encode'),
  url_decode: fn('string', 'string', 'kusto.url-decode'),
  url_encode: fn('string', 'string', 'kusto.url-encode'),
  url_encode_component: fn('string', 'string', 'kusto.url-encode-component'),
  strcmp: fn('text text', 'long', 'kusto.strcmp'),
  tohex: fn('whole whole?', 'string', 'kusto.tohex', 'first'),
  hash_md5: fn('text', 'string', 'kusto.hash-md5'),
  hash_sha1: fn('text', 'string', 'kusto.hash-sha1'),
  hash_sha256: fn('text', 'string', 'kusto.hash-sha256'),
  regex_quote: fn('text', 'string', 'kusto.regex-quote'),
  translate: fn('string string string', 'string', 'kusto.translate'),
  unicode_codepoints_from_string: fn('text', 'dynamic', 'kusto.code-points'),
  to_utf8: fn('text', 'dynamic', 'kusto.code-points'),
  unicode_codepoints_to_string: fn('any*', 'string', 'kusto.from-code-points'),
  make_string: fn('any*', 'string', 'kusto.from-code-points'),
  parse_url: fn('string', 'dynamic', 'kusto.parse-url'),
  parseurl: fn('string', 'dynamic', 'kusto.parse-url'),
  parse_urlquery: fn('string', 'dynamic', 'kusto.parse-url-query'),
  parse_path: fn('string', 'dynamic', 'kusto.parse-path'),
  parse_csv: fn('string', 'dynamic', 'kusto.parse-csv', 'first'),
  parse_version: fn('string', 'decimal', 'kusto.parse-version'),
  has_any_index: fn('string dynamic', 'long', 'kusto.has-any-index'),
  indexof_regex: fn('text text whole? whole? whole?', 'long', 'kusto.indexof-regex'),
  replace_strings: fn('string dynamic dynamic', 'string', 'kusto.replace-strings'),
  array_strcat: fn('dynamic text', 'string', 'kusto.strcat-array'),
  extractall: fn('regex any string?', 'dynamic', extractAll),
  parseurlquery: fn('string', 'dynamic', 'kusto.parse-url-query'),
  isascii: fn('text', 'bool', 'kusto.is-ascii'),
  isutf8: fn('text', 'bool', () => TRUE),
  format_bytes: fn('number number? string?', 'string', 'kusto.format-bytes', 'first'),
  hash: fn('any whole?', 'long', 'kusto.hash'),
  hash_xxhash64: fn('any whole?', 'long', 'kusto.hash'),
  base64_decode_toarray: fn('string', 'dynamic', 'kusto.base64-to-array'),
  base64_encode_fromarray: fn('dynamic', 'string', 'kusto.base64-from-array'),
  base64_decode_toguid: fn('string', 'guid', 'kusto.base64-to-guid'),
  base64_encode_fromguid: fn('any', 'string', 'kusto.base64-from-guid'),
  gzip_compress_to_base64_string: fn('string', 'string', worded('kusto.compress', 'gzip')),
  gzip_decompress_from_base64_string: fn('string', 'string', worded('kusto.decompress', 'gzip')),
  zlib_compress_to_base64_string: fn('string', 'string', worded('kusto.compress', 'zlib')),
  zlib_decompress_from_base64_string: fn('string', 'string', worded('kusto.decompress', 'zlib')),
  punycode_from_string: fn('string', 'string', worded('kusto.punycode', 'encode')),
  punycode_to_string: fn('string', 'string', worded('kusto.punycode', 'decode')),
  punycode_domain_to_string: fn('string', 'string', worded('kusto.punycode', 'encode-domain')),
  punycode_domain_from_string: fn('string', 'string', worded('kusto.punycode', 'decode-domain')),
  parse_xml: fn('string', 'dynamic', 'kusto.parse-xml', 'first'),
  parse_command_line: fn('text string', 'dynamic', 'kusto.parse-command-line'),
};
