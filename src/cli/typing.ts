import { loadConfig, logType, type TypingOptions } from '../index.ts';
import { UsageError } from './exit.ts';
import type { Io } from './io.ts';
import { parseLogSource } from './log-source.ts';
import { checkLogType } from './log-type.ts';
import { writeDiagnostics } from './render/report.ts';

/** What the command line says of the records. */
export interface TypingArguments {
  readonly logType?: string;
  readonly logSource?: string;
  readonly config?: string;
}

const SHOWN_DIAGNOSTICS = 20;

/** What the user says of the records. `failed`: some of the configuration cannot be read; what can be counts all the same. */
export async function typingOptions(
  given: TypingArguments,
  io: Io,
): Promise<{ readonly options: TypingOptions; readonly failed: boolean }> {
  await checkLogType(given.logType, io);
  const logSource = given.logSource === undefined ? undefined : parseLogSource(given.logSource, '--log-source');
  if (logSource !== undefined && given.logType !== undefined && logType(given.logType).declared) {
    throw new UsageError(
      `--log-source is for records of undeclared types, and ${given.logType} is a declared type`,
      'give one of --log-type and --log-source',
    );
  }
  const { config, diagnostics, sources } = await loadConfig(given.config);
  await writeDiagnostics(io, diagnostics, sources, SHOWN_DIAGNOSTICS, 'the others are of the same kinds');
  return {
    options: {
      ...(given.logType !== undefined && { logType: given.logType }),
      ...(logSource && { logSource }),
      declaredSources: config.logSources,
    },
    failed: diagnostics.some((found) => found.severity === 'error'),
  };
}
