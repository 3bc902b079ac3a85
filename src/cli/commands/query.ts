import { readFile } from 'node:fs/promises';
import { type Json, stringifyJson } from '../../base/json.ts';
import {
  type EqlOptions,
  exactCell,
  type LogRecord,
  type QueryLanguage,
  type QueryResult,
  query as runQuery,
  type SourceReport,
} from '../../index.ts';
import { elasticOptions } from '../elastic-options.ts';
import { type EsqlArguments, esqlOptions } from '../esql-options.ts';
import { type ExitCode, exit, InputError, UsageError } from '../exit.ts';
import { interruption } from '../interruption.ts';
import type { Io } from '../io.ts';
import { type KustoArguments, kustoOptions } from '../kusto-options.ts';
import { logPaths } from '../log-paths.ts';
import { NOTHING_READ } from '../logs-hint.ts';
import { parseNow, rowLimitsOf } from '../options.ts';
import { clip, printable } from '../render/cells.ts';
import { diagnosticJson } from '../render/diagnostics.ts';
import { type Terms, termsOf, writeDiagnostics } from '../render/report.ts';
import { sourceHints, sourceNotes } from '../render/sources.ts';
import { count, table } from '../render/table.ts';
import { tellingFields } from '../render/telling.ts';
import { type TypingArguments, typingOptions } from '../typing.ts';

interface QueryArguments extends TypingArguments, KustoArguments, EsqlArguments {
  readonly language: QueryLanguage;
  readonly file?: string;
  readonly logs?: readonly string[];
  readonly table?: readonly string[];
  readonly now?: string;
  readonly limitRows?: number;
  readonly limitSeconds?: number;
  readonly index?: readonly string[];
  readonly indexMapping?: string;
  readonly eventCategory?: string;
  readonly timestamp?: string;
  readonly tiebreaker?: string;
  readonly size?: string;
  readonly maxSamplesPerKey?: string;
  readonly engine?: 'duckdb' | 'memory';
  readonly plan?: boolean;
  readonly format: 'table' | 'json' | 'ndjson';
}

const SHOWN_DIAGNOSTICS = 20;
const SHOWN_ROWS = 200;

/** `dragoman query`: one query over logs or tables. */
export async function query(
  text: string | undefined,
  given: QueryArguments,
  _command: unknown,
  io: Io,
): Promise<ExitCode> {
  const now = parseNow(given.now);
  const typing = await typingOptions(given, io);
  const asked = await readQuery(text, given);
  const tables = readTableOptions(given.table ?? []);
  if (tables.size > 0 && given.language !== 'kusto' && given.language !== 'esql') {
    throw new UsageError(
      `--table is for Kusto and ES|QL queries, this one is ${given.language}`,
      'give the records with --logs',
    );
  }
  const eql = eqlOptions(given);
  const mapping = given.indexMapping === undefined ? undefined : await readMapping(given.indexMapping);
  const { index } = given;
  const isIndexed = index !== undefined && ['kuery', 'lucene', 'eql', 'esql'].includes(given.language);
  if (index !== undefined && !isIndexed) {
    throw new UsageError(
      `--index is for queries of Elastic's, this one is ${given.language}`,
      'give the records with --logs',
    );
  }
  const elastic = await elasticOptions(
    // Without an index the query itself reads the mapping, and tells what is wrong with it.
    index === undefined
      ? {}
      : { index, ...(given.indexMapping !== undefined && { indexMapping: [given.indexMapping] }) },
    io,
  );
  if (elastic.failed) return exit.input;
  const interrupted = interruption(io);
  const result = await runQuery(asked, {
    signal: interrupted.signal,
    language: given.language,
    tables,
    ...kustoOptions(given),
    ...esqlOptions(given),
    eql,
    ...(mapping !== undefined && { indexMapping: mapping }),
    ...(given.size !== undefined && { size: wholeNumber('--size', given.size, 0) }),
    ...(given.file !== undefined && { name: given.file }),
    ...(given.logs && { logs: logPaths(given.logs) }),
    indices: elastic.indices,
    ...typing.options,
    ...(now && { now }),
    rowLimits: rowLimitsOf(given),
    ...(given.engine !== undefined && { engine: given.engine }),
    ...(given.plan === true && { plans: true }),
  });
  await writeDiagnostics(io, result.diagnostics, result.sources, SHOWN_DIAGNOSTICS, '--format json gives all');
  if (result.plan !== undefined) {
    await io.stdout.write(`${result.plan}\n`);
    return (await interrupted.finish()) ?? exit.done;
  }
  const readsNothing = given.logs === undefined && tables.size === 0 && elastic.indices.length === 0;
  if (result.ok && readsNothing && !makesRows(asked, given.language)) {
    await io.stderr.write(
      'note: the query ran over nothing: --logs says where to read records (- is standard input)\n',
    );
  }
  const isInVain = result.ok && !readsNothing && result.read === 0;
  if (isInVain) await io.stderr.write(NOTHING_READ);
  else if (result.records !== undefined) await reportSources(result.records, io);
  switch (given.format) {
    case 'json':
      await io.stdout.write(`${given.language === 'eql' && result.ok ? eqlJson(result) : resultJson(result)}\n`);
      break;
    case 'ndjson':
      for (const line of given.language === 'eql' ? eqlLines(result) : []) await io.stdout.write(`${line}\n`);
      for (const row of given.language === 'eql' ? [] : result.rows) await io.stdout.write(`${rowJson(result, row)}\n`);
      break;
    case 'table':
      if (result.ok) await io.stdout.write(`${resultTable(result, termsOf(io, 'stdout')).join('\n')}\n`);
  }
  const ended = await interrupted.finish();
  if (ended !== undefined) return ended;
  const failed = typing.failed || result.diagnostics.some((found) => found.severity === 'error');
  return result.ok && !failed && !isInVain ? exit.done : exit.input;
}

/** Says where records were not what the query is about: no rows may mean just that. */
async function reportSources(records: SourceReport, io: Io): Promise<void> {
  for (const note of sourceNotes(records)) await io.stderr.write(`note: ${note}\n`);
  for (const hint of sourceHints(records)) await io.stderr.write(`hint: ${hint}\n`);
}

/** Whether a query has rows of its own. */
function makesRows(text: string, language: QueryLanguage): boolean {
  if (language === 'esql') return /^\s*(?:SET\b[^;]*;\s*)*ROW\b/i.test(text);
  return language === 'kusto' && /\b(?:print|datatable|range)\b/.test(text);
}

async function readQuery(text: string | undefined, { file, logs, table }: QueryArguments): Promise<string> {
  if (text !== undefined && file !== undefined) throw new UsageError('give the query as text or with --file, not both');
  if (text !== undefined) return text;
  if (file === undefined) {
    const greedy = logs !== undefined ? '--logs' : table !== undefined ? '--table' : undefined;
    const hint = greedy && `write the query before ${greedy}, which takes everything behind it`;
    throw new UsageError('give a query, as text or with --file', hint);
  }
  try {
    return await readFile(file, 'utf8');
  } catch (failed) {
    throw new InputError(`cannot read the query from ${file}: ${reasonOf(failed)}`);
  }
}

function reasonOf(failed: unknown): string {
  if (!(failed instanceof Error)) return String(failed);
  const code = 'code' in failed ? failed.code : undefined;
  return code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a folder' : failed.message;
}

const EQL_OPTIONS = ['eventCategory', 'timestamp', 'tiebreaker', 'size', 'maxSamplesPerKey'] as const;

/** What an EQL query is asked under. */
function eqlOptions(given: QueryArguments): EqlOptions {
  const { eventCategory, timestamp, tiebreaker, maxSamplesPerKey } = given;
  const foreign = given.language === 'eql' ? undefined : EQL_OPTIONS.find((name) => given[name] !== undefined);
  if (foreign !== undefined) {
    const option = foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${option} is for EQL queries, this one is ${given.language}`);
  }
  return {
    ...(eventCategory !== undefined && { eventCategory }),
    ...(timestamp !== undefined && { timestamp }),
    ...(tiebreaker !== undefined && { tiebreaker }),
    ...(maxSamplesPerKey !== undefined && {
      maxSamplesPerKey: wholeNumber('--max-samples-per-key', maxSamplesPerKey, 1),
    }),
  };
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageError(`${option} ${text} is not a whole number from ${least}`);
}

async function readMapping(path: string): Promise<{ readonly path: string; readonly text: string }> {
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch (failed) {
    throw new InputError(`cannot read the index mapping from ${path}: ${reasonOf(failed)}`);
  }
}

/** `NAME=PATH`, a name more than once is one table of several files. */
function readTableOptions(given: readonly string[]): Map<string, string[]> {
  const tables = new Map<string, string[]>();
  for (const option of given) {
    const at = option.indexOf('=');
    if (at < 1 || at === option.length - 1) {
      throw new UsageError(`--table ${option} is not NAME=PATH`, 'for example --table DeviceProcessEvents=rows.ndjson');
    }
    const name = option.slice(0, at);
    tables.set(name, [...(tables.get(name) ?? []), option.slice(at + 1)]);
  }
  return tables;
}

function resultJson(result: QueryResult): string {
  const rows = result.rows.map((row) => stringifyJson(exactRow(result, row))).join(',\n');
  const diagnostics = result.diagnostics.map((found) => diagnosticJson(found, result.sources));
  return `{"columns":${JSON.stringify(result.columns)},"rows":[${rows}],"diagnostics":${JSON.stringify(diagnostics)}}`;
}

/** `{events: [{source, event}]}`, or `{sequences: [{keys, events}]}` with null for an event that has to be missing. */
function eqlJson(result: QueryResult): string {
  const what = result.sequences === undefined ? 'events' : 'sequences';
  return `{"${what}":[${eqlLines(result).join(',\n')}]}`;
}

function eqlLines({ events = [], sequences }: QueryResult): readonly string[] {
  if (sequences === undefined) return events.map(({ record }) => stringifyJson(eventJson(record)));
  return sequences.map(({ keys, events: steps }) =>
    stringifyJson({ keys, events: steps.map((step) => step && eventJson(step)) }),
  );
}

function eventJson({ source, event }: LogRecord): Json {
  return { source: { ...source }, event };
}

function rowJson(result: QueryResult, row: readonly Json[]): string {
  const cells = exactRow(result, row);
  return stringifyJson(Object.fromEntries(result.columns.map((column, index) => [column.name, cells[index] ?? null])));
}

function exactRow({ columns }: QueryResult, row: readonly Json[]): readonly Json[] {
  return columns.map(({ type }, at) => exactCell(row[at] ?? null, type));
}

function resultTable(result: QueryResult, { paint, columns }: Terms): string[] {
  const shown = result.rows.slice(0, SHOWN_ROWS);
  const lines =
    result.events === undefined
      ? table(
          result.columns.map(({ name, type }) => ({
            head: name,
            flexible: type === 'string' || type === 'dynamic',
            align: type === 'long' || type === 'int' || type === 'real' ? 'right' : 'left',
          })),
          shown.map((row) => row.map(cellText)),
          paint,
          columns,
        )
      : table(
          [
            { head: 'TIME' },
            { head: 'LOG TYPE' },
            { head: 'WHERE', flexible: true, keeps: 'end' },
            { head: 'WHAT', flexible: true },
          ],
          result.events
            .slice(0, SHOWN_ROWS)
            .map(({ record, time }, index) => [
              (time ?? '-').replace(/\.\d+Z$/, 'Z'),
              record.logType,
              cellText(result.rows[index]?.[2] ?? null),
              tellingFields(undefined, record.event),
            ]),
          paint,
          columns,
        );
  const more = result.rows.length - shown.length;
  lines.push(
    paint('gray', `(${count(result.rows.length, 'row')}${more > 0 ? `, the first ${SHOWN_ROWS} shown` : ''})`),
  );
  return lines;
}

function cellText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? printable(value) : clip(stringifyJson(value), 200);
}
