import { readFileSync } from 'node:fs';
import { sourceText } from '../../../src/base/source-text.ts';
import { runPlan } from '../../../src/engines/memory/index.ts';
import { lowerKusto, parseKusto } from '../../../src/languages/kusto/index.ts';
import { bindRows } from '../../../src/passes/bind.ts';
import { kustoSchema } from '../../../src/schemas/kusto.ts';
import { fromEpochMs } from '../../../src/values/date-time.ts';
import { type ConformanceSet, disputed, failed, type Outcome, PASSED, skipped } from '../case.ts';
import { sameCell } from './kusto-cells.ts';
import { DIFFERENCES } from './kusto-differences.ts';

interface KustoCase {
  readonly id: string;
  readonly query: string;
  readonly columns: readonly { readonly name: string; readonly type: string | null }[];
  readonly rows: readonly (readonly string[])[];
}

/** The examples of Microsoft's documentation give what it prints. */
export const kustoDocs: ConformanceSet = {
  name: 'kusto-docs',
  read: (tree) => {
    const file = tree.find('kusto-docs/cases.json');
    if (file === undefined) return { absent: 'there is no kusto-docs/cases.json' };
    const cases: readonly KustoCase[] = JSON.parse(readFileSync(file, 'utf8'));
    const explained = new Map(DIFFERENCES);
    return {
      cases: cases.map((one) => ({
        id: one.id,
        run: () => disputed(outcomeOf(one), explained.get(one.id.slice(one.id.lastIndexOf('/') + 1))),
      })),
    };
  },
};

const now = fromEpochMs(Date.UTC(2026, 0, 1));

function outcomeOf(one: KustoCase): Outcome {
  const { ast, diagnostics } = parseKusto(sourceText(one.id, one.query));
  const lowered = lowerKusto(ast, kustoSchema, { allColumns: true });
  const errors = [...diagnostics, ...lowered.diagnostics].filter((found) => found.severity === 'error');
  const codes = errors.filter((found) => found.code.startsWith('unsupported/'));
  if (codes.length > 0) {
    const names = new Set(codes.map((found) => [found.code, found.params['name'] ?? []].flat().join(' ')));
    return skipped('unsupported', [...names].sort().join(', '));
  }
  if (errors.length > 0 || !lowered.ok) return failed(errors.map((found) => found.message).join('; '));
  const names = lowered.value.columns.map((column) => column.name);
  const rows = runPlan(bindRows(lowered.value.plan), () => [], { now }).map((row) =>
    names.map((name) => row.columns.get(name)),
  );
  if (rows.length !== one.rows.length) return failed(`${rows.length} rows instead of ${one.rows.length}`);
  const left = [...rows];
  for (const want of one.rows) {
    const found = left.findIndex((got) =>
      want.every((cell, index) => sameCell(got[index], cell, one.columns[index]?.type ?? null)),
    );
    if (found === -1) {
      const got = JSON.stringify(left[0] ?? [], (_, value) => (typeof value === 'bigint' ? value.toString() : value));
      return failed(`no row ${JSON.stringify(want)}, but ${got}`);
    }
    left.splice(found, 1);
  }
  return PASSED;
}
