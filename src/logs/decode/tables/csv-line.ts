export interface CsvRowCells {
  readonly kind: 'row';
  readonly cells: readonly string[];
  /** Undefined where none was. */
  readonly quoted: readonly boolean[] | undefined;
}

/** The cells of a row, and whether each was quoted; `open` where a quoted cell goes on in the next line. */
export type CsvRow =
  | CsvRowCells
  | { readonly kind: 'open' }
  /** Something stands behind the end of a quoted cell. */
  | { readonly kind: 'bad' };

/**
 * Reads a row by RFC 4180 with any delimiter: a cell in quotes may hold the delimiter, line ends and quotes, which are written twice.
 * A quote inside of a cell that does not begin with one is a character like others.
 */
export function readCsvRow(text: string, delimiter: string): CsvRow {
  const cells: string[] = [];
  const quoted: boolean[] = [];
  let at = 0;
  for (;;) {
    if (text.charCodeAt(at) === 0x22) {
      const cell = quotedCell(text, at);
      if (cell === undefined) return { kind: 'open' };
      cells.push(cell.value);
      quoted.push(true);
      at = cell.end;
      if (at < text.length && text.charAt(at) !== delimiter) return { kind: 'bad' };
    } else {
      const end = text.indexOf(delimiter, at);
      const to = end === -1 ? text.length : end;
      cells.push(text.slice(at, to));
      quoted.push(false);
      at = to;
    }
    if (at >= text.length) return { kind: 'row', cells, quoted };
    at += 1;
  }
}

function quotedCell(text: string, start: number): { value: string; end: number } | undefined {
  let hasDouble = false;
  for (let at = start + 1; ; at += 2) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return undefined;
    if (text.charCodeAt(quote + 1) !== 0x22) {
      const value = text.slice(start + 1, quote);
      return { value: hasDouble ? value.replaceAll('""', '"') : value, end: quote + 1 };
    }
    hasDouble = true;
    at = quote;
  }
}

/** How many quotes there are: an odd number leaves a cell open. */
export function quotesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count += 1;
  return count;
}
