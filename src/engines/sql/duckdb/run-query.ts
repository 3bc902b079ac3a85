import type { Input } from '../../../ir/plan/plan.ts';
import type { Query } from '../../../ir/plan/query.ts';
import type { RecordId } from '../../../state/state-row.ts';
import { type Budget, type Clock, type Row, runQuery, withBudget } from '../../memory/index.ts';
import type { TableOf } from '../push/plan.ts';
import { type SplitOptions, splitForSql } from '../split.ts';
import type { Database } from './database.ts';
import { SqlFailure } from './failure.ts';
import { rowsOfPart } from './run-parts.ts';

export interface RunOptions extends SplitOptions {
  readonly clock: Clock;
  readonly budget: Budget;
  /** How long DuckDB may take for a part. */
  readonly seconds: number;
}

export interface QueryRows {
  readonly rows: readonly Row[];
  /** The types of the records that rows stand for, by the rows' ids. */
  readonly logTypes: ReadonlyMap<RecordId, string>;
  /** A value was too large for SQL, so that the memory engine did all of it. */
  readonly inMemory: boolean;
}

/**
 * The rows of a bound query over stored tables: as much of it as SQL says exactly is DuckDB's, the rest the memory engine's.
 * Throws `LimitReached` and `SqlFailure`.
 */
export async function runInDuckdb(
  database: Database,
  query: Query,
  tableOf: TableOf,
  options: RunOptions,
): Promise<QueryRows> {
  try {
    return await run(database, query, tableOf, options);
  } catch (failed) {
    if (!(failed instanceof SqlFailure) || !failed.isOverflow || options.pushes === 'records') throw failed;
    return { ...(await run(database, query, tableOf, { ...options, pushes: 'records' })), inMemory: true };
  }
}

async function run(database: Database, query: Query, tableOf: TableOf, options: RunOptions): Promise<QueryRows> {
  const { parts, rest } = splitForSql(query, tableOf, options);
  const rows = new Map<string, readonly Row[]>();
  const logTypes = new Map<RecordId, string>();
  for (const part of parts)
    rows.set(part.name, await rowsOfPart(database, part, options.budget, options.seconds, logTypes));
  const rowsOf = (leaf: Pick<Input, 'kind' | 'name'>): readonly Row[] => rows.get(leaf.name) ?? [];
  const found = runQuery(
    rest,
    (leaf) => (leaf.kind === 'input' ? rowsOf(leaf) : []),
    withBudget(options.clock, options.budget),
  );
  return { rows: found, logTypes, inMemory: false };
}
