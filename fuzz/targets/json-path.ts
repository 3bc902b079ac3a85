import { sourceText } from '../../src/base/source-text.ts';
import { parseJsonPath } from '../../src/languages/json-path/index.ts';
import { hold } from '../engine/target.ts';
import { textTargetOf } from './target-of.ts';

export default textTargetOf({
  name: 'json-path',
  about: "JSON paths of Panther's data models: read, or it is said why not and where",
  seeds: [
    '$.a.b[0]',
    "a['b','c'].d[1:3]",
    'a[?(@.k == "x")].v',
    '$..a[*]',
    'a.`parent`.b',
    'a[?(@.b > 1 & @.c =~ "x.*")]',
    'a.b where c | d',
  ],
  words: [
    '$',
    '@',
    '.',
    '..',
    '[',
    ']',
    '*',
    '?(',
    ')',
    '==',
    '=~',
    '<=',
    '!',
    '&',
    '|',
    ',',
    ':',
    "'",
    '"',
    '`parent`',
    '`len`',
    '`sub(/a/, b)`',
    'where',
    '\\',
    '-1',
  ],
  mostBytes: 4 * 1024,
  functions: { parseJsonPath },
  // What is wrong with a path that has brackets is nowhere.
  planted: (own) => ({
    parseJsonPath: (source) => {
      const read = own.parseJsonPath(source);
      return 'reason' in read && source.text.includes('[') ? { ...read, at: -1 } : read;
    },
  }),
  check(text, { parseJsonPath }) {
    const read = parseJsonPath(sourceText('path', text));
    if (!('reason' in read)) return;
    hold(read.reason !== '', 'it is not said why');
    hold(read.at >= 0 && read.at <= text.length, `it is wrong at ${read.at} of ${text.length} characters`);
  },
});
