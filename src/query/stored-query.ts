import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Json } from '../base/json.ts';
import { ROW_LIMITS, type RowLimits } from '../base/row-limits.ts';
import { RuleFaults } from '../detect/plans/rule-faults.ts';
import { EventTimes } from '../detect/seen/event-times.ts';
import { Budget, type Row } from '../engines/memory/index.ts';
import { pipeline } from '../engines/pipeline.ts';
import {
  type Database,
  type QueryRows,
  rowTable,
  runInDuckdb,
  SqlFailure,
  type StoredTable,
} from '../engines/sql/duckdb/index.ts';
import { printDuckdb, type SqlTable, settleClock, splitForSql } from '../engines/sql/index.ts';
import { readsClock } from '../ir/clock.ts';
import { call } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import type { Plan } from '../ir/plan/plan.ts';
import type { Query } from '../ir/plan/query.ts';
import { printQuery } from '../ir/print/print-plan.ts';
import { plansOf, type Rule } from '../ir/rule/rule.ts';
import { expressions, planNodes } from '../ir/traverse.ts';
import { bindingOf } from '../logs/binding.ts';
import { relocate } from '../passes/bind.ts';
import { fromEpochMs } from '../values/date-time.ts';
import { LatestTime } from '../values/latest-time.ts';
import { toJson } from '../values/text-of.ts';
import type { DateTime } from '../values/value.ts';
import type { FoundEvent } from './found.ts';
import type { QueryTable } from './query-tables.ts';

export interface StoredQueryOptions {
  readonly database: Database;
  /** All tables, by their names; those that are not stored have their rows. */
  readonly tables: readonly QueryTable[];
  readonly stored: ReadonlyMap<string, StoredTable>;
  /** `duckdb`: as much as it can say; `memory`: it reads rows, and no more. */
  readonly engine: 'duckdb' | 'memory';
  readonly now: DateTime | undefined;
  readonly rowLimits: RowLimits | undefined;
}

export interface StoredRows {
  /** The rows' columns, where the query makes its own. */
  readonly rows: readonly Readonly<Record<string, Json>>[];
  /** The records that rows stand for, where they do. */
  readonly events: readonly FoundEvent[];
  /** How many rows the tables have. */
  readonly read: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Runs a query over tables of which some are stored. */
export async function runStored(rule: Rule, options: StoredQueryOptions): Promise<StoredRows> {
  const { database, engine, rowLimits = ROW_LIMITS } = options;
  const faults = new RuleFaults();
  const diagnostics: Diagnostic[] = [];
  const none: QueryRows = { rows: [], logTypes: new Map(), inMemory: false };
  let read = 0;
  let found = none;
  const tables = await sqlTables(options);
  try {
    for (const table of tables.values()) read += await countRows(database, table, rowLimits.seconds);
    const now = await timeOf(rule, options, tables);
    const query = boundQuery(rule, options.tables, now);
    const budget = new Budget(rowLimits);
    let refused: SqlFailure | undefined;
    found = await faults.guardAll(rule, none, async () => {
      try {
        return await runInDuckdb(database, query, (logType) => tables.get(logType), {
          clock: { now },
          budget,
          seconds: rowLimits.seconds,
          showsRecords: rule.logic.columns === undefined,
          pushes: engine === 'duckdb' ? 'all' : 'records',
        });
      } catch (failed) {
        // That is no fault of the query's.
        if (!(failed instanceof SqlFailure)) throw failed;
        refused = failed;
        return none;
      }
    });
    if (refused !== undefined) throw refused;
    if (found.inMemory) diagnostics.push(diagnostic('stored/in-memory', { reason: 'its numbers go beyond 64 bits' }));
  } catch (failed) {
    if (!(failed instanceof SqlFailure)) throw failed;
    diagnostics.push(diagnostic('stored/failed', { reason: failed.reason }));
  }
  return {
    rows: found.rows.map(cellsOf),
    events: eventsOfRows(found, options.tables),
    read,
    diagnostics: [...diagnostics, ...faults.diagnostics()],
  };
}

/** How a query would be run: what DuckDB is asked, and what the memory engine does with its rows. */
export async function planStored(rule: Rule, options: StoredQueryOptions): Promise<string> {
  const tables = await sqlTables(options);
  const now = await timeOf(rule, options, tables);
  const { parts, rest, reasons } = splitForSql(boundQuery(rule, options.tables, now), (name) => tables.get(name), {
    showsRecords: rule.logic.columns === undefined,
    pushes: options.engine === 'duckdb' ? 'all' : 'records',
  });
  const sql = parts.map(({ name, query }) => `-- ${name}: DuckDB\n${printDuckdb(query)}`);
  const left = rest.shared.length === 0 && rest.result.kind === 'input' ? '(nothing)' : printQuery(rest);
  const why = reasons.map(({ operator, reason }) => `-- ${operator} is not in SQL: ${reason}`);
  return [...sql, ['-- the memory engine, over these rows', ...why, left].join('\n')].join('\n\n');
}

async function sqlTables({ database, tables, stored }: StoredQueryOptions): Promise<ReadonlyMap<string, SqlTable>> {
  const found = new Map<string, SqlTable>();
  for (const { name, columns, rows, type } of tables) {
    const table = stored.get(name)?.sql ?? (await rowTable(database, type.name, columns, rows));
    found.set(type.name, table);
  }
  return found;
}

/** The rule's plan over the tables' own columns. */
function boundQuery(rule: Rule, tables: readonly QueryTable[], now: DateTime): Query {
  const { plan, columns, shared } = rule.logic;
  const prepared = pipeline.prepare(
    settleClock(plan, now),
    columns,
    shared?.map((one) => ({ ...one, plan: settleClock(one.plan, now) })),
  );
  const feeds = new Map(
    prepared.feeds.map((feed): [string, Plan] => {
      const bound = tables
        .map(({ type, shape }) => pipeline.residual(feed.plan, bindingOf(type, shape)))
        .filter(({ kind }) => kind !== 'never');
      const [only] = bound;
      if (only === undefined) return [feed.name, { kind: 'never' }];
      return [feed.name, bound.length === 1 ? only : { kind: 'union', inputs: bound }];
    }),
  );
  return pipeline.over(prepared, feeds);
}

/** The time of the run: what the user says, else the time of the last row, where the query asks. */
async function timeOf(
  rule: Rule,
  options: StoredQueryOptions,
  tables: ReadonlyMap<string, SqlTable>,
): Promise<DateTime> {
  const { database, now, rowLimits = ROW_LIMITS } = options;
  if (now !== undefined) return now;
  const asks = plansOf(rule.logic).some((plan) =>
    [...planNodes(plan)].some((node) => expressions(node).some(readsClock)),
  );
  if (!asks) return fromEpochMs(0);
  const latest = new LatestTime();
  for (const { type, shape } of options.tables) {
    const time = relocate(type.time, bindingOf(type, shape));
    const table = tables.get(type.name);
    const last = table === undefined ? undefined : lastStamp(time, table);
    const records: Plan = { kind: 'records', logType: type.name };
    const result: Plan =
      last === undefined
        ? { kind: 'extend', input: records, columns: [{ name: 'time', expr: time }] }
        : { kind: 'summarize', input: records, by: [], aggregates: [{ fn: 'max', names: ['time'], args: [last] }] };
    const { rows } = await runInDuckdb(database, { shared: [], result }, (name) => tables.get(name), {
      clock: { now: fromEpochMs(0) },
      budget: new Budget(rowLimits),
      seconds: rowLimits.seconds,
      showsRecords: false,
      pushes: last === undefined ? 'records' : 'all',
    });
    for (const { columns } of rows) latest.follow(columns.get('time'));
  }
  return latest.latest ?? fromEpochMs(Date.now());
}

/** The first of several times of SQL that is there, where a row's time is that; undefined where it may be anything else. */
function lastStamp(time: Expr, table: SqlTable): Expr | undefined {
  const places = time.kind === 'call' && time.fn === 'view.coalesce' ? time.args : [time];
  const isTime = (place: Expr): boolean => {
    if (place.kind !== 'raw') return false;
    return place.paths.every(([name = '', ...more]) => {
      const own = table.own(name);
      return own === 'absent' || (own?.stamp !== undefined && more.length === 0);
    });
  };
  if (places.length === 0 || !places.every(isTime)) return undefined;
  return places.reduceRight<Expr>(
    (otherwise, place) => ({
      kind: 'cond',
      branches: [{ when: { kind: 'is-null', subject: place }, then: otherwise }],
      otherwise: call('convert.datetime', [place]),
    }),
    { kind: 'literal', type: 'datetime', value: null },
  );
}

/** How many rows a table has. */
async function countRows(database: Database, { from }: SqlTable, seconds: number): Promise<number> {
  const count = { expr: { kind: 'aggregate', fn: 'count', args: [] }, as: 'rows' } as const;
  for await (const [row] of database.rows({ kind: 'select', columns: [count], from, where: [] }, seconds)) {
    return Number(row?.[0] ?? 0);
  }
  return 0;
}

/** What a language makes for itself on the way begins with `$`. */
function cellsOf({ columns }: Row): Readonly<Record<string, Json>> {
  const told = [...columns].filter(([name]) => !name.startsWith('$'));
  return Object.fromEntries(told.map(([name, value]) => [name, toJson(value)]));
}

function eventsOfRows({ rows, logTypes }: QueryRows, tables: readonly QueryTable[]): readonly FoundEvent[] {
  const times = new EventTimes();
  const byName = new Map(tables.map((table) => [table.type.name, table]));
  return rows.flatMap(({ event, id }) => {
    const table = byName.get((id && logTypes.get(id)) ?? '');
    if (event === undefined || id === undefined || table === undefined) return [];
    const time = times.of(event, table.type, table.shape);
    const record = { event, logType: table.type.name, shape: table.shape.name, source: id.place };
    return [{ record, time: time.kind === 'missing' ? undefined : time.text }];
  });
}
