import type { Io, Output } from './io.ts';
import { isUnsafe } from './render/cells.ts';
import { coloured, paintFor } from './render/style.ts';

/** How what is written has to be escaped. */
export type Markup = 'text' | 'json' | 'xml';

/** The sequences that we write ourselves: colours, and the progress bar's way back to the start of its line. */
const OWN = '\u001b\\[(?:1|22|3[1-46]|39|90)m|\r\u001b\\[2K';
const PLAIN = /^[\x20-\x7e\n\t]*$/;
const ANY = new RegExp(`(${OWN})|[^\\x20-\\x7e\\n\\t]`, 'gu');

/**
 * Outputs on which no character moves a cursor, colours, hides or turns the direction of text but our own, whatever rules, logs and file
 * names hold: in JSON and XML such characters are escaped, elsewhere a dot stands for each. `markup` is what standard output is.
 */
export function safeIo(io: Io, markup: () => Markup): Io {
  const hasColours = (output: Output): boolean => paintFor(output.terminal, io.env) === coloured;
  return {
    ...io,
    stdout: safeOutput(io.stdout, hasColours(io.stdout), markup),
    stderr: safeOutput(io.stderr, hasColours(io.stderr), () => 'text'),
  };
}

function safeOutput(output: Output, hasColours: boolean, markup: () => Markup): Output {
  return {
    write: (text) => output.write(safeText(text, markup(), hasColours)),
    terminal: output.terminal,
    get columns() {
      return output.columns;
    },
  };
}

export function safeText(text: string, markup: Markup, hasColours: boolean): string {
  if (PLAIN.test(text)) return text;
  return text.replace(ANY, (character, own: string | undefined) => {
    if (own !== undefined && hasColours && markup === 'text') return own;
    if (own !== undefined) return Array.from(own, (one) => (isUnsafe(one) ? escaped(one, markup) : one)).join('');
    return isUnsafe(character) ? escaped(character, markup) : character;
  });
}

function escaped(character: string, markup: Markup): string {
  switch (markup) {
    case 'text':
      return '\u00b7';
    case 'json':
      return Array.from({ length: character.length }, (_, at) => {
        return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
      }).join('');
    case 'xml':
      return `&#x${(character.codePointAt(0) ?? 0).toString(16)};`;
  }
}

/** What a value of `--format` makes of standard output. */
export function markupOf(format: unknown): Markup {
  switch (format) {
    case 'json':
    case 'ndjson':
    case 'sarif':
    case 'ecs-alert':
    case 'ocsf':
    case 'timesketch':
      return 'json';
    case 'junit':
      return 'xml';
    default:
      return 'text';
  }
}
