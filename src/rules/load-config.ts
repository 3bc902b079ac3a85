import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { type SourceText, sourceText } from '../base/source-text.ts';
import { NOT_THERE } from './find-files.ts';
import { CONFIG_FILE, type Config, readConfig } from './read-config.ts';
import { readTextFile } from './read-text.ts';

export interface LoadedConfig {
  readonly config: Config;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
}

/** Reads the configuration of that name; without a name that of the current folder, if there is one. */
export async function loadConfig(path?: string): Promise<LoadedConfig> {
  const file = path ?? CONFIG_FILE;
  const none = { config: { logSources: [] }, sources: new Map<string, SourceText>() };
  const read = readTextFile(file);
  if (!read.ok) {
    const isThere = path !== undefined || read.reason !== NOT_THERE;
    const diagnostics = isThere ? [diagnostic('input/unreadable', { path: file, reason: read.reason })] : [];
    return { ...none, diagnostics };
  }
  const source = sourceText(file, read.text);
  const { config, diagnostics } = readConfig(source);
  return { config, diagnostics: [...read.diagnostics, ...diagnostics], sources: new Map([[file, source]]) };
}
