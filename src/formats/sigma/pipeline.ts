import { type Diagnostic, diagnostic, primarySpan } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import { type Pipeline, readPipeline, type ValueTree } from '../../languages/sigma/index.ts';
import { readYaml } from '../source/yaml-source.ts';

/** What Sigma rules go through when they are loaded. */
export interface SigmaMapping {
  /** In the order in which they run. */
  readonly pipelines: readonly Pipeline[];
  /** The first pipeline file that has errors; then no rule is run, rather than run without its mapping. */
  readonly broken: string | undefined;
}

export interface ReadMapping {
  readonly mapping: SigmaMapping;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads processing pipelines (pySigma's YAML format, one a document) and files of placeholder values (a map of names to
 * values). Pipelines run by priority, lowest first, among equals in the order given; placeholder values come last.
 */
export function readMapping(
  pipelineFiles: readonly SourceText[],
  placeholderFiles: readonly SourceText[],
): ReadMapping {
  const diagnostics: Diagnostic[] = [];
  const pipelines: Pipeline[] = [];
  let broken: string | undefined;
  const take = (file: SourceText, read: (tree: ValueTree) => Read): void => {
    const found = readFile(file, read);
    diagnostics.push(...found.diagnostics);
    pipelines.push(...found.pipelines);
    if (found.diagnostics.some((one) => one.severity === 'error')) broken ??= file.name;
  };
  for (const file of pipelineFiles) take(file, (tree) => readPipeline(tree, file.name));
  pipelines.sort((a, b) => a.priority - b.priority);
  for (const file of placeholderFiles) take(file, (tree) => readPlaceholders(tree, file.name));
  return { mapping: { pipelines, broken }, diagnostics };
}

interface Read {
  readonly pipeline: Pipeline | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

function readFile(
  file: SourceText,
  read: (tree: ValueTree) => Read,
): { readonly pipelines: readonly Pipeline[]; readonly diagnostics: readonly Diagnostic[] } {
  const yaml = readYaml(file);
  const made = yaml.documents.map((tree) => read(tree));
  const diagnostics = [
    ...yaml.diagnostics.map((found) => mappedTwice(found, yaml.documents)),
    ...made.flatMap((one) => one.diagnostics),
  ];
  if (made.length === 0 && !diagnostics.some((one) => one.severity === 'error')) {
    diagnostics.push(diagnostic('pipeline/not-a-pipeline', { reason: 'it is empty' }, file.span(0, 0)));
  }
  return { pipelines: made.flatMap((one) => one.pipeline ?? []), diagnostics };
}

/** YAML's warning of a key that is written twice, in the words of a mapping. */
function mappedTwice(found: Diagnostic, documents: readonly ValueTree[]): Diagnostic {
  const span = primarySpan(found);
  if (found.code !== 'input/yaml-duplicate-key' || span === undefined) return found;
  const within = (tree: ValueTree): boolean => tree.span.start <= span.start && span.end <= tree.span.end;
  const inMapping = (tree: ValueTree): boolean =>
    tree
      .entries()
      .some(({ key, value }) => within(value) && ((key === 'mapping' && value.kind === 'map') || inMapping(value))) ||
    (tree.asList() ?? []).some((item) => within(item) && inMapping(item));
  if (!documents.some((document) => inMapping(document))) return found;
  const context = found.labels.filter((label) => !label.primary);
  return diagnostic('pipeline/mapped-twice', { field: String(found.params['key']) }, span, { context });
}

/** `name: value` or `name: [values]`: what is put in the place of `%name%`. */
function readPlaceholders(tree: ValueTree, name: string): Read {
  if (tree.kind !== 'map') {
    const params = { key: 'placeholders', expected: 'a map of names to values', found: tree.kindInWords };
    return { pipeline: undefined, diagnostics: [diagnostic('pipeline/shape', params, tree.span)] };
  }
  const diagnostics: Diagnostic[] = [];
  const vars = new Map<string, (string | number)[]>();
  for (const { key, value } of tree.entries()) {
    const values = (value.asList() ?? [value]).flatMap((item) => {
      const scalar = item.scalar();
      if (typeof scalar === 'string' || typeof scalar === 'number') return [scalar];
      const params = { key, expected: 'a string, a number or a list of them', found: item.kindInWords };
      diagnostics.push(diagnostic('pipeline/shape', params, item.span));
      return [];
    });
    if (values.length > 0) vars.set(key.replace(/^%(.*)%$/, '$1'), values);
  }
  const transformation = { type: 'value_placeholders', include: undefined, exclude: undefined } as const;
  const step = { id: undefined, transformation, rule: undefined, item: undefined, field: undefined, span: tree.span };
  return { pipeline: { name, priority: 0, vars, steps: [step] }, diagnostics };
}
