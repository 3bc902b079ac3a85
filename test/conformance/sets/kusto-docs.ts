import { readFileSync } from 'node:fs';
import { type ConformanceSet, disputed, failed, type Outcome, PASSED } from '../case.ts';
import { sameCell } from './kusto-cells.ts';
import { DIFFERENCES } from './kusto-differences.ts';
import { lowered } from './kusto-query.ts';

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

function outcomeOf(one: KustoCase): Outcome {
  const query = lowered(one.id, one.query);
  if ('outcome' in query) return query.outcome;
  const rows = query.rows();
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
