import { dirname, join, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { Span } from '../../base/span.ts';
import { before } from '../../base/strip.ts';
import type { LoadContext } from '../rule-file.ts';

export const YAML: readonly string[] = ['.yml', '.yaml'];
/** Folders that make the folder above them a repository, and where its shared modules and data models are looked for. */
const MARKS = ['global_helpers', 'data_models'];
const ID = /^[ \t]*(?:RuleID|PolicyID|QueryName|DataModelID|GlobalID|LookupName|PackID)[ \t]*:[ \t]*(\S.*)$/m;
const TYPE = /^["']?AnalysisType["']?[ \t]*:/m;

/** What is known of repositories while one set of rules is loaded. */
const roots = new WeakMap<LoadContext, Map<string, string | undefined>>();
const indexes = new WeakMap<LoadContext, Map<string, ReadonlyMap<string, string>>>();

/** The nearest folder above a file that holds `global_helpers` or `data_models`. */
export function rootOf(file: string, context: LoadContext): string | undefined {
  let known = roots.get(context);
  if (known === undefined) {
    known = new Map();
    roots.set(context, known);
  }
  const passed: string[] = [];
  let found: string | undefined;
  for (let at = dirname(file); ; at = join(at, '..')) {
    const absolute = resolve(at);
    if (known.has(absolute)) {
      found = known.get(absolute);
      break;
    }
    passed.push(absolute);
    if (MARKS.some((mark) => context.listFiles(join(at, mark), YAML).length > 0)) {
      found = at;
      break;
    }
    if (dirname(absolute) === absolute) break;
  }
  for (const each of passed) known.set(each, found);
  return found;
}

/** Whether a file is an example to start from, in the `templates` folder of a repository: no rule of it. */
export function isTemplate(file: string, context: LoadContext): boolean {
  if (!/(?:^|[\\/])templates[\\/]/.test(file)) return false;
  const root = rootOf(file, context);
  return root !== undefined && resolve(dirname(file)).startsWith(join(resolve(root), 'templates'));
}

/** The file of each id in the repository that a file is part of; without a repository, in the file's folder. */
export function filesById(file: string, context: LoadContext): ReadonlyMap<string, string> {
  let known = indexes.get(context);
  if (known === undefined) {
    known = new Map();
    indexes.set(context, known);
  }
  const root = rootOf(file, context) ?? dirname(file);
  const key = resolve(root);
  const held = known.get(key);
  if (held !== undefined) return held;
  const made = new Map<string, string>();
  for (const path of context.listFiles(root, YAML)) {
    const text = context.readText(path);
    if (text === undefined || !TYPE.test(text)) continue;
    const id = idIn(text);
    if (id !== undefined && !made.has(id)) made.set(id, path);
  }
  known.set(key, made);
  return made;
}

/** The id that a description gives itself, without parsing it. */
function idIn(text: string): string | undefined {
  const written = ID.exec(text)?.[1]?.trimEnd();
  if (written === undefined) return undefined;
  const quoted = /^(["'])(.*?)\1/.exec(written);
  return quoted === null ? before(written, /\s#/).trimEnd() : quoted[2];
}

/** A warning for an id that nothing in the repository has. */
export function unknownReference(id: string, file: string, span: Span, context: LoadContext): Diagnostic[] {
  const known = filesById(file, context);
  if (known.has(id)) return [];
  return [diagnostic('panther/unknown-reference', { id, near: didYouMean(id, known.keys()) }, span)];
}
