import type { Match } from '../alerts/match.ts';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Json } from '../base/json.ts';
import { type SourceText, sourceText } from '../base/source-text.ts';
import { createEngine } from '../detect/engine.ts';
import type { SourceReport } from '../detect/source-report.ts';
import type { ColumnType } from '../ir/plan.ts';
import { readLogs } from '../logs/input/index.ts';
import type { TypingOptions } from '../logs/typing.ts';
import { readIndexMapping } from '../schemas/index-mapping.ts';
import type { DateTime } from '../values/value.ts';
import { eqlResult } from './eql-result.ts';
import { eventsOf, eventsResult, type FoundEvent, type FoundSequence } from './found.ts';
import { type EqlOptions, loadQuery, type QueryLanguage } from './query-language.ts';
import { readTables, withTables } from './query-tables.ts';

export interface QueryOptions extends TypingOptions {
  readonly language: QueryLanguage;
  /**
   * An index's mapping as JSON (`GET index/_mapping`): the fields that there are, and their types. A field that it lacks is an error
   * in EQL.
   */
  readonly indexMapping?: Json;
  readonly eql?: EqlOptions;
  /** EQL: how many events, sequences or samples at the most; the last ones, unless the query takes its head. Absent: all. */
  readonly size?: number;
  /** Files, folders, globs; `-` is standard input. */
  readonly logs?: readonly string[];
  /** Files of rows for tables that a Kusto query names. */
  readonly tables?: ReadonlyMap<string, readonly string[]>;
  /** The time that the query takes for now; without it, the time of the last event read. */
  readonly now?: DateTime;
  /** What messages call the query. */
  readonly name?: string;
}

export interface QueryResult {
  /** False when the query could not be run at all. */
  readonly ok: boolean;
  readonly columns: readonly ColumnType[];
  readonly rows: readonly (readonly Json[])[];
  /** The events found, where the query gives events and not rows of its own; then `rows` says the same in columns. */
  readonly events: readonly FoundEvent[] | undefined;
  /** What an EQL sequence or sample found. */
  readonly sequences?: readonly FoundSequence[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  /** What records were taken for, and whether the query is about any of them; undefined where it was not run. */
  readonly records: SourceReport | undefined;
}

/** Runs one query over logs and tables. Rows come in the order that the query says, else in that of the records. */
export async function query(text: string, options: QueryOptions): Promise<QueryResult> {
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
  });
  const kusto = options.language === 'kusto' ? (await import('../schemas/kusto.ts')).kustoSchema : undefined;
  const read = kusto === undefined ? undefined : await readTables(options.tables ?? new Map(), kusto);
  const tables = read?.tables ?? [];
  const schema = kusto && tables.length > 0 ? withTables(kusto, tables) : kusto;
  const mapping = options.indexMapping === undefined ? undefined : readIndexMapping(options.indexMapping);
  if (options.indexMapping !== undefined && mapping === undefined)
    return failed([diagnostic('input/not-a-mapping', {})]);
  const context = { kusto: schema, mapping, eql: options.eql };
  const { rule, eql, diagnostics: said } = await loadQuery(options.language, text, name, context);
  const diagnostics = [...(read?.diagnostics ?? []), ...said];
  if (rule === undefined || rule.logic.kind !== 'plan') return failed(diagnostics);

  const { logType, logSource, declaredSources, now } = options;
  const engine = createEngine([rule], {
    ...(logType !== undefined && { logType }),
    ...(logSource !== undefined && { logSource }),
    ...(declaredSources !== undefined && { declaredSources }),
    ...(now && { now }),
  });
  const found: Match[] = [];
  try {
    for (const { rows, type, shape } of tables) {
      found.push(...(await engine.process(rows.map((row) => ({ ...row, as: { type, shape } })))));
    }
    for await (const batch of readLogs(options.logs ?? [], { scanner: engine.scanner })) {
      diagnostics.push(...batch.diagnostics);
      found.push(...(await engine.process(batch.events)));
    }
    diagnostics.push(...(engine.scanner?.diagnostics ?? []));
    found.push(...(await engine.finish()));
    diagnostics.push(...engine.diagnostics);
  } finally {
    await engine.close();
  }
  const { columns } = rule.logic;
  const seen = engine.sourceReport();
  if (eql !== undefined)
    return { ok: true, ...eqlResult(found, eql, options.size), diagnostics, sources, records: seen };
  if (columns === undefined) {
    return { ok: true, ...eventsResult(eventsOf(found)), diagnostics, sources, records: seen };
  }
  const rows = found.map(({ fields }) => columns.map((column) => fields?.[column.name] ?? null));
  return { ok: true, columns, rows, events: undefined, diagnostics, sources, records: seen };
}
