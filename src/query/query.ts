import type { Match } from '../alerts/match.ts';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Json } from '../base/json.ts';
import type { RowLimits } from '../base/row-limits.ts';
import { type SourceText, sourceText } from '../base/source-text.ts';
import { type GivenIndex, readIndices } from '../detect/index-inputs.ts';
import { createRuleSession } from '../detect/rule-session.ts';
import { asSaid } from '../detect/run-rules.ts';
import type { SourceReport } from '../detect/seen/source-report.ts';
import { rowPath } from '../ir/plan/row-path.ts';
import type { PlanLogic } from '../ir/rule/rule.ts';
import { anywhere, planNodes } from '../ir/traverse.ts';
import type { EsqlParameters } from '../languages/esql/index.ts';
import { readLogs } from '../logs/input/index.ts';
import type { LogPath } from '../logs/input/log-path.ts';
import { type TypingOptions, typingsOf } from '../logs/typing.ts';
import type { KustoPaths } from '../rules/given/kusto-beside.ts';
import type { DateTime } from '../values/value.ts';
import { eqlResult } from './eql-result.ts';
import { type EsqlTable, readEsqlTables } from './esql-tables.ts';
import { EsqlWarnings } from './esql-warnings.ts';
import { eventsOf, eventsResult, type FoundEvent, type FoundSequence, type QueryColumn } from './found.ts';
import { type EqlOptions, loadMapping, loadQuery, type QueryLanguage } from './query-language.ts';
import { readTables, withTables } from './query-tables.ts';
import { isStored } from './stored-files.ts';
import { withUnpacked } from './unpacked-columns.ts';

export interface QueryOptions extends TypingOptions {
  readonly language: QueryLanguage;
  /**
   * An index's mapping (`GET index/_mapping`) or the `fields.yml` of a package: the fields that there are, and their types. A field
   * that it lacks is an error in EQL.
   */
  readonly indexMapping?: { readonly path: string; readonly text: string };
  readonly eql?: EqlOptions;
  /** EQL: how many events, sequences or samples at the most; the last ones, unless the query takes its head. Absent: all. */
  readonly size?: number;
  /** Files, folders, globs; `-` is standard input. */
  readonly logs?: readonly LogPath[];
  /** Documents of indices, as they were indexed: they are read beside the logs. */
  readonly indices?: readonly GivenIndex[];
  /** Files of rows for tables that a Kusto query names, or for indices of an ES|QL query. */
  readonly tables?: ReadonlyMap<string, readonly string[]>;
  /** The values of an ES|QL query's parameters, by name or by place from 1. */
  readonly parameters?: EsqlParameters;
  /** What a Kusto query needs beside its text. */
  readonly kusto?: KustoPaths;
  /** The time that the query takes for now; without it, the time of the last event read. */
  readonly now?: DateTime;
  /** What the query may take: rows that it keeps or makes, and seconds. */
  readonly rowLimits?: RowLimits;
  /**
   * `duckdb`: over tables, as much as SQL says exactly runs in DuckDB. `memory` (also where DuckDB reads a table): the memory engine
   * runs all of it. Absent: what runs rules.
   */
  readonly engine?: 'duckdb' | 'memory';
  /** Only says how it would be run, in `plan`. */
  readonly plans?: boolean;
  /** Ends the reading of logs: the rows are of what was read until then. */
  readonly signal?: AbortSignal;
  /** What messages call the query. */
  readonly name?: string;
}

export interface QueryResult {
  /** False when the query could not be run at all. */
  readonly ok: boolean;
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly Json[])[];
  /** The events found, where the query gives events and not rows of its own; then `rows` says the same in columns. */
  readonly events: readonly FoundEvent[] | undefined;
  /** What an EQL sequence or sample found. */
  readonly sequences?: readonly FoundSequence[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  /** What records were taken for, and whether the query is about any of them; undefined where it was not run. */
  readonly records: SourceReport | undefined;
  /** How it would be run, where that was all that was asked. */
  readonly plan?: string;
  /** How many records and rows of tables were read. */
  readonly read: number;
}

/** Runs one query over logs and tables. Rows come in the order that the query says, else in that of the records. */
export async function query(text: string, options: QueryOptions): Promise<QueryResult> {
  const closing: (() => Promise<void>)[] = [];
  try {
    return await runQuery(text, options, closing);
  } finally {
    for (const close of closing) await close();
  }
}

/** `closing`: told of what is to be closed at the end. */
async function runQuery(text: string, options: QueryOptions, closing: (() => Promise<void>)[]): Promise<QueryResult> {
  const name = options.name ?? '<query>';
  const sources = new Map([[name, sourceText(name, text)]]);
  const failed = (diagnostics: readonly Diagnostic[]): QueryResult => ({
    ok: false,
    columns: [],
    rows: [],
    events: undefined,
    diagnostics,
    sources,
    records: undefined,
    read: 0,
  });
  const beside =
    options.kusto && (await (await import('../rules/given/kusto-beside.ts')).loadKustoBeside(options.kusto, sources));
  const plain =
    options.language === 'kusto' ? (await import('../rules/given/kusto-schema.ts')).kustoSchemaWithLogs() : undefined;
  const kusto = plain && (beside?.extend(plain) ?? plain);
  const named = options.tables ?? new Map<string, readonly string[]>();
  const refused = refusedTables(options);
  if (refused !== undefined) return failed([refused]);
  const isOverStore =
    options.engine === 'duckdb' || options.plans === true || [...named.values()].flat().some(isStored);
  const store =
    kusto !== undefined && isOverStore ? await (await import('./table-store.ts')).openTables(named, kusto) : undefined;
  if (store !== undefined) closing.push(() => store.close());
  // Without its rows a table has no columns, of which more would be said.
  if (store?.isWhole === false) return failed(store.diagnostics);
  const read = store ?? (kusto === undefined ? undefined : await readTables(named, kusto));
  const tables = read?.tables ?? [];

  const schema = kusto && tables.length > 0 ? withTables(kusto, tables) : kusto;
  const mapped = options.indexMapping && (await loadMapping(options.indexMapping));
  if (options.indexMapping !== undefined) {
    sources.set(options.indexMapping.path, sourceText(options.indexMapping.path, options.indexMapping.text));
    if (mapped?.mapping === undefined) return failed(mapped?.diagnostics ?? []);
  }
  const given = options.language === 'esql' ? await readEsqlTables(options.tables ?? new Map()) : NO_TABLES;
  // Without its rows a table has no columns, of which more would be said.
  const missing = given.diagnostics.filter(({ code }) => code === 'logs/no-files');
  if (missing.length > 0) return failed(missing);
  const context = {
    kusto: schema,
    mapping: mapped?.mapping,
    eql: options.eql,
    esql: esqlContext(options, given.tables),
  };
  const { rule, eql, esql, diagnostics: said } = await loadQuery(options.language, text, name, context);
  const diagnostics = [
    ...(beside?.diagnostics ?? []),
    ...(read?.diagnostics ?? []),
    ...(mapped?.diagnostics ?? []),
    ...given.diagnostics,
    ...said,
  ];
  if (rule === undefined || rule.logic.kind !== 'plan') return failed(diagnostics);

  if (store !== undefined) {
    const { storedResult } = await import('./stored-result.ts');
    return { ...failed(diagnostics), ...(await storedResult(rule, rule.logic.columns, store, options, diagnostics)) };
  }
  const { logType, logSource, declaredSources, now } = options;
  const warnings = new EsqlWarnings();
  const session = createRuleSession([rule], {
    ...(logType !== undefined && { logType }),
    ...(logSource !== undefined && { logSource }),
    ...(declaredSources !== undefined && { declaredSources }),
    ...(now && { now }),
    ...(options.rowLimits && { rowLimits: options.rowLimits }),
    ...(esql !== undefined && { failures: warnings }),
    // A filter that tells of failures is to be evaluated, not looked up.
    ...(esql !== undefined && tellsWhereItFilters(rule.logic) && { engine: 'memory' }),
  });
  const found: Match[] = [];
  let recordsRead = tables.reduce((sum, { rows }) => sum + rows.length, 0);
  try {
    for (const { rows, type, shape } of tables) {
      found.push(...(await session.process(rows.map((row) => ({ ...row, as: { type, shape } })))));
    }
    for (const { records } of given.tables) {
      recordsRead += records.length;
      found.push(...(await session.process(records)));
    }
    const { scanner } = session;
    const reading = readLogs(options.logs ?? [], { scanner, signal: options.signal, typing: options });
    const typings = typingsOf(options, [rule]);
    for await (const batch of reading) {
      diagnostics.push(...batch.diagnostics);
      recordsRead += batch.events.length + batch.quiet;
      found.push(...(await session.process(asSaid(batch, typings))));
    }
    diagnostics.push(...(session.scanner?.diagnostics ?? []));
    for await (const { batch, records } of readIndices(options.indices ?? [], { signal: options.signal })) {
      diagnostics.push(...batch.diagnostics);
      recordsRead += records.length;
      found.push(...(await session.process(records)));
    }
    found.push(...(await session.advance('end')));
    diagnostics.push(...session.diagnostics, ...warnings.diagnostics());
  } finally {
    await session.close();
  }
  const columns =
    rule.logic.columns &&
    withUnpacked(
      rule.logic.plan,
      rule.logic.columns,
      found.map(({ fields }) => fields ?? {}),
    );
  const common = { ok: true, diagnostics, sources, records: session.sourceReport(), read: recordsRead };
  if (eql !== undefined) return { ...common, ...eqlResult(found, eql, options.size) };
  if (columns === undefined) return { ...common, ...eventsResult(eventsOf(found)) };
  const rows = found.map(({ fields }) => columns.map((column) => fields?.[column.name] ?? null));
  return { ...common, columns: esql ?? columns, rows, events: undefined };
}

/** Why these tables cannot be read so; undefined where they can. */
function refusedTables({ language, engine, tables, logs, indices, plans }: QueryOptions): Diagnostic | undefined {
  const stored = [...(tables?.values() ?? [])].flat().find(isStored);
  if (engine !== 'duckdb' && plans !== true && stored === undefined) return undefined;
  if (language !== 'kusto') return diagnostic('stored/language', { language });
  const isBeside = (logs?.length ?? 0) > 0 || (indices?.length ?? 0) > 0;
  return isBeside ? diagnostic('stored/logs', {}) : undefined;
}

/** Whether a filter over records tells of functions that fail in it. */
function tellsWhereItFilters({ plan }: PlanLogic): boolean {
  return [...planNodes(plan)].some(
    (node) =>
      node.kind === 'where' &&
      rowPath(node).below.kind === 'source' &&
      anywhere(node.predicate, (expr) => expr.kind === 'call' && expr.fn === 'esql.noted'),
  );
}

const NO_TABLES: { readonly tables: readonly EsqlTable[]; readonly diagnostics: readonly Diagnostic[] } = {
  tables: [],
  diagnostics: [],
};

/** The indices that an ES|QL query may name, and its parameters. */
function esqlContext(
  { indices = [], parameters = new Map(), logs = [] }: QueryOptions,
  tables: readonly EsqlTable[],
): NonNullable<Parameters<typeof loadQuery>[3]['esql']> {
  const types = [...indices, ...tables].map(({ type }) => type);
  return { indices: new Map(types.map(({ name, mapping }) => [name, mapping])), parameters, areAll: logs.length === 0 };
}
