import { checkPython, type Diagnostic, lint as lintRules, loadRules } from '../../index.ts';
import { besideOptions, type ElasticArguments, elasticOptions } from '../elastic-options.ts';
import { type EsqlArguments, esqlOptions } from '../esql-options.ts';
import { type ExitCode, exit } from '../exit.ts';
import type { Io } from '../io.ts';
import { type KustoArguments, kustoOptions } from '../kusto-options.ts';
import { logPaths } from '../log-paths.ts';
import { NOTHING_READ } from '../logs-hint.ts';
import { sayPythonNotRun } from '../python.ts';
import { diagnosticJson, renderDiagnostic } from '../render/diagnostics.ts';
import { progressBar } from '../render/progress.ts';
import { termsOf, writeDiagnostics } from '../render/report.ts';
import { sarifLog } from '../render/sarif.ts';
import { count } from '../render/table.ts';
import { type SelectionArguments, saidNothingSelected, selectionOf } from '../selection.ts';
import { type SigmaArguments, sigmaOptions } from '../sigma-options.ts';
import { type TypingArguments, typingOptions } from '../typing.ts';
import { version } from '../version.ts';

interface LintArguments
  extends SigmaArguments,
    TypingArguments,
    ElasticArguments,
    KustoArguments,
    EsqlArguments,
    SelectionArguments {
  readonly runPython?: boolean;
  readonly logs?: readonly string[];
  readonly profile?: 'sigmahq';
  readonly secondOpinion?: boolean;
  readonly format: 'table' | 'json' | 'sarif';
}

const SHOWN_DIAGNOSTICS = 20;

/** `dragoman lint`: what is wrong with the rules. */
export async function lint(
  paths: readonly string[],
  given: LintArguments,
  _command: unknown,
  io: Io,
): Promise<ExitCode> {
  const typing = await typingOptions(given, io);
  const elastic = await elasticOptions(given, io);
  const progress = progressBar(io.stderr, 'loading rules');
  const read = await loadRules(paths, {
    ...sigmaOptions(given),
    ...besideOptions(elastic.beside),
    ...kustoOptions(given),
    ...esqlOptions(given),
    ...selectionOf(given),
    onProgress: (done, total) => progress.update(done, total, count(total, 'file')),
  });
  const loaded = given.runPython === true ? await checkPython(read) : read;
  progress.stop();
  if (await saidNothingSelected(read, io)) return exit.input;
  const readsLogs = given.logs !== undefined || elastic.indices.length > 0;
  const logs: LogsSeen = { records: 0, undecodable: 0, diagnostics: [] };
  const said = await lintRules(loaded, {
    onLogs: ({ events, undecodable, diagnostics }) => {
      logs.records += events.length;
      logs.undecodable += undecodable;
      const room = MOST_KEPT - logs.diagnostics.length;
      logs.diagnostics.push(...diagnostics.filter((one) => one.severity !== 'error').slice(0, room));
    },
    ...(given.logs && { logs: logPaths(given.logs) }),
    indices: elastic.indices,
    ...typing.options,
    ...(given.profile !== undefined && { profile: given.profile }),
    secondOpinion: given.secondOpinion === true,
  });
  // That a rule asks for something that is not there yet is no fault of the rule.
  const found = said.map((one): Diagnostic => (isUnsupported(one) ? { ...one, severity: 'info' } : one));
  const isRule = loaded.outcomes.filter((outcome) => outcome.status !== 'part');
  const totals = {
    rules: isRule.length,
    ...severities(found),
    unsupported: isRule.filter((outcome) => outcome.status === 'unsupported').length,
    unreadable: loaded.unreadable,
  };
  if (given.runPython !== true) await sayPythonNotRun(loaded, io);
  const { paint, columns } = termsOf(io, 'stdout');
  if (given.format === 'json') {
    await io.stdout.write(
      `${JSON.stringify({
        diagnostics: found.map((one) => diagnosticJson(one, loaded.sources)),
        totals,
      })}\n`,
    );
  } else if (given.format === 'sarif') {
    await io.stdout.write(`${JSON.stringify(sarifLog(found, loaded.sources, version), null, 1)}\n`);
  } else {
    for (const one of found) await io.stdout.write(`${renderDiagnostic(one, loaded.sources, paint, columns)}\n\n`);
    await io.stdout.write(`${summary(totals, found.length)}\n`);
  }
  if (readsLogs) {
    await writeDiagnostics(io, logs.diagnostics, loaded.sources, SHOWN_DIAGNOSTICS, '`dragoman run` counts them all');
    const lost = logs.undecodable === 0 ? '' : `, ${logs.undecodable.toLocaleString('en-US')} undecodable`;
    await io.stderr.write(`logs: ${count(logs.records, 'record')} looked at${lost}\n`);
    if (logs.records === 0) await io.stderr.write(NOTHING_READ);
  }
  if (found.some((one) => one.severity === 'error' && one.code.startsWith('logs/'))) return exit.input;
  if (readsLogs && logs.records === 0) return exit.input;
  if (
    typing.failed ||
    elastic.failed ||
    loaded.files === 0 ||
    found.some(({ code }) => code === 'kusto/no-second-opinion') ||
    loaded.diagnostics.some((one) => one.severity === 'error')
  )
    return exit.input;
  return totals.errors > 0 ? exit.findings : exit.done;
}

/** More of what is wrong with logs is not kept: few of it are shown, and `run` counts them all. */
const MOST_KEPT = 1_000;

/** What was read of the logs that values are compared with. */
interface LogsSeen {
  records: number;
  undecodable: number;
  readonly diagnostics: Diagnostic[];
}

interface LintTotals {
  readonly rules: number;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly unsupported: number;
  readonly unreadable: number;
}

/** `1 error, 2 warnings and 0 notes in 12 rules; 3 rules are not supported yet` */
function summary({ rules, errors, warnings, notes, unsupported, unreadable }: LintTotals, found: number): string {
  const said =
    found === 0
      ? `nothing found in ${count(rules, 'rule')}`
      : `${count(errors, 'error')}, ${count(warnings, 'warning')} and ${count(notes, 'note')} in ${count(rules, 'rule')}`;
  return [
    said,
    ...(unsupported === 0 ? [] : [`${count(unsupported, 'rule is', 'rules are')} not supported yet`]),
    ...(unreadable === 0 ? [] : [`${count(unreadable, 'file is', 'files are')} unreadable`]),
  ].join('; ');
}

function isUnsupported(found: Diagnostic): boolean {
  return found.code.startsWith('unsupported/');
}

/** Unsupported rules are counted as such, not among the notes. */
function severities(found: readonly Diagnostic[]): { errors: number; warnings: number; notes: number } {
  const of = (severity: string): number =>
    found.filter((one) => one.severity === severity && !isUnsupported(one)).length;
  return { errors: of('error'), warnings: of('warning'), notes: of('info') };
}
