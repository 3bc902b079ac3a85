import { readCsvRow } from './csv-line.ts';

export interface CsvHeader {
  readonly names: readonly string[];
  readonly delimiter: string;
}

const DELIMITERS = [',', ';', '\t', '|'];
/** The only column of an export of whole records. */
const ALONE = /^"?(?:eventJson|event_json|rawEvent|raw_event|_raw|AuditData)"?$/;
const NAME = /^[\p{L}_@#][\p{L}\p{N}_ .()/@#%'[\]-]{0,119}$/u;

/** The columns that a line names, by the delimiter that gives most of them; undefined where it does not look like a header. */
export function readCsvHeader(line: string): CsvHeader | undefined {
  if (ALONE.test(line)) return { names: [line.replaceAll('"', '')], delimiter: ',' };
  let best: CsvHeader | undefined;
  for (const delimiter of DELIMITERS) {
    if (!line.includes(delimiter)) continue;
    const row = readCsvRow(line, delimiter);
    if (row.kind !== 'row' || row.cells.length <= (best?.names.length ?? 1)) continue;
    const names = row.cells.map((name) => name.trim());
    // Blanks before a name are those of a sentence; behind one, exports have them too (`Application ID `).
    if (row.cells.some((name, at) => row.quoted?.[at] === false && name.trimEnd() !== names[at])) continue;
    if (names.every((name) => NAME.test(name)) && new Set(names).size === names.length) best = { names, delimiter };
  }
  return best;
}
