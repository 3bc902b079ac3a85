import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Json, type JsonObject, stringifyJson } from '../../src/base/json.ts';
import { sourceText } from '../../src/base/source-text.ts';
import { Budget, type Row, rowOf, runQuery, withBudget } from '../../src/engines/memory/index.ts';
import { conversionOf, Database, rowTable, runInDuckdb } from '../../src/engines/sql/duckdb/index.ts';
import { type SqlTable, settleClock, splitForSql } from '../../src/engines/sql/index.ts';
import { call, raw } from '../../src/ir/construct.ts';
import type { Plan } from '../../src/ir/plan/plan.ts';
import { mapPlans, type Query } from '../../src/ir/plan/query.ts';
import { mapInputs, planNodes } from '../../src/ir/traverse.ts';
import type { ValueType } from '../../src/ir/types.ts';
import type { Schema } from '../../src/ir/view.ts';
import { lowerKusto, parseKusto } from '../../src/languages/kusto/index.ts';
import { bindRows } from '../../src/passes/bind.ts';
import { pruneQuery } from '../../src/passes/prune-query.ts';
import { kustoSchemaWithLogs } from '../../src/rules/given/kusto-schema.ts';
import { toJson } from '../../src/values/text-of.ts';
import { DateTime } from '../../src/values/value.ts';
import { corpora, openTree } from './tree.ts';

/** Every published query gives over difficult rows in DuckDB, as far as it is pushed, what it gives in the memory engine. */
const tree = openTree(corpora);
const file = tree.find('kusto-rules/feature-use.json');
let database: Database;
beforeAll(async () => {
  database = await Database.open();
});
afterAll(async () => {
  await database.close();
  tree.close();
});

const NOW = new DateTime(639_028_224_000_000_000n);
const TIMES = [
  '2025-12-31T23:30:00.1234567Z',
  null,
  '2025-12-31T12:00:00Z',
  '0001-01-01T00:00:00Z',
  '2025-12-20T00:00:00Z',
];

const VALUES: Readonly<Partial<Record<ValueType, readonly Json[]>>> = {
  bool: [true, null, false],
  int: [0, null, 5, 2_147_483_647],
  long: [0, null, -1, 9_223_372_036_854_775_807n, 4624],
  real: [0, null, 2, -1.5],
  decimal: [0, null, 1.5],
  datetime: TIMES,
  timespan: ['00:00:00', null, '-00:00:00.0000001'],
  guid: ['70fc66f7-8279-44fc-9092-d364d70fce44', null, ''],
  dynamic: [null, [], {}, [1, null, 'x', { a: [] }], { a: { b: [1] } }, 'text', '{"a":1}'],
};

const TEXTS = ['', null, 'İ ß 😀', '10.0.0.1', 'a'];
const ROWS = 14;

type Types = ReadonlyMap<string, ValueType>;

/** Rows of a table, each with the next of the values that a column may have; of texts also those that the query names. */
function rowsOf(types: Types, words: readonly string[], offset: number): readonly JsonObject[] {
  const texts: readonly Json[] = [...TEXTS, ...words, ...words.map((word) => `x ${word.toUpperCase()} y`)];
  return Array.from({ length: ROWS }, (_, at) => {
    const cells = [...types].map(([name, type], place): [string, Json] => {
      const values = type === 'string' ? texts : (VALUES[type] ?? []);
      // Few different values, so that rows meet in joins and groups.
      return [name, values[(Math.floor(at / (1 + (place % 3))) + place + offset) % values.length] ?? null];
    });
    return Object.fromEntries(cells);
  });
}

function typesOf(table: string, schema: Schema): Types {
  const names = [...(schema.fieldNames(table) ?? [])];
  return new Map(names.map((name) => [name, (schema.typeOf(name, table) ?? 'dynamic') as ValueType]));
}

/** The tables of a plan as their records, converted as a view of them converts them. */
function overRecords(plan: Plan, schema: Schema): Plan {
  if (plan.kind !== 'source') return mapInputs(plan, (input) => overRecords(input, schema));
  const { table = '' } = plan;
  const columns = [...typesOf(table, schema)].map(([name, type]) => ({
    name,
    expr: call(conversionOf(type), [raw(name)]),
  }));
  return { kind: 'project', input: { kind: 'records', logType: table }, columns };
}

function told(rows: readonly Row[]): readonly string[] {
  return rows.map(({ columns }) => {
    const cells = [...columns].map(([name, value]): [string, Json] => [name, toJson(value)]);
    const given = cells.filter(([name, value]) => value !== null && !name.startsWith('$'));
    return stringifyJson(Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1))));
  });
}

/** What is different each time. */
const CHANCE = /\b(?:rand|new_guid|sample|sample-distinct)\b/;

describe('queries over difficult rows', () => {
  test.skipIf(file === undefined)('none differs in DuckDB', { timeout: 1_800_000 }, async () => {
    const queries: readonly { readonly n: number; readonly query: string }[] = JSON.parse(
      readFileSync(file ?? '', 'utf8'),
    );
    const schema = kustoSchemaWithLogs();
    const differ: string[] = [];
    const counts = { ran: 0, rows: 0, pushed: 0, whole: 0 };
    for (const { n, query } of queries) {
      const lowered = lowerKusto(parseKusto(sourceText(String(n), query)).ast, schema, {});
      if (!lowered.ok || CHANCE.test(query)) continue;
      const { plan, shared, columns } = lowered.value;
      const pruned = pruneQuery({ shared, result: plan }, columns);
      const bound: Query = mapPlans(pruned, (one) => settleClock(bindRows(overRecords(one, schema)), NOW));
      const words = [...query.matchAll(/["']([^"'\n]{1,40})["']/g)].map(([, word = '']) => word).slice(0, 12);
      const names = new Set(
        [bound.result, ...bound.shared.map((one) => one.plan)].flatMap((one) =>
          [...planNodes(one)].flatMap((node) => (node.kind === 'records' ? [node.logType] : [])),
        ),
      );
      const events = new Map([...names].map((name, at) => [name, rowsOf(typesOf(name, schema), words, at)]));
      const clock = (): ReturnType<typeof withBudget> =>
        withBudget({ now: NOW }, new Budget({ rows: 200_000, seconds: 20 }));
      let wanted: readonly string[];
      try {
        wanted = told(
          runQuery(
            bound,
            (leaf) => (leaf.kind === 'records' ? (events.get(leaf.logType) ?? []).map(rowOf) : []),
            clock(),
          ),
        );
      } catch {
        continue;
      }
      const tables = new Map<string, SqlTable>();
      for (const [name, rows] of events) {
        const records = rows.map((event, at) => ({ event, source: { file: name, line: at + 1 } }));
        tables.set(name, await rowTable(database, `${n} ${name}`, typesOf(name, schema), records));
      }
      const options = { showsRecords: false, pushes: 'all' } as const;
      const { parts, rest } = splitForSql(bound, (name) => tables.get(name), options);
      const { rows } = await runInDuckdb(database, bound, (name) => tables.get(name), {
        ...options,
        clock: { now: NOW },
        budget: new Budget({ rows: 200_000, seconds: 20 }),
        seconds: 20,
      });
      counts.ran += 1;
      if (counts.ran % 50 === 0) {
        // Its tables go with it.
        await database.close();
        database = await Database.open();
      }
      if (wanted.length > 0) counts.rows += 1;
      if (parts.some(({ query: asked }) => asked.from.kind !== 'table' || asked.where.length > 0)) counts.pushed += 1;
      if (rest.shared.length === 0 && rest.result.kind === 'input') counts.whole += 1;
      const got = told(rows);
      if (stringifyJson([...got]) !== stringifyJson([...wanted]))
        differ.push(
          `${n}: ${got.length} rows, ${wanted.length} in memory\n${got.find((row, at) => row !== wanted[at])}\n${wanted.find((row, at) => row !== got[at])}`.slice(
            0,
            600,
          ),
        );
    }
    console.log(
      `${counts.ran} queries ran, ${counts.rows} of them gave rows; of ${counts.pushed} filters or more were in SQL, of ${counts.whole} all`,
    );
    expect(differ).toEqual([]);
    expect(counts.ran).toBeGreaterThanOrEqual(1_410);
    expect(counts.pushed).toBeGreaterThanOrEqual(1_262);
    expect(counts.whole).toBeGreaterThanOrEqual(282);
  });
});
