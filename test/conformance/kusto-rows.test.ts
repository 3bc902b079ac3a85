import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { sourceText } from '../../src/base/source-text.ts';
import { Budget, LimitReached, type Row, runQuery, withBudget } from '../../src/engines/memory/index.ts';
import type { Plan } from '../../src/ir/plan/plan.ts';
import { mapInputs } from '../../src/ir/traverse.ts';
import type { Schema } from '../../src/ir/view.ts';
import { lowerKusto, parseKusto } from '../../src/languages/kusto/index.ts';
import { bindRows } from '../../src/passes/bind.ts';
import { kustoSchemaWithLogs } from '../../src/rules/given/kusto-schema.ts';
import { fromEpochMs, parseDateTime } from '../../src/values/date-time.ts';
import { TimeSpan, type Value } from '../../src/values/value.ts';
import { corpora, openTree } from './tree.ts';

/** Every published query runs over rows of its tables that are made to be difficult, without a fault of ours. */
const tree = openTree(corpora);
afterAll(() => tree.close());
const file = tree.find('kusto-rules/feature-use.json');

const VALUES: Readonly<Record<string, readonly Value[]>> = {
  bool: [true, null, false],
  int: [0n, null, -2_147_483_648n, 2_147_483_647n],
  long: [0n, null, -1n, 9_223_372_036_854_775_807n],
  real: [0, null, Number.NaN, Number.POSITIVE_INFINITY, -1.5],
  decimal: [0, null, 1.5],
  string: ['', null, 'İ ß 😀', '{"a":[1,{"b":null}]}', '<a x="1">&lt;</a>', '10.0.0.1/8', 'a=1;b="x', '\\', '%zz'],
  datetime: [parseDateTime('2026-01-01T12:00:00.1234567Z') ?? null, null, parseDateTime('0001-01-01') ?? null],
  timespan: [new TimeSpan(0n), null, new TimeSpan(-1n)],
  guid: ['70fc66f7-8279-44fc-9092-d364d70fce44', null, ''],
  dynamic: [null, [], {}, [1, null, 'x', { a: [] }], { a: { b: [1] } }, 'text', 5, true],
};

/** Rows of a table, each with the next of the values that a column of its type may have. */
function rowsOf(table: string, schema: Schema): readonly Row[] {
  const names = [...(schema.fieldNames(table) ?? [])];
  return Array.from({ length: 9 }, (_, at) => {
    const columns = names.map((name, place): [string, Value] => {
      const values = VALUES[schema.typeOf(name, table) ?? 'string'] ?? ['x'];
      return [name, values[(at + place) % values.length] ?? null];
    });
    return { event: undefined, columns: new Map(columns) };
  });
}

/** The tables of a plan as rows that are handed in. */
function withTables(plan: Plan, schema: Schema): Plan {
  if (plan.kind !== 'source') return mapInputs(plan, (input) => withTables(input, schema));
  const names = [...(schema.fieldNames(plan.table) ?? [])];
  return { kind: 'input', name: plan.table ?? '', columns: names.map((name) => ({ name, type: 'dynamic' })) };
}

describe('queries over difficult rows', () => {
  test.skipIf(file === undefined)('none has a fault', { timeout: 1_800_000 }, () => {
    const queries: readonly { readonly n: number; readonly query: string }[] = JSON.parse(
      readFileSync(file ?? '', 'utf8'),
    );
    const schema = kustoSchemaWithLogs();
    const faults: string[] = [];
    let ran = 0;
    for (const { n, query } of queries) {
      const lowered = lowerKusto(parseKusto(sourceText(String(n), query)).ast, schema, { allColumns: true });
      if (!lowered.ok) continue;
      const { plan, shared } = lowered.value;
      const bound = (one: Plan): Plan => bindRows(withTables(one, schema));
      const clock = withBudget({ now: fromEpochMs(Date.UTC(2026, 0, 2)) }, new Budget({ rows: 200_000, seconds: 20 }));
      try {
        runQuery(
          { shared: shared.map((one) => ({ ...one, plan: bound(one.plan) })), result: bound(plan) },
          (leaf) => (leaf.kind === 'input' ? rowsOf(leaf.name, schema) : []),
          clock,
        );
        ran += 1;
      } catch (failed) {
        // What the user has to give is not there, and limits are held.
        const reason = failed instanceof Error ? failed.message : String(failed);
        if (failed instanceof LimitReached || reason.includes(' is not given: ')) ran += 1;
        else faults.push(`${n}: ${reason}`);
      }
    }
    console.log(`${ran} queries ran over difficult rows`);
    expect(faults).toEqual([]);
    expect(ran).toBeGreaterThanOrEqual(1_457);
  });
});
