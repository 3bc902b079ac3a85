import { readFileSync } from 'node:fs';
import type { Json } from '../../../src/base/json.ts';
import { sourceText } from '../../../src/base/source-text.ts';
import { query } from '../../../src/index.ts';
import { equal } from '../../../src/ir/equal.ts';
import { parseEsql, printEsql } from '../../../src/languages/esql/index.ts';
import { type Case, type ConformanceSet, disputed, failed, type Outcome, PASSED, skipped, type Tree } from '../case.ts';

interface EsqlCase {
  readonly id: string;
  readonly query: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Json[])[];
  readonly ignore_order: boolean;
  readonly warnings: readonly string[];
  readonly data: readonly string[];
}

/** Cases that we do not agree with, and why. */
const DISPUTED: ReadonlyMap<string, string> = new Map([
  ['esql/mv_expand/expandAfterSort1', 'two rows sort alike, whose order Elasticsearch leaves open'],
]);

/** Cases whose warnings we do not agree with, and why. */
const DISPUTED_WARNINGS: ReadonlyMap<string, string> = new Map([
  [
    'esql/ip/in',
    'the case leaves out the warnings that Elasticsearch’s own test has, by pattern, for `ip0==ip1` and for `eq in (ip0, ip1)`',
  ],
]);

/** What Elasticsearch's own tests of its ES|QL expect: rows, types and, where `warnings`, what is said of failures. */
export function esql(warnings: boolean): ConformanceSet {
  return {
    name: warnings ? 'esql/warnings' : 'esql',
    read: (tree) => {
      const file = tree.find('esql/cases.json');
      if (file === undefined) return { absent: 'there is no esql/cases.json' };
      const cases: readonly EsqlCase[] = JSON.parse(readFileSync(file, 'utf8'));
      return {
        cases: cases.map(
          (one): Case => ({
            id: one.id,
            run: async () =>
              disputed(await outcomeOf(one, tree, warnings), (warnings ? DISPUTED_WARNINGS : DISPUTED).get(one.id)),
          }),
        ),
      };
    },
  };
}

async function outcomeOf(one: EsqlCase, tree: Tree, warnings: boolean): Promise<Outcome> {
  const parsed = parseEsql(sourceText('<query>', one.query));
  if (parsed.diagnostics.length === 0) {
    const again = parseEsql(sourceText('<query>', printEsql(parsed.ast)));
    if (!equal(again.ast, parsed.ast)) return failed(`printed as ${printEsql(parsed.ast)}, another query`);
  }
  const tables = new Map<string, readonly string[]>();
  for (const name of one.data) {
    const path = tree.find(`esql/data/${name}`);
    if (path === undefined) return skipped('absent', `there is no ${name}`);
    tables.set(name.replace(/\.csv$/, ''), [path]);
  }
  const result = await query(one.query, { language: 'esql', tables });
  if (!result.ok) {
    const unsupported = result.diagnostics.find(({ code }) => code.startsWith('unsupported/'));
    if (unsupported !== undefined) return skipped('unsupported', unsupported.message);
    return failed(`refused: ${result.diagnostics.map(({ message }) => message).join('; ')}`);
  }
  if (warnings)
    return warningsOf(
      one,
      result.diagnostics.map(({ message }) => message),
    );
  const columns = result.columns.map(({ name, type }) => `${name}:${type}`);
  const wanted = one.columns.map(({ name, type }) => `${name}:${type}`);
  if (columns.join() !== wanted.join()) return failed(`columns ${columns.join()}, not ${wanted.join()}`);
  const rows = (all: readonly (readonly Json[])[]): readonly string[] => {
    const texts = all.map((row) => JSON.stringify(row.map((cell) => plain(cell, one))));
    return one.ignore_order ? texts.sort() : texts;
  };
  const [found, expected] = [rows(result.rows), rows(one.rows)];
  if (found.join('\n') === expected.join('\n')) return PASSED;
  const at = found.findIndex((row, place) => row !== expected[place]);
  const place = at === -1 ? found.length : at;
  return failed(`${found.length} rows, not ${expected.length}; row ${place}: ${found[place]}, not ${expected[place]}`);
}

/** Doubles to nine digits, and what VALUES and TOP give as sets. */
function plain(cell: Json, { query: text }: EsqlCase): Json {
  if (Array.isArray(cell)) {
    const items: readonly Json[] = cell.map((item) => plain(item, { query: text } as EsqlCase));
    return /\b(?:values|top)\s*\(/i.test(text) && !/mv_sort/i.test(text) ? [...items].sort() : items;
  }
  if (typeof cell === 'number' && !Number.isInteger(cell)) return String(Number(cell.toPrecision(9)));
  return typeof cell === 'bigint' ? cell.toString() : typeof cell === 'number' ? String(cell) : cell;
}

function warningsOf({ warnings }: EsqlCase, found: readonly string[]): Outcome {
  const texts = found.map((text) => text.replace(/^Line \d+:\d+: /, ''));
  const wanted = warnings.map((text) => text.replaceAll('\\"', '"').replace(/^Line \d+:\d+: /, ''));
  const lacking = wanted.filter((text) => !texts.includes(text));
  const isReason = (text: string): boolean => !text.startsWith('evaluation of') && !text.includes('shadowed');
  // The cases do not tell every reason.
  const invented = texts.filter((text) => !wanted.includes(text) && !isReason(text));
  if (lacking.length === 0 && invented.length === 0) return PASSED;
  return failed(`lacks ${JSON.stringify(lacking)}, has ${JSON.stringify(invented)}`);
}
