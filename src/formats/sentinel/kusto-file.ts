import { primarySpan } from '../../base/diagnostic.ts';
import { embeddedText, type SourceText } from '../../base/source-text.ts';
import { parseKusto } from '../../languages/kusto/index.ts';

/** A file that falls apart into more pieces than this is not split at all. */
const MOST_PIECES = 50;

/**
 * The queries of a file. Microsoft's editors take a blank line for the end of a query, but most queries have blank lines
 * inside: so a file is split only at blank lines after which it cannot go on as one query.
 */
export function splitQueries(file: SourceText): readonly SourceText[] {
  const starts = [0];
  for (;;) {
    const start = starts.at(-1) ?? 0;
    const found = boundary(piece(file, start, file.text.length), start);
    if (found === undefined) break;
    starts.push(found);
    if (starts.length > MOST_PIECES) return [file];
  }
  if (starts.length === 1) return [file];
  return starts.map((start, index) => piece(file, start, starts[index + 1] ?? file.text.length));
}

/** Where the first error stands that comes right after a blank line (and comments): there a new query begins. */
function boundary(text: SourceText, from: number): number | undefined {
  for (const found of parseKusto(text).diagnostics) {
    const at = primarySpan(found)?.start;
    if (at === undefined || at <= from) continue;
    if (found.code === 'kusto/expected' && followsBlankLine(text.text.slice(0, at - from))) return at;
    return undefined;
  }
  return undefined;
}

/** Whether a text ends in a blank line, comments left out. */
function followsBlankLine(text: string): boolean {
  const lines = text.split('\n');
  if (lines.pop()?.trim() !== '') return false;
  let blank = false;
  for (const line of lines.reverse()) {
    const content = line.trim();
    if (content !== '' && !content.startsWith('//')) return blank;
    if (content === '') blank = true;
  }
  return false;
}

function piece(file: SourceText, start: number, end: number): SourceText {
  if (start === 0 && end === file.text.length) return file;
  return embeddedText(file.name, file.text.slice(start, end), [{ at: 0, file: start }]);
}
