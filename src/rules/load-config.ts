import { readFile } from 'node:fs/promises';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { type SourceText, sourceText } from '../base/source-text.ts';
import { reasonOf } from './find-files.ts';
import { decodeText } from './load-context.ts';
import { CONFIG_FILE, type Config, readConfig } from './read-config.ts';

export interface LoadedConfig {
  readonly config: Config;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
}

/** Reads the configuration of that name; without a name that of the current folder, if there is one. */
export async function loadConfig(path?: string): Promise<LoadedConfig> {
  const file = path ?? CONFIG_FILE;
  const none = { config: { logSources: [] }, sources: new Map<string, SourceText>() };
  let text: string;
  try {
    text = decodeText(await readFile(file));
  } catch (failed) {
    const isThere = path !== undefined || !(failed instanceof Error && 'code' in failed && failed.code === 'ENOENT');
    const diagnostics = isThere ? [diagnostic('input/unreadable', { path: file, reason: reasonOf(failed) })] : [];
    return { ...none, diagnostics };
  }
  const source = sourceText(file, text);
  return { ...readConfig(source), sources: new Map([[file, source]]) };
}
