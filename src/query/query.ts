import type { Diagnostic } from '../base/diagnostic.ts';
import type { Json } from '../base/json.ts';
import { type SourceText, sourceText } from '../base/source-text.ts';
import { timeText } from '../detect/engine.ts';
import { PlanRules, type RuleRow } from '../detect/plan-rules.ts';
import { SeenCounts } from '../detect/seen-counts.ts';
import { type SourceReport, sourceReport } from '../detect/source-report.ts';
import { type Clock, compileExpr, rowOf } from '../engines/memory/index.ts';
import type { ColumnType } from '../ir/plan.ts';
import type { Rule } from '../ir/rule.ts';
import { bindingOf } from '../logs/binding.ts';
import { readLogs } from '../logs/input/index.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { LogRecord, RecordSource } from '../logs/record.ts';
import { type TypingOptions, typingOf } from '../logs/typing.ts';
import { relocate } from '../passes/bind.ts';
import { fromEpochMs, parseDateTime } from '../values/date-time.ts';
import { displayText, toJson } from '../values/text-of.ts';
import type { DateTime, Value } from '../values/value.ts';
import { loadQuery, type QueryLanguage } from './query-language.ts';
import { readTables, withTables } from './query-tables.ts';

export interface QueryOptions extends TypingOptions {
  readonly language: QueryLanguage;
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
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  /** What records were taken for, and whether the query is about any of them; undefined where it was not run. */
  readonly records: SourceReport | undefined;
}

export interface FoundEvent {
  readonly record: LogRecord;
  readonly time: string | undefined;
}

const EVENT_COLUMNS: readonly ColumnType[] = [
  { name: 'time', type: 'datetime' },
  { name: 'log_type', type: 'string' },
  { name: 'source', type: 'string' },
  { name: 'event', type: 'dynamic' },
];

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
  const { rule, diagnostics: said } = await loadQuery(options.language, text, name, schema);
  const diagnostics = [...(read?.diagnostics ?? []), ...said];
  if (rule === undefined || rule.logic.kind !== 'plan') return failed(diagnostics);

  const typeOf = typingOf(options, [rule]);
  const run = new Run(rule, options.now);
  for (const table of tables) {
    for (const { event, source } of table.rows) run.see({ event, source }, table.type, table.shape);
  }
  for await (const batch of readLogs(options.logs ?? [])) {
    diagnostics.push(...batch.diagnostics);
    for (const event of batch.events) {
      const { type, shape } = typeOf(event.event);
      run.see(event, type, shape);
    }
  }
  const found = run.finish();
  const { columns } = rule.logic;
  const seen = run.sourceReport();
  if (columns === undefined) {
    const events = found.flatMap(({ record }) => (record === undefined ? [] : [{ record, time: run.timeOf(record) }]));
    return {
      ok: true,
      columns: EVENT_COLUMNS,
      rows: events.map(eventRow),
      events,
      diagnostics,
      sources,
      records: seen,
    };
  }
  const rows = found.map(({ row }) => columns.map((column) => toJson(row?.columns.get(column.name))));
  return { ok: true, columns, rows, events: undefined, diagnostics, sources, records: seen };
}

function eventRow({ record, time }: FoundEvent): Json[] {
  const { file, line, record: place } = record.source;
  return [time ?? null, record.logType, `${file}:${line}${place === undefined ? '' : `[${place}]`}`, record.event];
}

/** One query on its way through records. */
class Run {
  private readonly rule: Rule;
  private readonly seen = new SeenCounts();
  private readonly plans: PlanRules;
  private readonly now: DateTime | undefined;
  private readonly found: RuleRow[] = [];
  private readonly times = new Map<Shape, (event: LogRecord['event']) => Value>();
  private readonly timeByRecord = new WeakMap<LogRecord, string>();
  private latest: DateTime | undefined;

  constructor(rule: Rule, now: DateTime | undefined) {
    this.rule = rule;
    this.now = now;
    const clock: Clock | undefined = now && { now };
    this.plans = new PlanRules([rule], clock);
  }

  see({ event, source }: { event: LogRecord['event']; source: RecordSource }, type: LogType, shape: Shape): void {
    const record: LogRecord = { event, logType: type.name, shape: shape.name, source };
    this.seen.add(type, shape, 1);
    const rows = this.plans.process(record, type, shape);
    this.found.push(...rows);
    if (rows.length === 0 && this.now !== undefined) return;
    const time = displayText(this.readTime(event, type, shape));
    if (time === undefined) return;
    for (const row of rows) if (row.record !== undefined) this.timeByRecord.set(row.record, time);
    const moment = parseDateTime(time);
    if (moment !== undefined && (this.latest === undefined || moment.ticks > this.latest.ticks)) this.latest = moment;
  }

  finish(): RuleRow[] {
    const now = this.now ?? this.latest ?? fromEpochMs(Date.now());
    return [...this.found, ...this.plans.finish({ now })];
  }

  sourceReport(): SourceReport {
    const seen = this.seen.kinds().map(({ type, shape, records }) => {
      return { type, records, ...this.plans.rulesFor(type, shape) };
    });
    return sourceReport([this.rule], seen);
  }

  timeOf(record: LogRecord): string | undefined {
    const written = this.timeByRecord.get(record);
    return written === undefined ? undefined : timeText(written);
  }

  private readTime(event: LogRecord['event'], type: LogType, shape: Shape): Value {
    let read = this.times.get(shape);
    if (read === undefined) {
      const compiled = compileExpr(relocate(type.time, bindingOf(type, shape)), { now: fromEpochMs(0) });
      read = (one) => compiled(rowOf(one));
      this.times.set(shape, read);
    }
    return read(event);
  }
}
