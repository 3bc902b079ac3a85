import { cellsOf, printable } from './cells.ts';
import type { Ink, Paint } from './style.ts';

/** A place to show under a caret, in UTF-16 offsets of the text. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly primary: boolean;
}

interface LineMark {
  /** Columns, from 0, in UTF-16 units of the line. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly primary: boolean;
}

/** A span over more lines than this shows its first two and its last. */
const MOST_LINES = 4;
/** How much of a long line is kept before the place. */
const LEAD = 24;

/**
 * The lines that marks lie on, each with carets under its places:
 * ```text
 *   12 | event.outcome:(Success or sucess)
 *      |                           ^^^^^^ did you mean …
 * ```
 */
export function excerpt(text: string, marks: readonly Mark[], paint: Paint, ink: Ink, columns: number): string[] {
  const lines = lineStarts(text);
  const byLine = new Map<number, LineMark[]>();
  for (const mark of marks) {
    for (const [line, part] of splitByLine(text, lines, mark)) {
      const parts = byLine.get(line) ?? [];
      parts.push(part);
      byLine.set(line, parts);
    }
  }
  const shown = [...byLine.keys()].sort((a, b) => a - b);
  const gutter = String((shown.at(-1) ?? 0) + 1).length;
  const room = Math.max(30, columns - gutter - 5);
  const out: string[] = [];
  let previous: number | undefined;
  for (const line of shown) {
    if (previous !== undefined && line > previous + 1) out.push(paint('gray', `  ${' '.repeat(gutter)} …`));
    previous = line;
    const parts = (byLine.get(line) ?? []).sort((a, b) => Number(b.primary) - Number(a.primary) || a.from - b.from);
    const window = windowOf(lineText(text, lines, line), parts[0], room);
    out.push(`  ${paint('gray', `${String(line + 1).padStart(gutter)} |`)} ${window.text}`.trimEnd());
    for (const part of parts) {
      const from = window.columnOf(part.from);
      const length = Math.max(1, window.columnOf(part.to) - from);
      const carets = (part.primary ? '^' : '-').repeat(length);
      const said = part.text === '' ? '' : ` ${printable(part.text)}`;
      const marked = paint(part.primary ? ink : 'blue', carets + said);
      out.push(`  ${paint('gray', `${' '.repeat(gutter)} |`)} ${' '.repeat(from)}${marked}`);
    }
  }
  return out;
}

/** Where each line begins. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The line, from 0, that an offset lies on. */
export function lineAt(lines: readonly number[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function lineText(text: string, lines: readonly number[], line: number): string {
  const end = lines[line + 1];
  return text.slice(lines[line] ?? 0, end === undefined ? text.length : end - 1).replace(/\r$/, '');
}

function splitByLine(text: string, lines: readonly number[], mark: Mark): [number, LineMark][] {
  const start = Math.max(0, Math.min(mark.start, text.length));
  const end = Math.max(start, Math.min(mark.end, text.length));
  const first = lineAt(lines, start);
  // A span that ends with a line's end does not reach into the next line.
  const last = end > start ? lineAt(lines, end - 1) : first;
  const parts: [number, LineMark][] = [];
  for (let line = first; line <= last; line += 1) {
    if (last - first + 1 > MOST_LINES && line > first + 1 && line < last) continue;
    const begins = lines[line] ?? 0;
    const content = lineText(text, lines, line);
    const indent = content.length - content.trimStart().length;
    const from = line === first ? start - begins : indent;
    const to = line === last ? Math.min(end - begins, content.length) : content.length;
    if (content.trim() === '' && line !== first) continue;
    parts.push([line, { from, to: Math.max(from, to), text: line === last ? mark.text : '', primary: mark.primary }]);
  }
  return parts;
}

interface Window {
  readonly text: string;
  /** The shown column of a UTF-16 offset in the line. */
  columnOf(offset: number): number;
}

/** As much of a line as fits, around the place that matters. */
function windowOf(line: string, place: LineMark | undefined, room: number): Window {
  const cells = cellsOf(line);
  const columns: number[] = [];
  let column = 0;
  for (const cell of cells) {
    for (let unit = 0; unit < cell.units; unit += 1) columns.push(column);
    column += cell.width;
  }
  const total = column;
  const columnIn = (offset: number): number => (offset < columns.length ? (columns[offset] ?? 0) : total);
  if (total <= room) {
    return { text: cells.map((cell) => cell.text).join(''), columnOf: columnIn };
  }
  const from = columnIn(place?.from ?? 0);
  const to = columnIn(place?.to ?? 0);
  const begin = to < room ? 0 : Math.max(0, Math.min(from - LEAD, total - room + 1));
  const cutBefore = begin > 0;
  // The ellipses take a column each.
  const end = begin + room - (cutBefore ? 1 : 0) - 1;
  let shown = cutBefore ? '…' : '';
  let origin = begin - (cutBefore ? 1 : 0);
  let started = false;
  let cutAfter = false;
  for (const cell of cells) {
    const at = columnIn(cell.at);
    if (at < begin) continue;
    if (at + cell.width > end) {
      cutAfter = true;
      break;
    }
    // A wide character may straddle the window's edge.
    if (!started) origin = at - (cutBefore ? 1 : 0);
    started = true;
    shown += cell.text;
  }
  if (cutAfter) shown += '…';
  return { text: shown, columnOf: (offset) => Math.max(0, Math.min(columnIn(offset) - origin, room)) };
}
