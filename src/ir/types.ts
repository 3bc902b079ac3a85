/**
 * The types of expressions and columns. Fields of schemas that have none of their own kind use the nearest:
 * `string` for keyword-like fields, `dynamic` for anything nested.
 */
export type ValueType =
  | 'bool'
  | 'int'
  | 'long'
  | 'real'
  | 'decimal'
  | 'string'
  | 'datetime'
  | 'timespan'
  | 'guid'
  | 'dynamic';

/** How a schema's field is stored and searched, in Elasticsearch's terms: it decides what a kuery value means there. */
export type FieldType =
  | 'keyword'
  | 'constant_keyword'
  | 'wildcard'
  | 'text'
  | 'match_only_text'
  | 'long'
  | 'double'
  | 'boolean'
  | 'date'
  | 'ip'
  | 'version'
  | 'object'
  | 'nested'
  | 'flattened'
  | 'geo_point';

export type SchemaName = 'ecs' | 'sigma' | 'panther' | 'kusto';
