import type { FieldType, ValueType } from '../../ir/types.ts';

/** What EQL's rules about types know of a value. `unknown`: a field that no schema knows may be anything. */
export type EqlType =
  | 'boolean'
  | 'long'
  | 'double'
  | 'string'
  | 'ip'
  | 'date'
  | 'version'
  | 'null'
  | 'object'
  | 'unknown';

/** The type of a field. Analysed text is a string where a sub-field holds its exact values. */
export function eqlTypeOf(type: FieldType | ValueType | undefined): EqlType {
  switch (type) {
    case 'keyword':
    case 'constant_keyword':
    case 'wildcard':
    case 'flattened':
    case 'text':
    case 'match_only_text':
    case 'string':
    case 'guid':
      return 'string';
    case 'long':
    case 'int':
      return 'long';
    case 'double':
    case 'real':
    case 'decimal':
      return 'double';
    case 'boolean':
    case 'bool':
      return 'boolean';
    case 'date':
    case 'datetime':
      return 'date';
    case 'ip':
    case 'version':
      return type;
    case 'object':
    case 'nested':
    case 'geo_point':
      return 'object';
    case 'dynamic':
    case 'timespan':
    case undefined:
      return 'unknown';
  }
}

export function isNumeric(type: EqlType): boolean {
  return type === 'long' || type === 'double';
}

/** Whether a value of one type may stand where another is wanted. */
export function mayBe(type: EqlType, ...wanted: readonly EqlType[]): boolean {
  return type === 'unknown' || type === 'null' || wanted.includes(type);
}
