import { readFileSync } from 'node:fs';
import type { KustoQuery } from '../../../src/languages/kusto/ast/index.ts';
import { displayText } from '../../../src/values/text-of.ts';
import type { Value } from '../../../src/values/value.ts';
import { type ConformanceSet, failed, type Outcome, PASSED } from '../case.ts';
import { lowered } from './kusto-query.ts';
import { type EngineType, isTuple } from './kusto-tuple.ts';

interface EngineCase {
  readonly id: string;
  readonly kql: string;
  readonly columns: readonly string[];
  readonly row_count: number;
  readonly sample_rows: readonly string[];
}

/** What Microsoft's own engine answers. */
export const kustoEngine: ConformanceSet = {
  name: 'kusto-engine',
  read: (tree) => {
    const file = tree.find('kusto-engine/cases.json');
    if (file === undefined) return { absent: 'there is no kusto-engine/cases.json' };
    const cases: readonly EngineCase[] = JSON.parse(readFileSync(file, 'utf8'));
    return { cases: cases.map((one) => ({ id: one.id, run: () => outcomeOf(one) })) };
  },
};

/** The answers have no more rows than these. */
const SAMPLES = 8;

const CLASSES: Readonly<Record<string, EngineType>> = {
  int: 'Int',
  long: 'Int',
  real: 'Real',
  decimal: 'Real',
  string: 'String',
  bool: 'Bool',
  datetime: 'DateTime',
  timespan: 'TimeSpan',
  guid: 'Guid',
  dynamic: 'Dynamic',
};

function outcomeOf(one: EngineCase): Outcome {
  const query = lowered(one.id, one.kql);
  if ('outcome' in query) return query.outcome;
  const { ast, columns } = query;
  const made = columns.map(({ name, type }) => `${name}:${CLASSES[type]}`);
  if (made.join() !== one.columns.join()) return failed(`columns ${made.join()} instead of ${one.columns.join()}`);
  const rows = query.rows();
  if (rows.length !== one.row_count) return failed(`${rows.length} rows instead of ${one.row_count}`);
  const types = columns.map(({ type }) => CLASSES[type] ?? 'Dynamic');
  const left = isOrdered(ast) ? rows.slice(0, SAMPLES) : [...rows];
  for (const [at, want] of one.sample_rows.entries()) {
    const found = isOrdered(ast)
      ? left[at] !== undefined && isTuple(want, left[at], types)
        ? at
        : -1
      : left.findIndex((row) => isTuple(want, row, types));
    if (found === -1) return failed(`no row ${want} at ${at}, but ${written(left[isOrdered(ast) ? at : 0])}`);
    if (!isOrdered(ast)) left.splice(found, 1);
  }
  return PASSED;
}

function written(row: readonly Value[] | undefined): string {
  return `(${(row ?? []).map((value) => displayText(value) ?? 'null').join(', ')})`;
}

const KEEPS_ORDER: ReadonlySet<string> = new Set(
  'where extend project project-away project-keep project-rename project-reorder take serialize as parse parse-where mv-expand'.split(
    ' ',
  ),
);

/** Whether the query says in which order its rows come. */
function isOrdered({ statements }: KustoQuery): boolean {
  const last = statements.at(-1);
  if (last?.kind !== 'expression' || last.value.kind !== 'pipe') return false;
  const operator = last.value.operators.findLast(({ kind }) => !KEEPS_ORDER.has(kind));
  return operator?.kind === 'sort' || operator?.kind === 'top';
}
