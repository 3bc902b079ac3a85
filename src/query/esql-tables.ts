import type { Diagnostic } from '../base/diagnostic.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { InputRecord } from '../detect/session.ts';
import { type IndexType, indexType } from '../logs/index-documents.ts';
import { readLogs } from '../logs/input/index.ts';
import { readTextFile } from '../rules/read-text.ts';
import { type IndexField, searchedAs } from '../schemas/index-mapping.ts';

/** A table that the user gave as files of rows, as an index of those documents. */
export interface EsqlTable {
  readonly type: IndexType;
  readonly records: readonly InputRecord[];
}

/**
 * Reads tables. A line of names with types (`name:type`) at the head of a CSV file says what its columns are, in Elasticsearch's words;
 * a cell `[a,b]` has several values, an empty one none. Of other files the types are read off the values.
 */
export async function readEsqlTables(
  given: ReadonlyMap<string, readonly string[]>,
): Promise<{ readonly tables: readonly EsqlTable[]; readonly diagnostics: readonly Diagnostic[] }> {
  const tables: EsqlTable[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [name, paths] of given) {
    const columns = new Map<string, string>();
    const rows: { readonly event: JsonObject; readonly source: InputRecord['source'] }[] = [];
    for (const path of paths) {
      const typed = readTyped(path);
      if (typed !== undefined) {
        for (const [column, type] of typed.columns) columns.set(column, type);
        rows.push(...typed.rows);
        continue;
      }
      for await (const batch of readLogs([path])) {
        for (const { event, source } of batch.events) {
          rows.push({ event, source });
          for (const [column, value] of Object.entries(event)) infer(columns, column, value);
        }
        diagnostics.push(...batch.diagnostics);
      }
    }
    const type = indexType(name, {
      fields: new Map([...columns].map(([column, mapped]) => [column, fieldOf(mapped)])),
      families: [],
    });
    tables.push({ type, records: rows.map((row) => ({ ...row, as: type })) });
  }
  return { tables, diagnostics };
}

function fieldOf(mapped: string): IndexField {
  return { type: searchedAs(mapped), mapped };
}

interface TypedRows {
  readonly columns: ReadonlyMap<string, string>;
  readonly rows: readonly { readonly event: JsonObject; readonly source: InputRecord['source'] }[];
}

const HEADER = /^[^,:"]+:[a-z_]+(?:,[^,:"]+:[a-z_]+)*$/;

/** Undefined where the file is no CSV file with types in its head. */
function readTyped(path: string): TypedRows | undefined {
  if (!/\.csv$/i.test(path)) return undefined;
  const read = readTextFile(path);
  const [head = '', ...lines] = read.ok ? read.text.split(/\r?\n/) : [];
  if (!HEADER.test(head.replaceAll(' ', ''))) return undefined;
  const columns = head.split(',').map((column) => {
    const at = column.lastIndexOf(':');
    return [
      column.slice(0, at).trim(),
      ALIASES.get(column.slice(at + 1).trim()) ?? column.slice(at + 1).trim(),
    ] as const;
  });
  const rows = lines.flatMap((line, at) => {
    if (line.trim() === '') return [];
    const cells = cellsOf(line);
    const entries = columns.flatMap(([name, type], place): readonly [string, Json][] => {
      const value = cellValue(cells[place] ?? '', type);
      return value === null ? [] : [[name, value]];
    });
    return [{ event: Object.fromEntries(entries), source: { file: path, line: at + 2 } }];
  });
  return { columns: new Map(columns), rows };
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['datetime', 'date'],
  ['string', 'keyword'],
  ['s', 'keyword'],
  ['int', 'integer'],
  ['i', 'integer'],
  ['l', 'long'],
  ['d', 'double'],
  ['bool', 'boolean'],
  ['ul', 'unsigned_long'],
  ['dt', 'date'],
  ['v', 'version'],
]);

/** Cells between commas; what stands between quotes or in square brackets is one cell. */
function cellsOf(line: string): readonly string[] {
  const cells: string[] = [];
  let cell = '';
  let depth = 0;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === '"' && cell.trim() === '' && depth === 0) {
      const end = closingQuote(line, at);
      cell = line.slice(at + 1, end).replaceAll('""', '"');
      at = end;
    } else if (character === '\\' && (line[at + 1] === ',' || line[at + 1] === '[' || line[at + 1] === ']')) {
      cell += line.slice(at, at + 2);
      at += 1;
    } else if (character === ',' && depth === 0) {
      cells.push(cell.trim());
      cell = '';
    } else {
      if (character === '[' && cell.trim() === '') depth = 1;
      else if (character === ']') depth = 0;
      cell += character;
    }
  }
  return [...cells, cell.trim()];
}

function closingQuote(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] !== '"') continue;
    if (line[at + 1] !== '"') return at;
    at += 1;
  }
  return line.length;
}

function cellValue(cell: string, type: string): Json {
  if (cell === '' || cell === 'null') return null;
  const several = /^\[(.*)\]$/.exec(cell)?.[1];
  if (several === undefined) return scalarOf(cell, type);
  if (several.trim() === '') return null;
  const parts = several.split(/(?<!\\),/).map((part) => scalarOf(part.trim(), type));
  return parts.filter((part) => part !== null);
}

function scalarOf(written: string, type: string): Json {
  const text = written.replace(/\\([,[\]])/g, '$1').replace(/^"(.*)"$/, '$1');
  switch (type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'unsigned_long':
      return /^[+-]?\d+$/.test(text) ? whole(BigInt(text)) : Number(text);
    case 'double':
    case 'float':
    case 'half_float':
    case 'scaled_float':
      return Number(text);
    case 'boolean':
      return text === 'true';
    default:
      return text;
  }
}

function whole(value: bigint): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** What a column is by its values: the widest of what they are. */
function infer(columns: Map<string, string>, name: string, value: Json): void {
  const type = typeOf(Array.isArray(value) ? (value[0] ?? null) : value);
  const known = columns.get(name);
  if (type === undefined) return;
  if (known === undefined || (known === 'long' && type === 'double')) columns.set(name, type);
  else if (known !== type && !(known === 'double' && type === 'long')) columns.set(name, 'keyword');
}

function typeOf(value: Json): string | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'bigint':
      return 'long';
    case 'number':
      return Number.isInteger(value) ? 'long' : 'double';
    case 'string':
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) ? 'date' : 'keyword';
    default:
      return undefined;
  }
}
