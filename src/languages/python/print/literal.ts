import type { Constant } from '../ast.ts';

/** The marks that texts stand in: one that stands in the expression of a formatted text takes the next. */
const MARKS = ['"""', "'''", '"', "'"] as const;

/** The mark of a text that stands in so many formatted ones. */
export function markAt(depth: number): string {
  return MARKS[Math.min(depth, MARKS.length - 1)] ?? '"';
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** The content of a literal, which fits between any marks. `braces`: and in a formatted text. */
export function escaped(text: string, bytes: boolean, braces: boolean): string {
  let found = '';
  for (const point of text) {
    const code = point.codePointAt(0) ?? 0;
    const simple = ESCAPES.get(point);
    if (simple !== undefined) found += simple;
    else if (point === '"' || point === "'" || (braces && (point === '{' || point === '}'))) found += hex('x', code, 2);
    else if (code < 0x20 || (code >= 0x7f && (bytes || code < 0xa0))) found += hex('x', code, 2);
    // Halves of surrogate pairs, and what some readers take for the end of a line.
    else if ((code >= 0xd800 && code < 0xe000) || code === 0x2028 || code === 0x2029) found += hex('u', code, 4);
    else found += point;
  }
  return found;
}

function hex(letter: string, code: number, digits: number): string {
  return `\\${letter}${code.toString(16).padStart(digits, '0')}`;
}

export function printConstant({ type, value }: Constant, depth: number): string {
  switch (type) {
    case 'str':
    case 'bytes': {
      // Only a text in a formatted one is at risk of ending it.
      const mark = depth === 0 ? '"' : markAt(depth);
      return `${type === 'bytes' ? 'b' : ''}${mark}${escaped(String(value), type === 'bytes', false)}${mark}`;
    }
    case 'int':
      return String(value);
    case 'float':
      return floatText(Number(value));
    case 'complex':
      return `${floatText(Number(value))}j`;
    case 'bool':
      return value === true ? 'True' : 'False';
    case 'none':
      return 'None';
    case 'ellipsis':
      return '...';
  }
}

/** A number that is read as a float again. */
function floatText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '1e999';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
