import { parse } from 'yaml';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../base/json.ts';
import type { FieldType } from '../ir/types.ts';
import type { Schema } from '../ir/view.ts';
import { type IndexField, type IndexMapping, mergeMappings, searchedAs } from './index-mapping.ts';

/**
 * Reads what `GET index/_mapping` answers (one index or several, also a template or bare `properties`), or the `fields.yml` of
 * an integration package. `ecs` gives the types of a package's fields that say `external: ecs`. Undefined, with an error, where
 * the text is neither; parts that are wrong are reported and left out.
 */
export function readIndexMapping(
  path: string,
  text: string,
  ecs: Schema,
): { readonly mapping: IndexMapping | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const refused = (reason: string): { mapping: undefined; diagnostics: readonly Diagnostic[] } => {
    const span = { source: path, start: 0, end: 0 };
    return { mapping: undefined, diagnostics: [diagnostic('elastic/bad-mapping', { path, reason }, span)] };
  };
  let content: Json;
  try {
    content = parse(text, { uniqueKeys: false, logLevel: 'error' });
  } catch (error) {
    return refused(`it is neither JSON nor YAML (${error instanceof Error ? firstLine(error.message) : 'unreadable'})`);
  }
  if (Array.isArray(content)) {
    const reader = new PackageReader(path, ecs, diagnostics);
    reader.list(content, '');
    return { mapping: reader.mapping(), diagnostics };
  }
  if (!isJsonObject(content)) return refused('it must be a mapping (an object) or a list of fields');
  const bodies = mappingsIn(content);
  if (bodies.length === 0) return refused('it has no `properties`, and no index with `mappings`');
  const { mapping, conflicts } = mergeMappings(
    bodies.map((body) => {
      const reader = new MappingReader(path, diagnostics);
      reader.body(body);
      return reader.mapping();
    }),
  );
  const span = { source: path, start: 0, end: 0 };
  for (const [field, types] of conflicts) {
    diagnostics.push(diagnostic('elastic/mapping-conflict', { field, types }, span));
  }
  return { mapping, diagnostics };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** The bodies of mappings in an answer: objects with `properties`, or with templates alone. */
function mappingsIn(content: JsonObject): readonly JsonObject[] {
  const { properties, mappings, template, value } = content;
  if (isJsonObject(properties) && !('type' in properties && typeof properties['type'] === 'string')) return [content];
  if (isJsonObject(mappings)) return [mappings];
  if (isJsonObject(template)) return mappingsIn(template);
  // As the archives of Elastic's own tests hold it.
  if (isJsonObject(value)) return mappingsIn(value);
  const inner = Object.values(content).flatMap((one) =>
    isJsonObject(one) && isJsonObject(one['mappings']) ? [one['mappings']] : [],
  );
  if (inner.length > 0) return inner;
  // Properties without a frame around them.
  const isBare = Object.values(content).every(
    (one) => isJsonObject(one) && (typeof one['type'] === 'string' || isJsonObject(one['properties'])),
  );
  return isBare && Object.keys(content).length > 0 ? [{ properties: content }] : [];
}

/** What both kinds of file say in the same words. */
class FieldReader {
  protected readonly path: string;
  protected readonly diagnostics: Diagnostic[];
  private readonly fields = new Map<string, IndexField>();
  private readonly families: { pattern: RegExp; field: IndexField }[] = [];

  constructor(path: string, diagnostics: Diagnostic[]) {
    this.path = path;
    this.diagnostics = diagnostics;
  }

  mapping(): IndexMapping {
    return { fields: this.fields, families: this.families };
  }

  protected add(name: string, field: IndexField): void {
    if (name.includes('*')) this.families.push({ pattern: namePattern(name), field });
    else this.fields.set(name, field);
  }

  protected family(name: string, field: IndexField): void {
    this.families.push({ pattern: namePattern(name), field });
  }

  protected wrong(field: string, reason: string): void {
    const span = { source: this.path, start: 0, end: 0 };
    this.diagnostics.push(diagnostic('elastic/bad-mapping-field', { path: this.path, field, reason }, span));
  }

  /** The parameters of a field, whatever file they stand in; undefined where the type is none that Elasticsearch knows. */
  protected field(name: string, mapped: string, body: JsonObject): IndexField {
    const type = searchedAs(mapped);
    const { format, null_value: nullValue, value, ignore_above: ignoreAbove, normalizer, path } = body;
    return {
      type,
      mapped,
      ...(mapped === 'alias' && this.aliasOf(name, path)),
      ...(typeof format === 'string' && type === 'date' && { format }),
      ...(isScalar(nullValue) && { nullValue }),
      ...(mapped === 'constant_keyword' && isScalar(value) && { constant: String(value) }),
      ...(typeof ignoreAbove === 'number' && { ignoreAbove }),
      ...(normalizer === 'lowercase' && { ignoreCase: true as const }),
    };
  }

  protected multiFields(name: string, given: readonly (readonly [string, JsonObject])[]): void {
    for (const [part, body] of given) {
      const { type } = body;
      if (typeof type !== 'string') this.wrong(`${name}.${part}`, 'a multi-field has no `type`');
      else this.add(`${name}.${part}`, { ...this.field(`${name}.${part}`, type, body), valuesOf: name });
    }
  }

  private aliasOf(name: string, path: Json | undefined): { readonly valuesOf: string } | undefined {
    if (typeof path === 'string') return { valuesOf: path };
    this.wrong(name, 'an alias has no `path`');
    return undefined;
  }
}

class MappingReader extends FieldReader {
  body(body: JsonObject): void {
    const { properties, dynamic_templates: templates } = body;
    if (isJsonObject(properties)) this.properties(properties, '');
    for (const template of Array.isArray(templates) ? templates : []) this.template(template);
  }

  private properties(properties: JsonObject, prefix: string): void {
    for (const [key, body] of Object.entries(properties)) {
      const name = prefix + key;
      if (!isJsonObject(body)) {
        this.wrong(name, 'it must be an object');
        continue;
      }
      const { type, properties: inner, fields } = body;
      if (type !== undefined && typeof type !== 'string') this.wrong(name, '`type` must be a text');
      const mapped = typeof type === 'string' ? type : 'object';
      this.add(name, this.field(name, mapped, body));
      if (isJsonObject(inner)) this.properties(inner, `${name}.`);
      if (isJsonObject(fields)) this.multiFields(name, objectsIn(fields));
    }
  }

  /** A template by path gives the fields below it their type; those by the kind of JSON value say nothing of names. */
  private template(template: Json): void {
    const [body] = isJsonObject(template) ? Object.values(template) : [];
    if (!isJsonObject(body)) return;
    const { path_match: path, mapping } = body;
    const type = isJsonObject(mapping) ? mapping['type'] : undefined;
    if (!isJsonObject(mapping) || typeof type !== 'string') return;
    for (const one of Array.isArray(path) ? path : [path]) {
      if (typeof one === 'string') this.family(one, this.field(one, type, mapping));
    }
  }
}

class PackageReader extends FieldReader {
  private readonly ecs: Schema;

  constructor(path: string, ecs: Schema, diagnostics: Diagnostic[]) {
    super(path, diagnostics);
    this.ecs = ecs;
  }

  list(items: readonly Json[], prefix: string): void {
    for (const item of items) {
      if (!isJsonObject(item) || typeof item['name'] !== 'string') {
        this.wrong(prefix === '' ? 'an entry' : `an entry of ${prefix.slice(0, -1)}`, 'it has no `name`');
        continue;
      }
      this.entry(item, prefix + item['name']);
    }
  }

  private entry(item: JsonObject, name: string): void {
    const { type, fields, external, multi_fields: others, object_type: members } = item;
    const mapped = typeof type === 'string' ? type : external === 'ecs' ? this.typeInEcs(name) : 'group';
    const isObject = mapped === 'object' && typeof members === 'string';
    this.add(isObject ? name.replace(/\.\*$/, '') : name, this.field(name, mapped, item));
    if (isObject) this.family(`${name.replace(/\.\*$/, '')}.*`, this.field(name, members, item));
    if (Array.isArray(fields)) this.list(fields, `${name}.`);
    if (Array.isArray(others)) {
      this.multiFields(
        name,
        others.flatMap((one): readonly (readonly [string, JsonObject])[] =>
          isJsonObject(one) && typeof one['name'] === 'string' ? [[one['name'], one]] : [],
        ),
      );
    }
  }

  private typeInEcs(name: string): FieldType {
    const type = this.ecs.typeOf(name);
    if (type !== undefined) return searchedAs(type) ?? 'keyword';
    this.wrong(name, 'it is `external: ecs`, and ECS has no such field; it is taken for a keyword');
    return 'keyword';
  }
}

function objectsIn(fields: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.entries(fields).flatMap(([key, body]) => (isJsonObject(body) ? [[key, body] as const] : []));
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function namePattern(name: string): RegExp {
  const pieces = name.split('*').map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, (special) => `\\${special}`));
  return new RegExp(`^${pieces.join('.*')}$`);
}
