import type { JsonPath } from '../../ir/json-path.ts';

const PLAIN: ReadonlyMap<string, JsonPath> = new Map<string, JsonPath>([
  ['this', { kind: 'this' }],
  ['parent', { kind: 'parent' }],
  ['len', { kind: 'length' }],
  ['keys', { kind: 'keys' }],
  ['path', { kind: 'path' }],
  ['sorted', { kind: 'sorted' }],
]);

/** In UTF-16 units. What is looked for between commas takes time that grows with the cube of this. */
const LONGEST = 200;

/** `separator, part, most`; the separator may be in quotes. */
const SPLIT = /^split\s*\(\s*(['"]?)([^\n]+?)\1\s*,\s*(-?\d+|\*)\s*,\s*(-?\d+)\s*\)/;

/** What stands between backquotes: `len`, `split(., 0, -1)`. A text is why it is none. */
export function namedOperator(written: string): JsonPath | string {
  if (written.length > LONGEST) return `an operator is at most ${LONGEST} characters long`;
  const plain = PLAIN.get(written);
  if (plain !== undefined) return plain;
  if (written.startsWith('split(')) {
    const [, , separator, part, most] = SPLIT.exec(written) ?? [];
    if (separator === undefined) return `\`${written}\` is not \`split(separator, part, most)\``;
    return { kind: 'split', separator, part: part === '*' ? null : Number(part), most: Number(most) };
  }
  if (written.startsWith('sub(')) {
    const [, body] = /^sub\(\/(.*)\)/.exec(written) ?? [];
    const [, pattern, replacement] = /^(.*)\/,\s+(.*)$/.exec(body ?? '') ?? [];
    if (pattern === undefined || replacement === undefined) return `\`${written}\` is not \`sub(/pattern/, text)\``;
    return { kind: 'substitute', pattern: pattern.trim(), replacement: replacement.trim() };
  }
  if (written.startsWith('str('))
    return written.startsWith('str()') ? { kind: 'text' } : `\`${written}\` is not \`str()\``;
  return `there is no operator \`${written}\``;
}
