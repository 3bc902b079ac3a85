import type { Diagnostic } from '../base/diagnostic.ts';
import type { ColumnType } from '../ir/plan/plan.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { eventsResult } from './found.ts';
import type { QueryOptions, QueryResult } from './query.ts';
import { planStored, runStored } from './stored-query.ts';
import type { TableStore } from './table-store.ts';
import { withUnpacked } from './unpacked-columns.ts';

/** What a query over stored tables comes to. */
export async function storedResult(
  rule: Rule,
  columns: readonly ColumnType[] | undefined,
  store: TableStore,
  { engine = 'memory', now, rowLimits, plans }: QueryOptions,
  said: readonly Diagnostic[],
): Promise<Partial<QueryResult>> {
  const options = { ...store, engine, now, rowLimits };
  if (plans === true) return { ok: true, plan: await planStored(rule, options) };
  const { rows, events, read, diagnostics } = await runStored(rule, options);
  const common = { ok: true, diagnostics: [...said, ...diagnostics], read };
  if (columns === undefined) return { ...common, ...eventsResult(events) };
  const all = withUnpacked(rule.logic.plan, columns, rows);
  return { ...common, columns: all, rows: rows.map((row) => all.map(({ name }) => row[name] ?? null)) };
}
