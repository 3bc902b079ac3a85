import type { Schema } from '../../ir/view.ts';
import { logTypes } from '../../logs/registry.ts';
import { kustoSchema } from '../../schemas/kusto.ts';

/** The tables of Sentinel and Defender, and which of them log types have views of. */
export function kustoSchemaWithLogs(): Schema {
  const tables = logTypes.flatMap(({ views }) =>
    views.flatMap(({ schema, table }) => (schema === 'kusto' && table !== undefined ? [table] : [])),
  );
  const present = [...new Set(tables)].sort();
  return { ...kustoSchema, presentTables: () => present };
}
