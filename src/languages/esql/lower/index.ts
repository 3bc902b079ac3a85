import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import { failure, type Result, success } from '../../../base/result.ts';
import type { SourceText } from '../../../base/source-text.ts';
import type { Span } from '../../../base/span.ts';
import { call, field, text } from '../../../ir/construct.ts';
import type { ColumnType, Plan } from '../../../ir/plan/plan.ts';
import type { SharedPlan } from '../../../ir/plan/query.ts';
import type { EsqlQuery, EsqlSetting } from '../ast.ts';
import type { EsqlType } from '../types.ts';
import { lowerPipeline, MOST_ROWS } from './commands/commands.ts';
import type { Context, EsqlOptions } from './context.ts';
import { type Column, readColumn } from './scope.ts';
import { extended, type State } from './state.ts';

export interface EsqlColumn {
  readonly name: string;
  readonly type: EsqlType;
}

export interface LoweredEsql {
  readonly plan: Plan;
  readonly shared: readonly SharedPlan[];
  /** The columns that the query's rows have; `open` rows have the fields of their documents beside them. */
  readonly columns: readonly EsqlColumn[];
  readonly open: boolean;
  /** The same as plans name them. */
  readonly types: readonly ColumnType[];
  /** Whether each row still stands for a document. */
  readonly ofDocuments: boolean;
}

/**
 * The query as a plan. `limits`: whether rows end where Elasticsearch ends them, at 1,000 without a LIMIT and at 10,000 with one.
 */
export function lowerEsql(
  { settings, pipeline }: EsqlQuery,
  source: SourceText,
  options: EsqlOptions & { readonly limits: boolean },
): Result<LoweredEsql> {
  const diagnostics: Diagnostic[] = [];
  const shared: SharedPlan[] = [];
  let count = 0;
  const context: Context = {
    ...options,
    report: (found) => {
      diagnostics.push(found);
    },
    written: writtenIn(source),
    place: placeIn(source),
    pipeline: (of) => lowerPipeline(of, context),
    shared,
    fresh: (of) => {
      count += 1;
      return `$${of} ${count}`;
    },
    nullifies: readSettings(settings, (found) => diagnostics.push(found)),
  };
  const state = lowerPipeline(pipeline, context);
  if (diagnostics.some(({ severity }) => severity === 'error')) return failure(...diagnostics);
  const limited = options.limits ? withLimit(state) : state;
  return success({ ...shown(limited), shared }, diagnostics);
}

/** Without LIMIT of its own a query ends at so many rows. */
const DEFAULT_ROWS = 1000;

function withLimit(state: State): State {
  const count = state.limited ? MOST_ROWS : DEFAULT_ROWS;
  return { ...state, plan: { kind: 'limit', input: state.plan, count } };
}

/** Rows as they are given out: the columns in their order, moments as text. */
function shown({ plan: input, scope, ofDocuments }: State): Omit<LoweredEsql, 'shared'> {
  const all = [...scope.columns.values()];
  const columns = all.map(({ name, type }): EsqlColumn => ({ name, type: type === 'unsupported' ? 'null' : type }));
  const types = columns.map(({ name }): ColumnType => ({ name, type: 'dynamic' }));
  if (scope.open !== undefined) {
    // The document has its fields itself; columns are only those that the query made.
    const made = all.filter(({ of }) => of !== 'field');
    const plan = made.reduce<Plan>((under, column) => shownColumn(under, column, scope), input);
    return { plan, columns, open: true, types, ofDocuments };
  }
  const named = all.map((column) => ({ name: column.name, expr: shownValue(column, scope) }));
  return { plan: { kind: 'project', input, columns: named }, columns, open: false, types, ofDocuments };
}

function shownColumn(input: Plan, column: Column, scope: State['scope']): Plan {
  const isShown = column.type === 'date' || column.type === 'date_nanos' || column.of === 'metadata';
  return isShown ? extended(input, { name: column.name, expr: shownValue(column, scope) }) : input;
}

function shownValue(column: Column, scope: State['scope']): ReturnType<typeof call> {
  const value = column.of === 'made' ? field(column.name) : readColumn(column, scope, NOWHERE).expr;
  const { type } = column;
  return type === 'date' || type === 'date_nanos' || type === 'source' || type === 'unknown'
    ? call('esql.shown', [value, text(type)])
    : value;
}

const NOWHERE: Span = { source: '', start: 0, end: 0 };

/** Whether unknown fields count as null; what else can be set is reported. */
function readSettings(settings: readonly EsqlSetting[], report: (found: Diagnostic) => void): boolean {
  let nullifies = false;
  for (const { name, value, span } of settings) {
    const setting = name.text.toLowerCase();
    const written = value.kind === 'string' ? value.value : undefined;
    if (setting === 'unmapped_fields' && (written === 'nullify' || written === 'default'))
      nullifies = written === 'nullify';
    else if (setting === 'time_zone' && written !== undefined && /^(?:UTC|Z|GMT|\+00:00)$/i.test(written)) continue;
    else if (setting === 'time_zone' || setting === 'unmapped_fields') {
      report(
        diagnostic('unsupported/esql', { what: `the setting ${setting} = ${written ?? 'of another kind'}` }, span),
      );
    } else
      report(diagnostic('esql/bad-setting', { name: name.text, reason: 'Elasticsearch has no such setting' }, span));
  }
  return nullifies;
}

/** The query's text by spans into the file that holds it. */
function writtenIn(source: SourceText): (span: Span) => string {
  const starts = new Map<number, number>();
  for (let at = 0; at <= source.text.length; at += 1) {
    const { start } = source.span(at, at);
    if (!starts.has(start)) starts.set(start, at);
  }
  return ({ start, end }) => {
    const from = starts.get(start) ?? 0;
    const last = starts.get(end - 1);
    return source.text.slice(from, last === undefined ? (starts.get(end) ?? source.text.length) : last + 1);
  };
}

/** Line and column of spans. */
function placeIn(source: SourceText): (span: Span) => string {
  const written = writtenIn(source);
  const { start: first } = source.span(0, 0);
  return ({ source: name, start }) => {
    const before = written({ source: name, start: first, end: start });
    const lines = before.split('\n');
    return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
  };
}
