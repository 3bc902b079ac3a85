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

const QUOTE = 0x22;

/**
 * Reads a row by RFC 4180 with any delimiter: a cell in quotes may hold the delimiter, line ends and quotes, which are written twice.
 * A quote inside of a cell that does not begin with one is a character like others.
 */
export function readCsvRow(text: string, delimiter: string): CsvRow {
  const cells: string[] = [];
  const quoted: boolean[] = [];
  let at = 0;
  for (;;) {
    if (text.charCodeAt(at) === QUOTE) {
      const end = closingQuote(text, at + 1);
      if (end === -1) return { kind: 'open' };
      const value = text.slice(at + 1, end);
      cells.push(value.includes('"') ? value.replaceAll('""', '"') : value);
      quoted.push(true);
      at = end + 1;
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

/** Whether a line that begins inside of a quoted cell ends inside of one. What `readCsvRow` finds bad ends at once. */
export function endsInQuotes(text: string, delimiter: string): boolean {
  let at = 0;
  let isInside = true;
  for (;;) {
    if (isInside || text.charCodeAt(at) === QUOTE) {
      const end = closingQuote(text, isInside ? at : at + 1);
      if (end === -1) return true;
      at = end + 1;
      if (text.charAt(at) !== delimiter) return false;
      isInside = false;
    } else {
      at = text.indexOf(delimiter, at);
      if (at === -1) return false;
    }
    at += 1;
  }
}

/** The quote that ends a cell, from a place inside of it on; -1 where there is none. */
function closingQuote(text: string, from: number): number {
  for (let at = from; ; at += 2) {
    at = text.indexOf('"', at);
    if (at === -1 || text.charCodeAt(at + 1) !== QUOTE) return at;
  }
}
