import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { type SourceText, sourceText } from '../../base/source-text.ts';
import type { SigmaMapping } from '../../formats/sigma/pipeline.ts';
import { extensionOf, findFiles } from '../find-files.ts';
import { readTextFile } from '../read-text.ts';

/** Where the pipelines and placeholder values for Sigma rules come from: files, folders or globs. */
export interface SigmaMappingPaths {
  /** Processing pipelines in pySigma's YAML format. */
  readonly pipelines?: readonly string[];
  /** YAML files of placeholder names with their values. */
  readonly placeholders?: readonly string[];
}

export interface LoadedMapping {
  /** Undefined where nothing was asked for. */
  readonly mapping: SigmaMapping | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what Sigma rules are to go through. Texts that are read are added to `sources`. */
export async function loadSigmaMapping(
  paths: SigmaMappingPaths,
  sources: Map<string, SourceText>,
): Promise<LoadedMapping> {
  const { pipelines = [], placeholders = [] } = paths;
  if (pipelines.length + placeholders.length === 0) return { mapping: undefined, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const pipelineFiles = await readAll(pipelines, 'pipeline', sources, diagnostics);
  const placeholderFiles = await readAll(placeholders, 'placeholder files', sources, diagnostics);
  const { readMapping } = await import('../../formats/sigma/pipeline.ts');
  const read = readMapping(pipelineFiles, placeholderFiles);
  const unread = diagnostics.some(({ severity }) => severity === 'error')
    ? (pipelines[0] ?? placeholders[0])
    : undefined;
  const broken = read.mapping.broken ?? unread;
  return { mapping: { ...read.mapping, broken }, diagnostics: [...diagnostics, ...read.diagnostics] };
}

async function readAll(
  paths: readonly string[],
  what: string,
  sources: Map<string, SourceText>,
  diagnostics: Diagnostic[],
): Promise<SourceText[]> {
  if (paths.length === 0) return [];
  const found = await findFiles(paths, { what, accepts: (path) => /^\.ya?ml$/.test(extensionOf(path)) });
  diagnostics.push(...found.diagnostics);
  const files: SourceText[] = [];
  for (const { path } of found.files) {
    const read = readTextFile(path);
    if (!read.ok) {
      diagnostics.push(diagnostic('input/unreadable', { path, reason: read.reason }));
      continue;
    }
    diagnostics.push(...read.diagnostics);
    const text = sourceText(path, read.text);
    sources.set(path, text);
    files.push(text);
  }
  return files;
}
