import { loadRules, logType, logTypes, type Rule } from '../../index.ts';
import { type ExitCode, exit, InputError, UsageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { checkLogType } from '../log-type.ts';
import { termsOf, writeDiagnostics } from '../render/report.ts';
import { table } from '../render/table.ts';
import { type TypingArguments, typingOptions } from '../typing.ts';
import { printCoverage, printRecognised, printType } from './types-reports.ts';

export interface TypesArguments extends TypingArguments {
  readonly for?: readonly string[];
  readonly rules?: readonly string[];
  readonly coverage?: readonly string[];
  readonly format: 'table' | 'json';
}

const SHOWN_DIAGNOSTICS = 10;

/** `dragoman types`: the log types; one of them; what logs were recognised as; which logs of rules they serve. */
export async function types(
  name: string | undefined,
  given: TypesArguments,
  _command: unknown,
  io: Io,
): Promise<ExitCode> {
  const asked = [name, given.for, given.coverage].filter((one) => one !== undefined);
  if (asked.length > 1) throw new UsageError('give one of NAME, --for and --coverage');
  if (given.for !== undefined) {
    const typing = await typingOptions(given, io);
    const rules = await rulesOf(given.rules ?? [], io);
    const isRead = await printRecognised({ paths: given.for, options: typing.options, rules }, given.format, io);
    return isRead && !typing.failed ? exit.done : exit.input;
  }
  if (given.coverage !== undefined) {
    await printCoverage(await rulesOf(given.coverage, io), given.format, io);
    return exit.done;
  }
  if (name !== undefined) {
    await checkLogType(name, io);
    await printType(logType(name), await rulesOf(given.rules ?? [], io), given.rules !== undefined, given.format, io);
    return exit.done;
  }
  await printAll(given.format, io);
  return exit.done;
}

async function rulesOf(paths: readonly string[], io: Io): Promise<readonly Rule[]> {
  if (paths.length === 0) return [];
  const loaded = await loadRules(paths);
  const hint = `\`dragoman check ${paths.join(' ')}\` shows all`;
  await writeDiagnostics(io, loaded.diagnostics, loaded.sources, SHOWN_DIAGNOSTICS, hint);
  if (loaded.rules.length === 0) throw new InputError('no rule could be loaded');
  return loaded.rules;
}

async function printAll(format: TypesArguments['format'], io: Io): Promise<void> {
  const known = [...logTypes].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (format === 'json') {
    const listed = known.map((type) => ({
      name: type.name,
      description: type.description,
      shapes: type.shapes.map((shape) => shape.name),
      views: type.views.map((view) => ({
        schema: view.schema,
        ...(view.table !== undefined && { table: view.table }),
      })),
    }));
    await io.stdout.write(`${JSON.stringify({ types: listed })}\n`);
    return;
  }
  const { paint, columns } = termsOf(io, 'stdout');
  const rows = known.map((type) => [{ text: type.name, ink: 'bold' as const }, viewsOf(type.views), type.description]);
  const lines = table(
    [{ head: 'LOG TYPE' }, { head: 'VIEWS', flexible: true }, { head: 'WHAT IT IS', flexible: true }],
    rows,
    paint,
    columns,
  );
  lines.push(
    '',
    'Rows of any other table are `sentinel.<table>` or `defender.<table>`.',
    'A record of any other kind is `generic`: rules see its fields as they are.',
    '`dragoman types NAME` says more of one; `dragoman types --for LOGS` what logs are recognised as, and why.',
  );
  await io.stdout.write(`${lines.join('\n')}\n`);
}

/** `ecs, sigma, kusto (AzureActivity, …)` */
function viewsOf(views: readonly { readonly schema: string; readonly table?: string }[]): string {
  const schemas = new Map<string, string[]>();
  for (const view of views) {
    const tables = schemas.get(view.schema) ?? [];
    if (view.table !== undefined) tables.push(view.table);
    schemas.set(view.schema, tables);
  }
  return [...schemas]
    .map(([schema, tables]) => (tables.length > 0 ? `${schema} (${tables.join(', ')})` : schema))
    .join(', ');
}
