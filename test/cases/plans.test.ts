import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../src/base/json.ts';
import { evaluateConstant } from '../../src/engines/memory/constant.ts';
import { type Clock, compilePipeline, type Row, rowOf, runQuery } from '../../src/engines/memory/index.ts';
import { pipeline } from '../../src/engines/pipeline.ts';
import type { ColumnType, Plan } from '../../src/ir/plan/plan.ts';
import { mapPlans, type Query } from '../../src/ir/plan/query.ts';
import { describePlan } from '../../src/ir/print/describe-plan.ts';
import { printQuery } from '../../src/ir/print/print-plan.ts';
import type { ValueType } from '../../src/ir/types.ts';
import type { View } from '../../src/ir/view.ts';
import { type Binding, bind, bindQuery } from '../../src/passes/bind.ts';
import { checkPlan } from '../../src/passes/check.ts';
import { columnsOf, columnTypes } from '../../src/passes/columns.ts';
import { simplify } from '../../src/passes/simplify/simplify.ts';
import { parseDateTime, parseTimeSpan } from '../../src/values/date-time.ts';
import { toJson } from '../../src/values/text-of.ts';
import type { Value } from '../../src/values/value.ts';

/**
 * Plans as data, also of operators that no language lowers to. A file holds one case a YAML document:
 *   name; plan: the IR as it is, but for two shorthands in expressions, `@name` for the field or column of that name and
 *   `=text` or `=1` for a constant; shared: plans that it uses, by name; tables: the rows of its inputs, by name {columns: {name: type}, rows: [[cell]]}; events:
 *   the records of its sources, whose fields are theirs by name; now?
 *   rows: what it gives, each as {column: value}, in order; prints: how it is printed; says: how its operator is put in words.
 * Each is checked, and run as it is, bound, and in parts as `run` does it.
 */
interface Case {
  readonly name: string;
  readonly plan: Json;
  readonly shared?: Readonly<Record<string, Json>>;
  readonly tables?: Readonly<Record<string, Table>>;
  readonly events?: readonly Record<string, Json>[];
  readonly now?: string;
  readonly rows?: readonly Record<string, Json>[];
  readonly prints?: string;
  readonly says?: string;
}

interface Table {
  readonly columns: Readonly<Record<string, ValueType>>;
  readonly rows: readonly (readonly Json[])[];
}

const view: View = {
  schema: 'ecs',
  logType: 'test',
  when: null,
  fields: new Map(),
  families: [],
  otherwise: 'raw',
};
const binding: Binding = { logType: 'test', view: () => view, locate: (path) => [path] };

const here = join(import.meta.dirname, 'plans');
for (const file of readdirSync(here).sort()) {
  describe(file, () => {
    for (const document of readFileSync(join(here, file), 'utf8').split(/^---$/m)) {
      const one: Case = parse(document);
      it(one.name, () => run(one));
    }
  });
}

function run(one: Case): void {
  const written = one.tables ?? {};
  const tables = new Map(Object.entries(written).map(([name, table]) => [name, rowsOf(table)]));
  const result = planOf(one.plan, written);
  const shared = Object.entries(one.shared ?? {}).map(([name, plan]) => ({ name, plan: planOf(plan, written) }));
  const query: Query = { shared, result };
  if (one.prints !== undefined) expect(printQuery(query)).toBe(one.prints.trimEnd());
  if (one.says !== undefined) expect(describePlan(result)).toBe(one.says);
  for (const { plan } of [...shared, { plan: result }]) {
    expect(checkPlan(plan)).toEqual([]);
    expect(checkPlan(bind(plan, binding), { bound: true })).toEqual([]);
  }
  if (one.rows === undefined) return;
  const clock = { now: parseDateTime(one.now ?? '2026-01-01') ?? { ticks: 0n } };
  const events = (one.events ?? []).map(rowOf);
  const asWritten = bindQuery(query, binding);
  const given = runQuery(asWritten, (leaf) => ('name' in leaf ? (tables.get(leaf.name) ?? []) : events), clock);
  expect(given.map(shown), 'bound').toEqual(one.rows);
  const bound = mapPlans(asWritten, (plan) => simplify(plan, evaluateConstant));
  const simplified = runQuery(bound, (leaf) => ('name' in leaf ? (tables.get(leaf.name) ?? []) : events), clock);
  expect(simplified.map(shown), 'bound and simplified').toEqual(one.rows);
  expect(inParts(query, events, tables, clock), 'in parts').toEqual(one.rows.map(sorted));
  // What the columns are is known before there are rows.
  const known = columnsOf(result);
  if (known.open.length === 0) {
    for (const row of given) for (const name of row.columns.keys()) expect([...known.made.keys()]).toContain(name);
  }
}

/** As `run` does it: records stream through the feeds, and the rest has their rows. */
function inParts(
  query: Query,
  events: readonly Row[],
  tables: ReadonlyMap<string, readonly Row[]>,
  clock: Clock,
): Record<string, Json>[] {
  const { feeds, shared, rest } = pipeline.prepareQuery(query, columnTypes(columnsOf(query.result)));
  const rows = new Map(tables);
  for (const { name, plan } of feeds) {
    rows.set(name, events.flatMap(compilePipeline(pipeline.residual(plan, binding), clock)));
  }
  const found = runQuery(
    { shared, result: rest },
    (leaf) => ('name' in leaf ? (rows.get(leaf.name) ?? []) : []),
    clock,
  );
  return found.map(shown).map(sorted);
}

function sorted(row: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function shown(row: Row): Record<string, Json> {
  return Object.fromEntries([...row.columns].map(([name, value]) => [name, plain(toJson(value))]));
}

function plain(value: Json): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

function rowsOf({ columns, rows }: Table): Row[] {
  const typed = Object.entries(columns);
  return rows.map((cells) => ({
    event: undefined,
    columns: new Map(typed.map(([name, type], at) => [name, cellOf(cells[at] ?? null, type)])),
  }));
}

function cellOf(cell: Json, type: ValueType): Value {
  if (cell === null) return null;
  if (type === 'long' || type === 'int') return BigInt(String(cell));
  if (type === 'datetime') return parseDateTime(String(cell));
  return type === 'timespan' ? parseTimeSpan(String(cell)) : cell;
}

/** The plan with the shorthands written out, and the columns of its inputs. */
function planOf(written: Json, tables: Readonly<Record<string, Table>>): Plan {
  const spelled = (value: Json): Json => {
    if (typeof value === 'string' && value.startsWith('@')) {
      return { kind: 'field', name: value.slice(1), keys: 'exact', arrays: 'each' };
    }
    if (typeof value === 'string' && /^=[^=]/.test(value)) return literal(value.slice(1));
    if (Array.isArray(value)) return value.map(spelled);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, spelled(member)]));
    const isLeaf = members['kind'] === 'input' || members['kind'] === 'table';
    const table = isLeaf && members['columns'] === undefined ? tables[String(members['name'])] : undefined;
    return table === undefined ? members : { ...members, columns: columnsIn(table) };
  };
  return spelled(written) as unknown as Plan;
}

function literal(text: string): Json {
  if (/^-?\d+$/.test(text)) return { kind: 'literal', type: 'long', value: text };
  if (text === 'null') return { kind: 'literal', type: 'dynamic', value: null };
  const moment = parseDateTime(text);
  if (moment !== undefined) return { kind: 'literal', type: 'datetime', value: moment.ticks.toString() };
  const span = parseTimeSpan(text);
  if (span !== undefined) return { kind: 'literal', type: 'timespan', value: span.ticks.toString() };
  return { kind: 'literal', type: 'string', value: text };
}

function columnsIn({ columns }: Table): Json {
  return Object.entries(columns).map(([name, type]) => ({ name, type }) satisfies ColumnType);
}
