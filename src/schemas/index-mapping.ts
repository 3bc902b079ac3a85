import { isJsonObject, type Json, type JsonObject } from '../base/json.ts';
import type { FieldType } from '../ir/types.ts';
import type { FieldMapping, Schema } from '../ir/view.ts';

/** A field of an index. */
interface MappedField extends FieldMapping {
  readonly type: FieldType;
}

/**
 * The fields of an Elasticsearch mapping, as `GET index/_mapping` gives it (several indices are one: what any of them has), or of
 * its `mappings` or `properties` alone. Undefined when the JSON is none of these.
 */
export function readIndexMapping(json: Json): Schema | undefined {
  const roots = rootsOf(json);
  if (roots === undefined) return undefined;
  const fields = new Map<string, MappedField>();
  for (const root of roots) collect(root, '', fields);
  return schemaOf(fields);
}

function schemaOf(fields: ReadonlyMap<string, MappedField>): Schema {
  return {
    name: 'ecs',
    typeOf: (field) => fields.get(field)?.type ?? flattenedAround(field, fields),
    fieldNames: () => fields.keys(),
    multiFieldOf: (field) => {
      const parent = field.slice(0, field.lastIndexOf('.'));
      return fields.has(field) && fields.has(parent) && isLeaf(fields.get(parent)?.type)
        ? { field: parent, ignoreCase: false }
        : undefined;
    },
    mappingOf: (field) => fields.get(field),
    isComplete: () => true,
  };
}

/** The maps of fields that a file holds. */
function rootsOf(json: Json): readonly JsonObject[] | undefined {
  if (!isJsonObject(json)) return undefined;
  const { mappings, properties } = json;
  if (isJsonObject(properties)) return [properties];
  if (isJsonObject(mappings)) return rootsOf(mappings) ?? [{}];
  const found = Object.values(json).map((index) =>
    isJsonObject(index) && isJsonObject(index['mappings']) ? rootsOf(index) : undefined,
  );
  return found.length > 0 && found.every((root) => root !== undefined) ? found.flat() : undefined;
}

function collect(properties: JsonObject, prefix: string, fields: Map<string, MappedField>): void {
  for (const [key, mapping] of Object.entries(properties)) {
    if (!isJsonObject(mapping)) continue;
    const name = prefix + key;
    const inner = mapping['properties'];
    const others = mapping['fields'];
    add(name, mapping, fields);
    if (isJsonObject(inner)) collect(inner, `${name}.`, fields);
    if (isJsonObject(others)) collect(others, `${name}.`, fields);
  }
}

function add(name: string, mapping: JsonObject, fields: Map<string, MappedField>): void {
  const { path, null_value: nullValue, format, fields: others } = mapping;
  const type = fieldType(mapping['type']);
  const known = fields.get(name);
  // Of two indices that have a field the first says its type, and each how it writes dates.
  const formats = [known?.format, typeof format === 'string' ? format : undefined].filter((one) => one !== undefined);
  const isExact = isJsonObject(others) && Object.values(others).some(isKeyword);
  fields.set(name, {
    type: known?.type ?? type,
    ...(typeof path === 'string' && { alias: path }),
    ...(isScalar(nullValue) && { nullValue }),
    ...(formats.length > 0 && { format: [...new Set(formats)].join('||') }),
    ...(isExact && { exact: true }),
  });
}

function isKeyword(mapping: Json): boolean {
  return isJsonObject(mapping) && fieldType(mapping['type']) === 'keyword';
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isLeaf(type: FieldType | undefined): boolean {
  return type !== undefined && type !== 'object' && type !== 'nested';
}

/** The type of a leaf of a flattened field, which no mapping names. */
function flattenedAround(field: string, fields: ReadonlyMap<string, MappedField>): FieldType | undefined {
  for (let dot = field.lastIndexOf('.'); dot > 0; dot = field.lastIndexOf('.', dot - 1)) {
    if (fields.get(field.slice(0, dot))?.type === 'flattened') return 'flattened';
  }
  return undefined;
}

/** How a type of a mapping is searched; a type that is searched in no way of its own counts as an object. */
function fieldType(type: Json | undefined): FieldType {
  switch (type) {
    case 'keyword':
    case 'counted_keyword':
    case 'icu_collation_keyword':
    case 'alias':
      return 'keyword';
    case 'constant_keyword':
    case 'wildcard':
    case 'text':
    case 'match_only_text':
    case 'double':
    case 'boolean':
    case 'date':
    case 'ip':
    case 'version':
    case 'nested':
    case 'flattened':
    case 'geo_point':
    case 'long':
      return type;
    case 'annotated_text':
    case 'search_as_you_type':
      return 'text';
    case 'integer':
    case 'short':
    case 'byte':
    case 'unsigned_long':
    case 'token_count':
      return 'long';
    case 'float':
    case 'half_float':
    case 'scaled_float':
      return 'double';
    case 'date_nanos':
      return 'date';
    default:
      return 'object';
  }
}
