import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import type { GivenRows } from '../../ir/view.ts';
import { parseJson } from '../../logs/decode/json/json-value.ts';

/** The rows of a file: CSV or TSV with a header, a JSON array of objects, or objects line by line. */
export function loadGivenRows(path: string, text: string, diagnostics: Diagnostic[]): GivenRows {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const objects = /^\s*[[{]/.test(text) ? objectsIn(path, text, lines, diagnostics) : undefined;
  if (objects !== undefined) {
    const columns = [...new Set(objects.flatMap((object) => Object.keys(object)))];
    return { columns, rows: objects.map((object) => columns.map((name) => object[name] ?? null)), lines, named: true };
  }
  const [header = [], ...rows] = cellsIn(path, text, /\.tsv$/i.test(path) ? '\t' : ',', diagnostics);
  return { columns: header, rows, lines, named: false };
}

function objectsIn(
  path: string,
  text: string,
  lines: readonly string[],
  diagnostics: Diagnostic[],
): readonly JsonObject[] | undefined {
  const parse = (json: string): Json | undefined => {
    const parsed = parseJson(json);
    return parsed.ok ? parsed.value : undefined;
  };
  const whole = parse(text);
  if (whole !== undefined) return (Array.isArray(whole) ? whole : [whole]).filter(isJsonObject);
  const found = lines.flatMap((line, at) => {
    const object = parse(line);
    if (isJsonObject(object)) return [object];
    diagnostics.push(diagnostic('input/unreadable', { path, reason: `line ${at + 1} is not a JSON object` }));
    return [];
  });
  return found.length === 0 ? undefined : found;
}

/** Rows of cells; a quoted cell may go on over several lines, and a row that is no CSV is told and left out. Each character is read once. */
function cellsIn(
  path: string,
  text: string,
  delimiter: string,
  diagnostics: Diagnostic[],
): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  const bare = delimiter === '\t' ? /[^\t\r\n]*/y : /[^,\r\n]*/y;
  const told = (reason: string): void => void diagnostics.push(diagnostic('input/unreadable', { path, reason }));
  const untilLineEnd = (from: number): number => {
    const end = text.indexOf('\n', from);
    return end === -1 ? text.length : end;
  };
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const cells: string[] = [];
    const first = line;
    let isBad = false;
    for (;;) {
      if (text[at] === '"') {
        const end = endOfQuoted(text, at);
        if (end === undefined) {
          told('a quoted cell has no end');
          return rows;
        }
        const cell = text.slice(at + 1, end);
        cells.push(cell.replaceAll('""', '"'));
        line += cell.split('\n').length - 1;
        at = end + 1;
        isBad = at < text.length && text[at] !== delimiter && text[at] !== '\r' && text[at] !== '\n';
      } else {
        bare.lastIndex = at;
        const cell = bare.exec(text)?.[0] ?? '';
        cells.push(cell);
        at += cell.length;
      }
      if (isBad || text[at] !== delimiter) break;
      at += 1;
    }
    if (isBad) told(`line ${first} is not CSV`);
    else if (cells.length > 1 || cells[0] !== '') rows.push(cells);
    at = untilLineEnd(at) + 1;
    line += 1;
  }
  return rows;
}

/** Where the quote stands that ends a cell; two of them are one character of it. */
function endOfQuoted(text: string, start: number): number | undefined {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at;
  return undefined;
}
