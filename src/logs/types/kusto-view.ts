import { MISSING } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { View, ViewField } from '../../ir/view.ts';
import { kustoColumnType } from '../../schemas/kusto.ts';
import { column } from './view-terms.ts';

/**
 * A view as a Kusto table. Columns that the log cannot fill are there as in any row: strings are empty, anything else is
 * null. `rest` gives the columns that are not listed out of the record; those of a table that nobody knows are dynamic.
 */
export function kustoTable(
  logType: string,
  table: string,
  when: Expr | null,
  fields: Iterable<readonly [string, ViewField]>,
  rest: (name: string) => Expr = () => MISSING,
): View {
  return {
    schema: 'kusto',
    table,
    logType,
    when,
    fields: new Map(fields),
    families: [{ prefix: '', field: (name) => column(kustoColumnType(table, name) ?? 'dynamic', rest(name)) }],
    otherwise: 'missing',
  };
}
