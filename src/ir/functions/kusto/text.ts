import type { Signature } from '../signature.ts';
import { kustoRow as row } from './row.ts';

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
  | 'kusto.has-any-index';

/** Kusto's functions of text. A null text is an empty one. */
export const kustoTextFunctions: Record<KustoTextFunction, Signature> = {
  'kusto.strlen': row('string', 'long', 'The length in characters (Unicode scalar values).'),
  'kusto.string-size': row('string', 'long', 'The length in bytes of UTF-8.'),
  'kusto.strcat': row('string*', 'string', 'The texts joined.'),
  'kusto.strcat-delim': row('string*', 'string', 'The texts after the first, joined with the first between them.'),
  'kusto.strcat-array': row('dynamic string', 'string', 'The elements of an array joined.'),
  'kusto.strrep': row('string long string?', 'string', 'The text repeated.'),
  'kusto.split': row(
    'string string long?',
    'dynamic',
    'The parts between the delimiters; with a number only that part, in an array.',
  ),
  'kusto.substring': row(
    'string long long?',
    'string',
    'A part of the text, from 0; a negative start counts from the end.',
  ),
  'kusto.indexof': row(
    'string string long? long? long?',
    'long',
    'Where the second stands in the first, from 0, else -1; from a start, in a length, the nth time.',
  ),
  'kusto.trim': row('string string', 'string', 'The text without what fits the pattern at its start and end.'),
  'kusto.trim-start': row('string string', 'string', 'The text without what fits the pattern at its start.'),
  'kusto.trim-end': row('string string', 'string', 'The text without what fits the pattern at its end.'),
  'kusto.replace-string': row(
    'string string string',
    'string',
    'The text with each occurrence of the second replaced by the third.',
  ),
  'kusto.replace-regex': row(
    'string string string',
    'string',
    'The text with each match of the second replaced; `\\1` is a group.',
  ),
  'kusto.extract': row('string long string', 'string', 'What a group of the pattern captures in the text, else empty.'),
  'kusto.extract-all': row(
    'string dynamic string',
    'dynamic',
    'What the groups capture at each match; null without a match.',
  ),
  'kusto.countof': row(
    'string string string?',
    'long',
    'How often the second stands in the first; `normal` ones may overlap, `regex` ones not.',
  ),
  'kusto.reverse': row('string', 'string', 'The text backwards.'),
  'kusto.base64-decode': row('string', 'string', 'The text that Base64 holds; empty when it is none.'),
  'kusto.base64-encode': row('string', 'string', 'The text in Base64.'),
  'kusto.url-decode': row('string', 'string', 'The text with its percent escapes read.'),
  'kusto.url-encode': row('string', 'string', 'The text with percent escapes; a space is `+`.'),
  'kusto.url-encode-component': row('string', 'string', 'The text with percent escapes; a space is `%20`.'),
  'kusto.strcmp': row('string string', 'long', '-1, 0 or 1, by code unit.'),
  'kusto.tohex': row('long long?', 'string', 'The number in hexadecimal, padded.', true),
  'kusto.hash-md5': row('string', 'string', 'MD5, in hexadecimal.'),
  'kusto.hash-sha1': row('string', 'string', 'SHA-1, in hexadecimal.'),
  'kusto.hash-sha256': row('string', 'string', 'SHA-256, in hexadecimal.'),
  'kusto.regex-quote': row(
    'string',
    'string',
    'The text with the characters escaped that mean something in a pattern.',
  ),
  'kusto.translate': row(
    'string string string',
    'string',
    'The third with each character of the first replaced by its partner in the second.',
  ),
  'kusto.code-points': row('string', 'dynamic', 'The code points of the text.'),
  'kusto.from-code-points': row('scalar*', 'string', 'The text of code points.'),
  'kusto.parse-url': row('string', 'dynamic', 'The parts of a URL.'),
  'kusto.parse-url-query': row('string', 'dynamic', 'The parameters of a query string.'),
  'kusto.parse-path': row('string', 'dynamic', 'The parts of a file path.'),
  'kusto.parse-csv': row('string', 'dynamic', 'The cells of one line of CSV.'),
  'kusto.parse-version': row('string', 'decimal', 'A version as a number that orders like it.'),
  'kusto.has-any-index': row(
    'string dynamic',
    'long',
    'The place of the first item that is a term of the text, else -1.',
  ),
};
