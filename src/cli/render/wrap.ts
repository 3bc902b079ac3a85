import { printable, widthOf } from './cells.ts';
import type { Ink, Paint } from './style.ts';

/** A run of text in one colour. */
export interface Run {
  readonly text: string;
  readonly ink?: Ink;
}

/**
 * Runs of text in lines of at most `columns`, broken at blanks; the first line stands behind `first`, the others are set in under it. A word
 * that is wider than a line has one for itself, unbroken: it can be copied whole.
 */
export function wrapped(first: string, runs: readonly Run[], columns: number, paint: Paint): string[] {
  const indent = widthOf(first);
  const lines: Run[][] = [[]];
  let used = indent;
  for (const { text, ink } of runs) {
    for (const piece of piecesOf(printable(text))) {
      const width = widthOf(piece.trimEnd());
      if (used + width > columns && used > indent) {
        lines.push([]);
        used = indent;
      }
      lines.at(-1)?.push({ text: piece, ...(ink !== undefined && { ink }) });
      used += widthOf(piece);
    }
  }
  return lines.map((line, at) => `${at === 0 ? first : ' '.repeat(indent)}${painted(line, paint)}`.trimEnd());
}

/** Words with the blanks behind them, the first with those before it too. A dash stays with what stands behind it. */
function piecesOf(text: string): readonly string[] {
  const start = text.search(/[^ ]/);
  if (start === -1) return [text];
  const pieces: string[] = [];
  let before = text.slice(0, start);
  for (const word of text.match(/[^ ]+ */g) ?? []) {
    before += word;
    if (before.endsWith('— ')) continue;
    pieces.push(before);
    before = '';
  }
  return before === '' ? pieces : [...pieces, before];
}

function painted(line: readonly Run[], paint: Paint): string {
  const runs: Run[] = [];
  for (const { text, ink } of line) {
    const last = runs.at(-1);
    if (last !== undefined && last.ink === ink) runs[runs.length - 1] = { ...last, text: last.text + text };
    else runs.push({ text, ...(ink !== undefined && { ink }) });
  }
  return runs.map(({ text, ink }) => (ink === undefined ? text : paint(ink, text))).join('');
}
