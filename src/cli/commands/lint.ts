import { checkPython, type Diagnostic, lint as lintRules, loadRules } from '../../index.ts';
import { type ExitCode, exit } from '../exit.ts';
import type { Io } from '../io.ts';
import { checkLogType } from '../log-type.ts';
import { diagnosticJson, renderDiagnostic } from '../render/diagnostics.ts';
import { progressBar } from '../render/progress.ts';
import { termsOf } from '../render/report.ts';
import { sarifLog } from '../render/sarif.ts';
import { count } from '../render/table.ts';
import { type SigmaArguments, sigmaOptions } from '../sigma-options.ts';
import { version } from '../version.ts';

interface LintArguments extends SigmaArguments {
  readonly logs?: readonly string[];
  readonly logType?: string;
  readonly profile?: 'sigmahq';
  readonly format: 'table' | 'json' | 'sarif';
}

/** `dragoman lint`: what is wrong with the rules. */
export async function lint(
  paths: readonly string[],
  given: LintArguments,
  _command: unknown,
  io: Io,
): Promise<ExitCode> {
  await checkLogType(given.logType, io);
  const progress = progressBar(io.stderr, 'loading rules');
  const read = await loadRules(paths, {
    ...sigmaOptions(given),
    onProgress: (done, total) => progress.update(done, total, count(total, 'file')),
  });
  const loaded = await checkPython(read);
  progress.stop();
  const found = await lintRules(loaded, {
    ...(given.logs && { logs: given.logs }),
    ...(given.logType !== undefined && { logType: given.logType }),
    ...(given.profile !== undefined && { profile: given.profile }),
  });
  const { paint, columns } = termsOf(io, 'stdout');
  if (given.format === 'json') {
    await io.stdout.write(
      `${JSON.stringify({
        diagnostics: found.map((one) => diagnosticJson(one, loaded.sources)),
        totals: { rules: loaded.outcomes.length, ...severities(found) },
      })}\n`,
    );
  } else if (given.format === 'sarif') {
    await io.stdout.write(`${JSON.stringify(sarifLog(found, loaded.sources, version), null, 1)}\n`);
  } else {
    for (const one of found) await io.stdout.write(`${renderDiagnostic(one, loaded.sources, paint, columns)}\n\n`);
    const { errors, warnings, notes } = severities(found);
    const told = `${count(errors, 'error')}, ${count(warnings, 'warning')} and ${count(notes, 'note')} in ${count(loaded.outcomes.length, 'rule')}`;
    await io.stdout.write(
      `${found.length === 0 ? `nothing found in ${count(loaded.outcomes.length, 'rule')}` : told}\n`,
    );
  }
  if (loaded.files === 0 || loaded.diagnostics.some((one) => one.severity === 'error')) return exit.input;
  return found.some((one) => one.severity === 'error' && !one.code.startsWith('unsupported/'))
    ? exit.findings
    : exit.done;
}

function severities(found: readonly Diagnostic[]): { errors: number; warnings: number; notes: number } {
  const of = (severity: string): number => found.filter((one) => one.severity === severity).length;
  return { errors: of('error'), warnings: of('warning'), notes: of('info') };
}
