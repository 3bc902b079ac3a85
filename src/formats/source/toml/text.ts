import type { Segment, SourceText } from '../../../base/source-text.ts';
import { escapedText, type LocatedText } from '../located.ts';

/** How a string is written. */
export interface TextStyle {
  readonly style: 'basic' | 'literal';
  readonly multiline: boolean;
}

/** A string of a file, of which `range` is the place with its quotes. */
export function locatedText(
  file: SourceText,
  range: readonly [number, number],
  value: string,
  style: TextStyle,
): LocatedText {
  const [start, end] = range;
  return {
    kind: 'string',
    value,
    span: file.span(start, end),
    source: () => {
      const { segments, ends } = stringPlaces(file.text.slice(start, end), start, value, style);
      return escapedText(file.name, value, segments, ends);
    },
    escape: (text) => escapeFor(style.style, text),
  };
}

/** How long each escape is behind its backslash letter, in hexadecimal digits. */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Where each character of a string stands in the file. `written` is the string with its quotes, `start` its offset. A basic
 * string has escapes, and in a multi-line one a backslash at a line's end swallows all space up to the next text; a
 * newline right behind the opening quotes is dropped.
 */
function stringPlaces(
  written: string,
  start: number,
  value: string,
  style: TextStyle,
): { segments: readonly Segment[]; ends: ReadonlyMap<number, number> } {
  const quotes = style.multiline ? 3 : 1;
  const end = written.length - quotes;
  let from = quotes;
  if (style.multiline) {
    if (written.startsWith('\r\n', from)) from += 2;
    else if (written[from] === '\n') from += 1;
  }
  const segments: Segment[] = [{ at: 0, file: start + from }];
  const ends = new Map<number, number>();
  let shift = start + from;
  let at = 0;
  while (from < end && at < value.length) {
    if (style.style === 'basic' && written[from] === '\\') {
      const joined = style.multiline ? /^\\[ \t]*\r?\n[ \t\r\n]*/.exec(written.slice(from, end))?.[0] : undefined;
      if (joined !== undefined) {
        from += joined.length;
      } else {
        record();
        const letter = written[from + 1] ?? '';
        const digits = HEX_DIGITS[letter] ?? 0;
        const code = Number.parseInt(written.slice(from + 2, from + 2 + digits), 16);
        from += 2 + digits;
        for (const last = at + (code > 0xffff ? 1 : 0); at <= last; at += 1) ends.set(at, start + from);
      }
      continue;
    }
    // Windows line ends may come out as bare newlines.
    if (written[from] === '\r' && value[at] === '\n') from += 1;
    record();
    from += 1;
    at += 1;
  }
  return { segments, ends };

  function record(): void {
    if (start + from - at === shift) return;
    shift = start + from - at;
    segments.push({ at, file: start + from });
  }
}

/** Literal strings have no escapes: what they cannot hold is left for whoever applies the edit to see. */
function escapeFor(style: TextStyle['style'], text: string): string {
  return style === 'basic' ? text.replace(/[\\"]/g, (special) => `\\${special}`) : text;
}
