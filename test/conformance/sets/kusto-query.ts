import { sourceText } from '../../../src/base/source-text.ts';
import { runQuery } from '../../../src/engines/memory/index.ts';
import type { Schema } from '../../../src/ir/view.ts';
import type { KustoQuery } from '../../../src/languages/kusto/ast/index.ts';
import { lowerKusto, parseKusto } from '../../../src/languages/kusto/index.ts';
import { bindRows } from '../../../src/passes/bind.ts';
import { columnsOf } from '../../../src/passes/columns.ts';
import { withUnpacked } from '../../../src/query/unpacked-columns.ts';
import { kustoSchema } from '../../../src/schemas/kusto.ts';
import { fromEpochMs } from '../../../src/values/date-time.ts';
import { toJson } from '../../../src/values/text-of.ts';
import type { Value } from '../../../src/values/value.ts';
import { failed, type Outcome, skipped } from '../case.ts';

interface Lowered {
  readonly ast: KustoQuery;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The rows that the query makes by itself, in the order of the columns. */
  rows(): readonly (readonly Value[])[];
}

/** A database of its own: queries make their rows, and a wildcard stands for none but their views. */
const noTables: Schema = { ...kustoSchema, presentTables: () => [] };

const now = fromEpochMs(Date.UTC(2026, 0, 1));

/** A query, or what became of its case where it does not load. */
export function lowered(id: string, query: string): Lowered | { readonly outcome: Outcome } {
  const { ast, diagnostics } = parseKusto(sourceText(id, query));
  const found = lowerKusto(ast, noTables, { allColumns: true });
  const errors = [...diagnostics, ...found.diagnostics].filter(({ severity }) => severity === 'error');
  const codes = errors.filter(({ code }) => code.startsWith('unsupported/'));
  if (codes.length > 0) {
    const names = new Set(codes.map(({ code, params }) => [code, params['name'] ?? []].flat().join(' ')));
    return { outcome: skipped('unsupported', [...names].sort().join(', ')) };
  }
  if (errors.length > 0 || !found.ok) return { outcome: failed(errors.map(({ message }) => message).join('; ')) };
  const { columns, plan, shared } = found.value;
  const bound = { shared: shared.map((one) => ({ ...one, plan: bindRows(one.plan) })), result: bindRows(plan) };
  const run = (): readonly ReadonlyMap<string, Value>[] => runQuery(bound, () => [], { now }).map((row) => row.columns);
  // What a bag is unpacked to, the rows alone know.
  if (!columnsOf(plan).open.some(({ kind }) => kind === 'unpack'))
    return { ast, columns, rows: () => run().map((row) => columns.map(({ name }) => row.get(name))) };
  const rows = run();
  const objects = rows.map((row) => Object.fromEntries([...row].map(([name, value]) => [name, toJson(value)])));
  const all = withUnpacked(plan, columns, objects);
  return { ast, columns: all, rows: () => rows.map((row) => all.map(({ name }) => whole(row.get(name)))) };
}

/** Whole numbers of JSON are longs as columns. */
function whole(value: Value): Value {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}
