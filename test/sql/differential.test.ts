import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIGINT, DuckDBInstance, DuckDBTimestampNanosecondsValue, DuckDBTimestampValue, LIST } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Json, type JsonObject, stringifyJson } from '../../src/base/json.ts';
import { Budget, type Row, rowOf, runPlan } from '../../src/engines/memory/index.ts';
import { Database, parquetTable, rowTable, runInDuckdb } from '../../src/engines/sql/duckdb/index.ts';
import { type SqlTable, splitForSql } from '../../src/engines/sql/index.ts';
import type { SqlQuery } from '../../src/engines/sql/tree/select.ts';
import type { Plan } from '../../src/ir/plan/plan.ts';
import { printPlan } from '../../src/ir/print/print-plan.ts';
import { EPOCH_TICKS } from '../../src/values/date-time.ts';
import { momentOf } from '../../src/values/moment.ts';
import { toJson } from '../../src/values/text-of.ts';
import { DateTime } from '../../src/values/value.ts';
import { plans } from './arbitrary-plans.ts';
import { COLUMNS, rows } from './arbitrary-tables.ts';

const LIMITS = { rows: 1_000_000, seconds: 60 };
const clock = { now: new DateTime(638_396_640_000_000_000n) };

let database: Database;
let count = 0;

beforeAll(async () => {
  database = await Database.open();
});

afterAll(async () => {
  await database.close();
});

async function tableOf(events: readonly JsonObject[]): Promise<SqlTable> {
  count += 1;
  return rowTable(
    database,
    `t${count}`,
    COLUMNS,
    events.map((event, at) => ({ event, source: { file: 'rows', line: at + 1 } })),
  );
}

/** What can be told of rows: a null is not told from what is missing, nor 0 from -0. */
function told(found: readonly Row[]): readonly string[] {
  return found.map(({ columns }) => {
    const cells = [...columns]
      .map(([name, value]): [string, Json] => [name, toJson(value)])
      .filter(([, value]) => value !== null);
    return stringifyJson(Object.fromEntries(cells.sort(([a], [b]) => (a < b ? -1 : 1))));
  });
}

const PER_TABLE = 10;
const OPTIONS = { clock, seconds: 60, showsRecords: true } as const;

async function run(
  on: Database,
  tables: ReadonlyMap<string, SqlTable>,
  plan: Plan,
  pushes: 'all' | 'records',
): Promise<readonly Row[]> {
  const options = { ...OPTIONS, budget: new Budget(LIMITS), pushes };
  return (await runInDuckdb(on, { shared: [], result: plan }, (name) => tables.get(name), options)).rows;
}

function isWhole(tables: ReadonlyMap<string, SqlTable>, plan: Plan): boolean {
  const { rest } = splitForSql({ shared: [], result: plan }, (name) => tables.get(name), {
    showsRecords: true,
    pushes: 'all',
  });
  return rest.result.kind === 'input';
}

function inMemory(plan: Plan, events: ReadonlyMap<string, readonly JsonObject[]>): readonly Row[] {
  return runPlan(plan, (leaf) => (leaf.kind === 'records' ? (events.get(leaf.logType) ?? []).map(rowOf) : []), clock);
}

const manyPlans = fc.array(plans, { minLength: PER_TABLE, maxLength: PER_TABLE });

it('gives the rows of the memory engine, for any plan over any tables', async () => {
  let whole = 0;
  let all = 0;
  const property = fc.asyncProperty(rows, rows, manyPlans, async (a, b, found) => {
    const events = new Map([
      ['table.A', a],
      ['table.B', b],
    ]);
    const tables = new Map([
      ['table.A', await tableOf(a)],
      ['table.B', await tableOf(b)],
    ]);
    for (const plan of found) {
      all += 1;
      if (isWhole(tables, plan)) whole += 1;
      expect(told(await run(database, tables, plan, 'all')), printPlan(plan)).toEqual(told(inMemory(plan, events)));
    }
  });
  await fc.assert(property, { numRuns: 10_000 / PER_TABLE });
  // A difference can only be found in what is pushed.
  expect(whole).toBeGreaterThan(all / 4);
});

it('gives the rows that the memory engine makes of the records of Parquet files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-parquet-'));
  const property = fc.asyncProperty(rows, rows, rows, manyPlans, async (a, b, more, found) => {
    count += 1;
    const [one, two, three] = ['a', 'b', 'more'].map((name) => join(folder, `${name}${count}.parquet`));
    const paths = { a: [one ?? '', three ?? ''], b: [two ?? ''] };
    await Promise.all([writeParquet(one ?? '', a), writeParquet(two ?? '', b), writeParquet(three ?? '', more)]);
    const tables = new Map([
      ['table.A', (await parquetTable(database, 'table.A', paths.a)).sql],
      ['table.B', (await parquetTable(database, 'table.B', paths.b)).sql],
    ]);
    for (const plan of found) {
      const wanted = told(await run(database, tables, plan, 'records'));
      expect(told(await run(database, tables, plan, 'all')), printPlan(plan)).toEqual(wanted);
    }
  });
  try {
    await fc.assert(property, { numRuns: 2_000 / PER_TABLE });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Faults as they are easily made: each changes one kind of node of what DuckDB is asked. */
const FAULTS: Readonly<Record<string, (node: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>>> =
  {
    'the bound of a comparison': (node) => (node['op'] === '<=' ? { ...node, op: '<' } : node),
    'nulls that are no keys': (node) => (node['op'] === 'same' ? { ...node, op: '=' } : node),
    'the place of nulls': (node) => (node['nulls'] === 'first' ? { ...node, nulls: 'last' } : node),
    'what is unknown': (node) => (node['kind'] === 'call' && node['fn'] === 'coalesce' ? firstOf(node) : node),
    'the first of equal rows': (node) => (node['fn'] === 'arg-max' ? { ...node, fn: 'arg-min' } : node),
    'letters beyond ASCII': (node) => (node['fn'] === 'lower' ? { ...node, fn: 'concat' } : node),
  };

function firstOf({ args }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Array.isArray(args) ? args[0] : {};
}

function* cases(most: number): Generator<readonly [readonly JsonObject[], readonly JsonObject[], readonly Plan[]]> {
  const some = fc.tuple(rows, rows, manyPlans);
  for (let seed = 1; seed <= most; seed += 1) yield* fc.sample(some, { numRuns: 1, seed });
}

it.each(Object.keys(FAULTS))('finds a fault in %s', { tags: ['large'] }, async (name) => {
  const change = FAULTS[name];
  const planted = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(planted);
    if (typeof node !== 'object' || node === null) return node;
    const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, planted(value)]));
    return change?.(inner) ?? inner;
  };
  const faulty = Object.create(database, {
    rows: { value: (query: SqlQuery, seconds: number) => database.rows(planted(query) as SqlQuery, seconds) },
  }) as Database;
  // As many as it takes, whatever the most that properties are tried.
  for (const [a, b, found] of cases(500)) {
    const events = new Map([
      ['table.A', a],
      ['table.B', b],
    ]);
    const tables = new Map([
      ['table.A', await tableOf(a)],
      ['table.B', await tableOf(b)],
    ]);
    for (const plan of found) {
      const got = await run(faulty, tables, plan, 'all').then(told, () => ['failed']);
      if (stringifyJson([...got]) !== stringifyJson([...told(inMemory(plan, events))])) return;
    }
  }
  expect.fail('no difference was found');
});

/** Rows as Parquet, in columns of these types. */
async function writeParquet(path: string, events: readonly JsonObject[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    'CREATE TABLE r (s VARCHAR, "S 2" VARCHAR, n BIGINT, k INTEGER, r DOUBLE, b BOOLEAN, t TIMESTAMP, u TIMESTAMP_NS, d VARCHAR, m BIGINT[])',
  );
  const appender = await connection.createAppender('r');
  for (const event of events) {
    const text = (name: string): void => {
      const value = event[name];
      if (typeof value === 'string') appender.appendVarchar(value);
      else appender.appendNull();
    };
    text('s');
    text('S');
    const { n, k, r, b, t, u } = event;
    if (typeof n === 'number' || typeof n === 'bigint') appender.appendBigInt(BigInt(n));
    else appender.appendNull();
    if (typeof k === 'number') appender.appendInteger(k);
    else appender.appendNull();
    if (typeof r === 'number') appender.appendDouble(r);
    else appender.appendNull();
    if (typeof b === 'boolean') appender.appendBoolean(b);
    else appender.appendNull();
    const moment = momentOf(t ?? null);
    if (moment === undefined) appender.appendNull();
    else appender.appendTimestamp(new DuckDBTimestampValue((moment - EPOCH_TICKS) / 10n));
    const fine = momentOf(u ?? null);
    if (fine === undefined || String(u).startsWith('0001') || String(u).startsWith('9999')) appender.appendNull();
    else appender.appendTimestampNanoseconds(new DuckDBTimestampNanosecondsValue((fine - EPOCH_TICKS) * 100n + 99n));
    text('d');
    if (Array.isArray(event['m'])) appender.appendList([1n, 9_007_199_254_740_993n], LIST(BIGINT));
    else appender.appendNull();
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`COPY r TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  connection.closeSync();
  instance.closeSync();
}
