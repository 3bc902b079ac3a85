import { didYouMean } from '../base/did-you-mean.ts';
import { LOG_SOURCE_KEYS, type LogSource, loadConfig, logType, type TypingOptions } from '../index.ts';
import { UsageError } from './exit.ts';
import type { Io } from './io.ts';
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
  const logSource = given.logSource === undefined ? undefined : parseLogSource(given.logSource);
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

const FORM = 'write it as product=okta,service=okta';

/** `product=okta,service=okta` */
function parseLogSource(text: string): LogSource {
  const found = new Map<string, string>();
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const key = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    if (at === -1 || key === '' || value === '') throw new UsageError(`--log-source ${text} is not a log source`, FORM);
    if (!LOG_SOURCE_KEYS.some((one) => one === key)) {
      const near = didYouMean(key, LOG_SOURCE_KEYS);
      const hint =
        near.length > 0 ? `did you mean ${near.join(' or ')}?` : `its parts are ${LOG_SOURCE_KEYS.join(', ')}`;
      throw new UsageError(`a log source has no ${key}`, hint);
    }
    if (found.has(key)) throw new UsageError(`--log-source ${text} says ${key} twice`, FORM);
    found.set(key, value);
  }
  return Object.fromEntries(found);
}
