import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../base/json.ts';
import type { GivenRows } from '../ir/view.ts';
import { readCsvRow } from '../logs/decode/tables/csv-line.ts';

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
    try {
      return JSON.parse(json) as Json;
    } catch {
      return undefined;
    }
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

/** Rows of cells; a quoted cell may go on over several lines, and a row that is no CSV is told and left out. */
function cellsIn(
  path: string,
  text: string,
  delimiter: string,
  diagnostics: Diagnostic[],
): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  let open = '';
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const written = open === '' ? line : `${open}\n${line}`;
    if (written === '') continue;
    const row = readCsvRow(written, delimiter);
    open = row.kind === 'open' ? written : '';
    if (row.kind === 'row') rows.push(row.cells);
    if (row.kind === 'bad')
      diagnostics.push(diagnostic('input/unreadable', { path, reason: `line ${at + 1} is not CSV` }));
  }
  if (open !== '') diagnostics.push(diagnostic('input/unreadable', { path, reason: 'a quoted cell has no end' }));
  return rows;
}
