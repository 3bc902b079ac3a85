import { existsSync } from 'node:fs';
import { didYouMean } from '../base/did-you-mean.ts';
import { LOG_SOURCE_KEYS, type LogPath, logType, logTypes } from '../index.ts';
import { UsageError } from './exit.ts';
import { parseLogSource } from './log-source.ts';

const SOURCE = new RegExp(`^((?:${LOG_SOURCE_KEYS.join('|')})=[^:]+):(.+)$`, 's');

/**
 * Paths of logs as the command line has them: `windows.security=DIR` says the log type of what is in a path, and
 * `product=…,category=…,service=…:DIR` its log source. A path that exists as it is written is that path; `./` before one makes it a path
 * in any case.
 */
export function logPaths(texts: readonly string[]): readonly LogPath[] {
  return texts.map((text) => logPath(text));
}

export function logPath(text: string, exists: (path: string) => boolean = existsSync): LogPath {
  if (text.startsWith('./') || exists(text)) return text;
  const [, source, below] = SOURCE.exec(text) ?? [];
  if (source !== undefined && below !== undefined) {
    return { path: below, said: { logSource: parseLogSource(source, '--logs') } };
  }
  const at = text.indexOf('=');
  if (at < 1) return text;
  const name = text.slice(0, at);
  const path = text.slice(at + 1);
  if (path !== '' && logType(name).declared && name !== 'generic') return { path, said: { logType: name } };
  const near = path === '' || /[\\/]/.test(name) ? [] : didYouMean(name, logTypeNames());
  if (near.length > 0) {
    throw new UsageError(
      `no log type is called ${name}, and there is no file ${text}`,
      `did you mean ${near.map((one) => `${one}=${path}`).join(' or ')}?`,
    );
  }
  return text;
}

function logTypeNames(): readonly string[] {
  return logTypes.map((type) => type.name);
}
