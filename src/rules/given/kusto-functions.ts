import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { isJsonObject, type Json } from '../../base/json.ts';
import { type SourceText, sourceText } from '../../base/source-text.ts';
import { findFiles, reasonOf } from '../find-files.ts';
import { decodeText } from '../read-text.ts';

/**
 * Functions that are saved in folders, each as the text of a `let` statement: ASIM parsers (`ParserName`, `ParserQuery`, `ParserParams`)
 * and functions of solutions (`FunctionName` or `FunctionAlias`, `FunctionQuery`, `FunctionParams`) in YAML, and bare queries by the names
 * of their files.
 */
export async function loadSavedFunctions(
  folders: readonly string[],
  sources: Map<string, SourceText>,
  diagnostics: Diagnostic[],
): Promise<ReadonlyMap<string, SourceText>> {
  const functions = new Map<string, SourceText>();
  if (folders.length === 0) return functions;
  const accepts = (path: string): boolean => /\.(?:kql|kusto|ya?ml)$/i.test(path);
  const found = await findFiles(folders, { what: 'files of functions', accepts });
  diagnostics.push(...found.diagnostics);
  for (const { path } of found.files) {
    try {
      for (const { name, text } of functionsIn(path, decodeText(await readFile(path)))) {
        const source = sourceText(`${path} (${name})`, text);
        sources.set(source.name, source);
        if (!functions.has(name)) functions.set(name, source);
      }
    } catch (failed) {
      diagnostics.push(diagnostic('input/unreadable', { path, reason: reasonOf(failed) }));
    }
  }
  return functions;
}

interface Saved {
  readonly name: string;
  readonly text: string;
}

function functionsIn(path: string, text: string): readonly Saved[] {
  const file = basename(path, extname(path));
  if (!/\.ya?ml$/i.test(path))
    return /^[A-Za-z_]\w*$/.test(file) ? [{ name: file, text: declared(file, '', text) }] : [];
  const yaml = parseYaml(text) as Json;
  if (!isJsonObject(yaml)) return [];
  const word = (...keys: readonly string[]): string | undefined => {
    const value = keys.map((key) => yaml[key]).find((one) => typeof one === 'string');
    return typeof value === 'string' ? value : undefined;
  };
  const query = word('ParserQuery', 'FunctionQuery', 'query');
  const names = [word('ParserName'), word('EquivalentBuiltInParser'), word('FunctionAlias', 'FunctionName')];
  const given = yaml['ParserParams'] ?? yaml['FunctionParams'];
  if (query === undefined) return [];
  const parameters = parametersOf(given);
  return names.flatMap((name) =>
    name !== undefined && /^[A-Za-z_]\w*$/.test(name) ? [{ name, text: declared(name, parameters, query) }] : [],
  );
}

/** `name:type=default, …`, from a list of maps or written so already. */
function parametersOf(given: Json | undefined): string {
  if (typeof given === 'string') return given;
  if (!Array.isArray(given)) return '';
  return given
    .flatMap((one) => {
      if (typeof one === 'string') return [one];
      if (!isJsonObject(one)) return [];
      const type = String(one['Type'] ?? 'string').toLowerCase();
      const value = one['Default'];
      const isTable = type.startsWith('table');
      const written = value === undefined || isTable ? '' : `=${literal(type, String(value))}`;
      return [`${String(one['Name'])}:${isTable ? type.replace(/^table:?/, '') || '(*)' : type}${written}`];
    })
    .join(', ');
}

function literal(type: string, value: string): string {
  if (type !== 'string') return value === '' ? `${type}(null)` : value;
  return /^['"]/.test(value) || value === '*' ? (value === '*' ? "'*'" : value) : JSON.stringify(value);
}

function declared(name: string, parameters: string, query: string): string {
  return `let ${name} = (${parameters}) {\n${query.trim().replace(/;$/, '')}\n};`;
}
