import type { Span } from '../../../../base/span.ts';
import type { Plan } from '../../../../ir/plan/plan.ts';
import { type Column, Columns, type Context, type Table } from '../scope.ts';

/** A table of the schema, or one that it does not know: then its columns are taken as they come. */
export function sourceTable(context: Context, name: string, span: Span): Table {
  context.readTable(name, span);
  const plan: Plan = { kind: 'source', schema: 'kusto', table: name, scope: null };
  const names = context.schema.fieldNames(name);
  if (names === undefined) return { plan, columns: new Columns([], true), shaped: false, made: [], name };
  const list: Column[] = [];
  for (const column of names) list.push({ name: column, type: columnType(context, column, name) });
  return { plan, columns: new Columns(list, false, [], false, true), shaped: false, made: [], name };
}

/** A table of which nothing is known: what an error leaves. */
export function nothing(): Table {
  return { plan: { kind: 'never' }, columns: new Columns([], true, [], true), shaped: true, made: [] };
}

function columnType(context: Context, column: string, table: string): Column['type'] {
  const type = context.schema.typeOf(column, table);
  switch (type) {
    case 'bool':
    case 'int':
    case 'long':
    case 'real':
    case 'decimal':
    case 'string':
    case 'datetime':
    case 'timespan':
    case 'guid':
    case 'dynamic':
      return type;
    // What only Elasticsearch has is no column's type.
    case 'keyword':
    case 'constant_keyword':
    case 'wildcard':
    case 'text':
    case 'match_only_text':
    case 'double':
    case 'boolean':
    case 'date':
    case 'ip':
    case 'version':
    case 'object':
    case 'nested':
    case 'flattened':
    case 'geo_point':
    case undefined:
      return 'unknown';
  }
}
