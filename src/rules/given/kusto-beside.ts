import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { isJsonObject, type Json } from '../../base/json.ts';
import type { SourceText } from '../../base/source-text.ts';
import type { ValueType } from '../../ir/types.ts';
import type { GivenKind, GivenRows, Schema } from '../../ir/view.ts';
import { typeDescribed } from '../../languages/kusto/index.ts';
import { reasonOf } from '../find-files.ts';
import { loadGivenRows } from './given-rows.ts';
import { loadSavedFunctions } from './kusto-functions.ts';
import { readGiven } from './read-given.ts';

/** What Kusto queries need that does not stand in their files. */
export interface KustoPaths {
  /** Files of watchlists, by their aliases. */
  readonly watchlists?: ReadonlyMap<string, string>;
  /** Files for what `externaldata` reads, by its addresses, and for `FileProfile`. */
  readonly external?: ReadonlyMap<string, string>;
  /** Files of tables and the types of their columns: `{TABLE: {cols: [[name, type]]}}`, or what `getschema` gives, as `TABLE.csv`. */
  readonly tableSchemas?: readonly string[];
  /** Folders of saved functions. */
  readonly functions?: readonly string[];
  /** A file in MaxMind's format, for `geo_info_from_ip_address`. */
  readonly geoip?: string;
}

export interface KustoBeside {
  /** The schema with what the user gives. */
  readonly extend: (schema: Schema) => Schema;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads all of it; what cannot be read is told, and is not there. */
export async function loadKustoBeside(paths: KustoPaths, sources: Map<string, SourceText>): Promise<KustoBeside> {
  const diagnostics: Diagnostic[] = [];
  const read = (path: string): Promise<string | undefined> => readGiven(path, sources, diagnostics);
  const given = new Map<string, GivenRows>();
  const add = async (kind: GivenKind, files: ReadonlyMap<string, string> | undefined): Promise<void> => {
    for (const [name, path] of files ?? []) {
      const text = await read(path);
      if (text !== undefined) given.set(keyOf(kind, name), loadGivenRows(path, text, diagnostics));
    }
  };
  await add('watchlist', paths.watchlists);
  await add('external', paths.external);
  const tables = new Map<string, ReadonlyMap<string, ValueType>>();
  for (const path of paths.tableSchemas ?? []) {
    const text = await read(path);
    for (const [name, columns] of text === undefined ? [] : tablesIn(path, text, diagnostics))
      tables.set(name, columns);
  }
  const functions = await loadSavedFunctions(paths.functions ?? [], sources, diagnostics);
  const geoDatabase = await readableDatabase(paths.geoip, diagnostics);
  return {
    extend: (schema) => ({ ...extended(schema, given, tables, functions), geoDatabase: () => geoDatabase }),
    diagnostics,
  };
}

/** Whether the file can be opened is found out before a rule is run. */
async function readableDatabase(path: string | undefined, diagnostics: Diagnostic[]): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    const { Reader } = await import('mmdb-lib');
    new Reader(await readFile(path));
    return resolve(path);
  } catch (failed) {
    diagnostics.push(diagnostic('input/unreadable', { path, reason: reasonOf(failed) }));
    return undefined;
  }
}

function keyOf(kind: GivenKind, name: string): string {
  return `${kind} ${kind === 'watchlist' ? name.toLowerCase() : name}`;
}

function extended(
  schema: Schema,
  given: ReadonlyMap<string, GivenRows>,
  tables: ReadonlyMap<string, ReadonlyMap<string, ValueType>>,
  functions: ReadonlyMap<string, SourceText>,
): Schema {
  const own = (table: string | undefined): ReadonlyMap<string, ValueType> | undefined => tables.get(table ?? '');
  return {
    ...schema,
    typeOf: (field, table) => {
      const columns = own(table);
      return columns === undefined ? schema.typeOf(field, table) : columns.get(field);
    },
    fieldNames: (table) => own(table)?.keys() ?? schema.fieldNames(table),
    tableNames: () => new Set([...tables.keys(), ...(schema.tableNames?.() ?? [])]),
    given: (kind, name) => given.get(keyOf(kind, name)),
    savedFunction: (name) => functions.get(name),
  };
}

/** What no type is called is dynamic: any value may stand there. */
function typeNamed(name: Json | undefined): ValueType {
  return typeDescribed(String(name ?? '')) ?? 'dynamic';
}

/** The tables that a file describes. */
function tablesIn(
  path: string,
  text: string,
  diagnostics: Diagnostic[],
): readonly (readonly [string, ReadonlyMap<string, ValueType>])[] {
  if (!/\.json$/i.test(path)) {
    const { columns, rows } = loadGivenRows(path, text, diagnostics);
    const [name, type] = [
      columns.indexOf('ColumnName'),
      Math.max(columns.indexOf('ColumnType'), columns.indexOf('DataType')),
    ];
    if (name === -1 || type === -1) {
      const reason = 'it has no columns ColumnName and ColumnType, as getschema gives them';
      diagnostics.push(diagnostic('input/unreadable', { path, reason }));
      return [];
    }
    const described = rows.map((row): [string, ValueType] => [String(row[name] ?? ''), typeNamed(row[type])]);
    return [[basename(path, extname(path)), new Map(described)]];
  }
  const bad = (reason: string): [] => {
    diagnostics.push(diagnostic('input/unreadable', { path, reason }));
    return [];
  };
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (failed) {
    return bad(failed instanceof Error ? failed.message : String(failed));
  }
  if (!isJsonObject(json)) return bad('it is not an object of tables');
  return Object.entries(json).flatMap(([name, table]) => {
    const columns = isJsonObject(table) ? table['cols'] : undefined;
    if (!Array.isArray(columns)) return bad(`its table ${name} has no list \`cols\``);
    const described = columns.flatMap((column): [string, ValueType][] =>
      Array.isArray(column) ? [[String(column[0] ?? ''), typeNamed(column[1] as Json)]] : [],
    );
    return [[name, new Map(described)] as const];
  });
}
