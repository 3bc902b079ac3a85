import { clip, clipStart, pad, printable, widthOf } from './cells.ts';
import type { Ink, Paint } from './style.ts';

export interface Column {
  readonly head: string;
  /** Text is set left, numbers right. */
  readonly align?: 'left' | 'right';
  /** Gives way first, and gets what room is left, when the table is too wide. */
  readonly flexible?: boolean;
  /** What is kept of a text that is too long: a place in a file is known by its end. */
  readonly keeps?: 'start' | 'end';
}

export interface TableCell {
  readonly text: string;
  readonly ink?: Ink;
}

const GAP = '  ';
const LEAST = 12;

/** Rows under a head line, aligned, at most `columns` wide: what does not fit is cut with an ellipsis. */
export function table(
  head: readonly Column[],
  rows: readonly (readonly (string | TableCell)[])[],
  paint: Paint,
  columns: number,
): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)));
  const safe = cells.map((row) => row.map((cell) => ({ ...cell, text: printable(cell.text) })));
  const widths = head.map((column, index) =>
    safe.reduce((width, row) => Math.max(width, widthOf(row[index]?.text ?? '')), column.head.length),
  );
  shrink(widths, head, columns - GAP.length * (head.length - 1));
  const line = (texts: readonly TableCell[], inkOf: (cell: TableCell) => Ink | undefined): string =>
    texts
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        const text = head[index]?.keeps === 'end' ? clipStart(cell.text, width) : clip(cell.text, width);
        const space = ' '.repeat(Math.max(0, width - widthOf(text)));
        const ink = inkOf(cell);
        const shown = ink === undefined ? text : paint(ink, text);
        if (head[index]?.align === 'right') return space + shown;
        return index === texts.length - 1 ? shown : shown + space;
      })
      .join(GAP)
      .trimEnd();
  return [
    line(
      head.map((column) => ({ text: column.head })),
      () => 'bold',
    ),
    ...safe.map((row) => line(row, (cell) => cell.ink)),
  ];
}

/** Takes columns away from the widest flexible column until the row fits. */
function shrink(widths: number[], head: readonly Column[], room: number): void {
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    let widest = -1;
    for (const [index, column] of head.entries()) {
      const width = widths[index] ?? 0;
      if (column.flexible && width > LEAST && (widest === -1 || width > (widths[widest] ?? 0))) widest = index;
    }
    if (widest === -1) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over -= 1;
  }
}

/** `label  value` lines with the values in one column. */
export function labelled(pairs: readonly (readonly [string, string])[]): string[] {
  const width = pairs.reduce((most, [label]) => Math.max(most, label.length), 0);
  return pairs.map(([label, value]) => `${pad(label, width)}  ${value}`.trimEnd());
}

/** `1 rule`, `2 rules`, `60,001 records`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}
