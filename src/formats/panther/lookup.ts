import { diagnostic } from '../../base/diagnostic.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { LookupTable } from '../../ir/rule/python.ts';
import type { MapFields } from '../../languages/panther/index.ts';
import type { LoadContext } from '../rule-file.ts';
import { readNamedFile } from './file.ts';

/**
 * A `lookup_table`. Rows come from the file beside it that `Filename` names: CSV with a head line, a JSON array, or JSON
 * lines. Tables that the service refreshes from elsewhere have no rows here.
 */
export function readLookupTable(path: string, fields: MapFields, context: LoadContext): LookupTable | undefined {
  const name = fields.name('LookupName');
  const enabled = fields.boolean('Enabled') ?? true;
  const map = fields.map('LogTypeMap');
  if (!fields.has('LogTypeMap')) fields.missing('LogTypeMap');
  const types = map && fields.inside(map, 'LogTypeMap');
  const primaryKey = types?.requiredText('PrimaryKey');
  const selectors = (types?.maps('AssociatedLogTypes') ?? []).flatMap((type) => {
    const logType = type.requiredText('LogType');
    return logType === undefined ? [] : [{ logType, fields: type.texts('Selectors') }];
  });
  if (!fields.has('Filename') && !fields.has('Refresh')) fields.missing('Filename');
  if (fields.has('Refresh')) fields.map('Refresh');
  const filename = fields.text('Filename');
  if (name === undefined || primaryKey === undefined) return undefined;
  const rows = filename === undefined ? [] : readRows(path, filename, fields, context);
  return { name, enabled, primaryKey, selectors, rows };
}

function readRows(path: string, filename: string, fields: MapFields, context: LoadContext): JsonObject[] {
  const span = fields.node.get('Filename')?.span ?? fields.node.span;
  const fail = (reason: string): JsonObject[] => {
    fields.diagnostics.push(diagnostic('panther/lookup-data', { file: filename, reason }, span));
    return [];
  };
  const params = { file: filename, reason: 'there is no such file' };
  const found = readNamedFile(path, filename, span, context, () => diagnostic('panther/lookup-data', params, span));
  if ('code' in found) {
    fields.diagnostics.push(found);
    return [];
  }
  const { text } = found;
  if (/\.csv$/i.test(filename)) return csvRows(text);
  try {
    const whole: unknown = text.trimStart().startsWith('[')
      ? JSON.parse(text)
      : text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as unknown]));
    const rows = Array.isArray(whole) ? whole : [];
    return rows.every(isJsonObject) ? rows : fail('its rows are not JSON objects');
  } catch (failed) {
    return fail(failed instanceof Error ? failed.message : String(failed));
  }
}

/** RFC 4180: quoted fields may hold commas, quotes and line ends. */
function csvRows(text: string): JsonObject[] {
  const lines: string[][] = [];
  let line: string[] = [];
  for (const [, quoted, plain = '', end = ''] of text.matchAll(
    /(?:"([^"]*(?:""[^"]*)*)(?:"|$)|([^,\r\n]*))(,|\r?\n|\r|$)/g,
  )) {
    line.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (line.length > 1 || line[0] !== '') lines.push(line);
    line = [];
  }
  const [head = [], ...rows] = lines;
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name.trim(), row[at] ?? ''])));
}
