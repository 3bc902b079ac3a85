import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../src/base/json.ts';
import { compilePipeline, type Row, rowOf, runPlan } from '../../src/engines/memory/index.ts';
import { pipeline } from '../../src/engines/pipeline.ts';
import { describePlan } from '../../src/ir/describe-plan.ts';
import type { ColumnType, Plan } from '../../src/ir/plan.ts';
import { printPlan } from '../../src/ir/print-plan.ts';
import type { ValueType } from '../../src/ir/types.ts';
import type { View } from '../../src/ir/view.ts';
import { type Binding, bind } from '../../src/passes/bind.ts';
import { checkPlan } from '../../src/passes/check.ts';
import { columnsOf, columnTypes } from '../../src/passes/columns.ts';
import { parseDateTime, parseTimeSpan } from '../../src/values/date-time.ts';
import { toJson } from '../../src/values/text-of.ts';
import type { Value } from '../../src/values/value.ts';

/**
 * Plans as data, also of operators that no language lowers to. A file holds one case a YAML document:
 *   name; plan: the IR as it is, but for two shorthands in expressions, `@name` for the field or column of that name and
 *   `=text` or `=1` for a constant; tables: the rows of its inputs, by name {columns: {name: type}, rows: [[cell]]}; events:
 *   the records of its sources, whose fields are theirs by name; now?
 *   rows: what it gives, each as {column: value}, in order; prints: how it is printed; says: how its operator is put in words.
 * Each is checked, and run as it is, bound, and in parts as `run` does it.
 */
interface Case {
  readonly name: string;
  readonly plan: Json;
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
  const tables = new Map(Object.entries(one.tables ?? {}).map(([name, table]) => [name, rowsOf(table)]));
  const plan = planOf(one.plan, one.tables ?? {});
  if (one.prints !== undefined) expect(printPlan(plan)).toBe(one.prints.trimEnd());
  if (one.says !== undefined) expect(describePlan(plan)).toBe(one.says);
  expect(checkPlan(plan)).toEqual([]);
  expect(checkPlan(bind(plan, binding), { bound: true })).toEqual([]);
  if (one.rows === undefined) return;
  const clock = { now: parseDateTime(one.now ?? '2026-01-01') ?? { ticks: 0n } };
  const events = (one.events ?? []).map(rowOf);
  const leaves = (name: string): readonly Row[] => tables.get(name) ?? [];
  const given = runPlan(plan, (leaf) => ('name' in leaf ? leaves(leaf.name) : events), clock);
  expect(given.map(shown), 'as it is').toEqual(one.rows);
  const bound = runPlan(bind(plan, binding), (leaf) => ('name' in leaf ? leaves(leaf.name) : events), clock);
  expect(bound.map(shown), 'bound').toEqual(one.rows);
  const { feeds, rest } = pipeline.prepare(plan, columnTypes(columnsOf(plan)));
  const fed = new Map(
    feeds.map(({ name, plan: feed }) => [
      name,
      events.flatMap(compilePipeline(pipeline.residual(feed, binding), clock)),
    ]),
  );
  const parts = runPlan(rest, (leaf) => ('name' in leaf ? (fed.get(leaf.name) ?? leaves(leaf.name)) : []), clock);
  const names = one.rows.map((row) => Object.keys(row));
  expect(
    parts.map(shown).map((row, at) => Object.fromEntries((names[at] ?? []).map((name) => [name, row[name]]))),
    'in parts',
  ).toEqual(one.rows);
  // What the columns are is known before there are rows.
  const known = columnsOf(plan, () => undefined);
  if (known.open.length === 0) {
    for (const row of given) for (const name of row.columns.keys()) expect([...known.made.keys()]).toContain(name);
  }
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
    if (typeof value === 'string' && value.startsWith('=')) return literal(value.slice(1));
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
