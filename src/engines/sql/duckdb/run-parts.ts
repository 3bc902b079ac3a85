import type { RecordId } from '../../../state/state-row.ts';
import type { Budget, Row } from '../../memory/index.ts';
import type { SqlPart } from '../split.ts';
import type { Database } from './database.ts';
import { cellValue, jsonOf } from './values.ts';

/**
 * The rows of a part, in their order; `logTypes` is told of what type the records are that they stand for. Throws `LimitReached` where they are more than a rule may
 * keep.
 */
export async function rowsOfPart(
  database: Database,
  part: SqlPart,
  budget: Budget,
  seconds: number,
  logTypes: Map<RecordId, string>,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  const at = new Map(part.query.columns.map(({ as }, index) => [as, index]));
  const columns = part.columns.map(({ name, as, kind }) => ({ name, kind, at: at.get(as) ?? -1 }));
  const values = part.record?.values.map(({ name, as }) => ({ name, at: at.get(as) ?? -1 }));
  const place = part.record === undefined ? undefined : at.get(part.record.place);
  for await (const rows of database.rows(part.query, seconds)) {
    for (const cells of rows) {
      const made = new Map(columns.map((column) => [column.name, cellValue(cells[column.at], column.kind)]));
      const where = place === undefined ? undefined : Number(cells[place] ?? 0);
      const stored = values && Object.fromEntries(values.map((one) => [one.name, jsonOf(cells[one.at] ?? null)]));
      const event = where === undefined ? undefined : (part.record?.table.eventAt?.(where) ?? stored);
      const source = where === undefined ? undefined : part.record?.table.sourceOf(where);
      const id = source && { order: found.length, place: source };
      if (id !== undefined) logTypes.set(id, part.record?.table.logType ?? '');
      const row: Row = { event, columns: made, ...(id !== undefined && { id }) };
      budget.keep(row);
      found.push(row);
    }
  }
  return found;
}
