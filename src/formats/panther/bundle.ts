import { basename, dirname, join, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import type { JsonPath } from '../../ir/json-path.ts';
import type { DataModel, LookupTable, PythonBundle, PythonModule } from '../../ir/rule/python.ts';
import { parseJsonPath } from '../../languages/json-path/index.ts';
import { MapFields, type ValueNode } from '../../languages/panther/index.ts';
import type { LoadContext } from '../rule-file.ts';
import { readYaml } from '../source/yaml-source.ts';
import { readNamedFile } from './file.ts';
import { readLookupTable } from './lookup.ts';
import { rootOf, YAML } from './repository.ts';

const SHARED_FOLDER =
  /(?:^|[\\/])(?:global_helpers|data_models|globals|lookup_tables|[^\\/]*_helpers|[^\\/]*_data_models|[^\\/]*_lookup_tables)[\\/]/;
const SUPPORT = /^["']?AnalysisType["']?\s*:\s*["']?(?:global|datamodel|lookup_table)\b/m;
const IMPORT = /^[ \t]*(?:from[ \t]+(\w+)|import[ \t]+(\w+))/gm;

/** What is known of repositories while one set of rules is loaded: 1,000 rules of a repository share one bundle. */
const known = new WeakMap<LoadContext, Map<string, PythonBundle>>();

/**
 * The shared modules, data models and lookup tables of the repository that a rule file is part of. `path` is the rule's own
 * file, where that takes its logic from another one.
 */
export function bundleFor(rule: string, path: string, code: string, context: LoadContext): PythonBundle {
  let here = known.get(context);
  if (here === undefined) {
    here = new Map();
    known.set(context, here);
  }
  const folder = dirname(rule);
  const root = rootOf(rule, context);
  const found = root === undefined ? context.pathOf?.(path) : undefined;
  const key = root === undefined ? `${resolve(folder)}\0${found ?? ''}` : resolve(root);
  const held = here.get(key);
  if (held !== undefined && root !== undefined) return held;
  const empty = { ...(found !== undefined && { repository: found }), modules: [], dataModels: [] };
  const bundle = root === undefined ? besides(folder, code, context, held ?? empty) : ofRoot(root, context);
  here.set(key, bundle);
  return bundle;
}

function ofRoot(root: string, context: LoadContext): PythonBundle {
  const modules: PythonModule[] = [];
  const dataModels: DataModel[] = [];
  const lookupTables: LookupTable[] = [];
  for (const path of context.listFiles(root, YAML)) {
    if (!SHARED_FOLDER.test(path)) continue;
    const text = context.readText(path);
    if (text === undefined || !SUPPORT.test(text)) continue;
    for (const node of readYaml(sourceText(path, text)).documents) {
      const type = node.get('AnalysisType')?.asString();
      if (type === 'global') {
        const module = readGlobal(path, node, context).module;
        if (module !== undefined) modules.push(module);
      } else if (type === 'lookup_table') {
        const diagnostics: Diagnostic[] = [];
        const table = readLookupTable(path, new MapFields(node, diagnostics), context);
        const wrong = diagnostics.some((found) => found.severity === 'error');
        if (table !== undefined && !wrong && table.rows.length > 0) lookupTables.push(table);
      } else {
        const model = readDataModel(path, node, context).model;
        if (model !== undefined) dataModels.push(model);
      }
    }
  }
  return { repository: root, modules, dataModels, ...(lookupTables.length > 0 && { lookupTables }) };
}

/** Without a repository: the Python files beside the rule that it imports, and those that they import. */
function besides(folder: string, code: string, context: LoadContext, held: PythonBundle): PythonBundle {
  const modules = new Map(held.modules.map((module) => [module.name, module]));
  const open = [code];
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    for (const [, from, imported] of text.matchAll(IMPORT)) {
      const name = from ?? imported ?? '';
      if (name === '' || modules.has(name)) continue;
      const file = join(folder, `${name}.py`);
      if (context.isInside?.(folder, file) === false) continue;
      const found = context.readText(file);
      if (found === undefined) continue;
      modules.set(name, { name, file, code: found });
      open.push(found);
    }
  }
  return modules.size === held.modules.length ? held : { ...held, modules: [...modules.values()] };
}

/** A `global`: a Python module that rules import by its id. */
export function readGlobal(
  path: string,
  node: ValueNode,
  context: LoadContext,
): { readonly module: PythonModule | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const fields = new MapFields(node, diagnostics);
  const name = fields.requiredText('GlobalID');
  const module = readModule(path, fields, context, name);
  return { module, diagnostics };
}

/** A `datamodel`: unified field names for log types, by path or by a method of its Python file. */
export function readDataModel(
  path: string,
  node: ValueNode,
  context: LoadContext,
): { readonly model: DataModel | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const fields = new MapFields(node, diagnostics);
  const id = fields.requiredText('DataModelID') ?? basename(path);
  const logTypes = fields.texts('LogTypes');
  if (logTypes.length === 0) fields.missing('LogTypes');
  const enabled = fields.boolean('Enabled') ?? true;
  const mappings = fields.maps('Mappings').flatMap((mapping): DataModel['mappings'] => {
    const name = mapping.requiredText('Name');
    const from = mapping.text('Path');
    const method = mapping.text('Method');
    if (from === undefined && method === undefined) mapping.missing('Path');
    if (name === undefined) return [];
    if (from !== undefined) {
      const query = readPath(from, mapping);
      return query === undefined ? [] : [{ name, query }];
    }
    return method === undefined ? [] : [{ name, method }];
  });
  const module = fields.has('Filename') ? readModule(path, fields, context) : undefined;
  if (module === undefined && mappings.some((mapping) => mapping.method !== undefined)) {
    const method = mappings.find((mapping) => mapping.method !== undefined)?.method ?? '';
    if (!fields.has('Filename')) diagnostics.push(diagnostic('panther/method-without-file', { method }, node.span));
  }
  const wrong = diagnostics.some((found) => found.severity === 'error');
  return { model: wrong ? undefined : { id, logTypes, enabled, module, mappings }, diagnostics };
}

/** The Python file that `Filename` names, beside the YAML file. */
export function readModule(
  path: string,
  fields: MapFields,
  context: LoadContext,
  name?: string,
): PythonModule | undefined {
  const filename = fields.requiredText('Filename');
  if (filename === undefined) return undefined;
  const span = fields.node.get('Filename')?.span ?? fields.node.span;
  const missing = (): Diagnostic => diagnostic('panther/missing-file', { file: filename }, span);
  const found = readNamedFile(path, filename, span, context, missing);
  if ('code' in found) {
    fields.diagnostics.push(found);
    return undefined;
  }
  return { name: name ?? basename(filename).replace(/\.py$/, ''), file: found.file, code: found.text };
}

function readPath(path: string, fields: MapFields): JsonPath | undefined {
  const found = parseJsonPath(sourceText('a path of a data model', path));
  if (!('reason' in found)) return found;
  const at = fields.node.get('Path')?.span;
  fields.diagnostics.push(diagnostic('panther/data-model-path', { path, reason: found.reason }, at));
  return undefined;
}
