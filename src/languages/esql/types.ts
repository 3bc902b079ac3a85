/** The types of ES|QL, with two of our own: of a field that no one says the type of, and of a document as a whole. */
export type EsqlType =
  | 'boolean'
  | 'integer'
  | 'long'
  | 'unsigned_long'
  | 'double'
  | 'keyword'
  | 'text'
  | 'ip'
  | 'version'
  | 'date'
  | 'date_nanos'
  | 'date_period'
  | 'time_duration'
  | 'geo_point'
  | 'null'
  | 'unsupported'
  | 'unknown'
  | 'source';

/** What a function takes: a type, or a group of them. */
export type Family = EsqlType | 'any' | 'string' | 'number' | 'whole' | 'moment' | 'timespan' | 'plain';

const FAMILIES: Readonly<Partial<Record<Family, readonly EsqlType[]>>> = {
  string: ['keyword', 'text'],
  number: ['integer', 'long', 'unsigned_long', 'double'],
  whole: ['integer', 'long', 'unsigned_long'],
  moment: ['date', 'date_nanos'],
  timespan: ['date_period', 'time_duration'],
};

export function isOf(type: EsqlType, family: Family): boolean {
  if (family === 'any') return type !== 'unsupported' && type !== 'date_period' && type !== 'time_duration';
  return (FAMILIES[family] ?? [family]).includes(type);
}

/** How a family is called in messages. */
export function familyText(family: Family): string {
  const types = FAMILIES[family];
  if (family === 'any') return 'a value';
  return types === undefined ? `of type ${family}` : `of type ${types.join(' or ')}`;
}

const WIDTHS: readonly EsqlType[] = ['integer', 'long', 'double'];

/** The type that two values share: numbers the wider one, texts keyword; undefined where they do not go together. */
export function commonType(left: EsqlType, right: EsqlType): EsqlType | undefined {
  if (left === right) return left;
  if (left === 'null' || left === 'unknown') return right;
  if (right === 'null' || right === 'unknown') return left;
  if (isOf(left, 'string') && isOf(right, 'string')) return 'keyword';
  if (isOf(left, 'moment') && isOf(right, 'moment')) return 'date_nanos';
  if (!isOf(left, 'number') || !isOf(right, 'number')) return undefined;
  // An unsigned one goes with none that has a sign, but for doubles.
  if (left === 'unsigned_long' || right === 'unsigned_long') {
    return left === 'double' || right === 'double' ? 'double' : undefined;
  }
  return WIDTHS[Math.max(WIDTHS.indexOf(left), WIDTHS.indexOf(right))];
}

/** Functions never give analysed text. */
export function asResult(type: EsqlType): EsqlType {
  return type === 'text' ? 'keyword' : type;
}

/** What `::` and conversion functions call types. */
const CAST_NAMES: ReadonlyMap<string, EsqlType> = new Map<string, EsqlType>([
  ['bool', 'boolean'],
  ['boolean', 'boolean'],
  ['int', 'integer'],
  ['integer', 'integer'],
  ['long', 'long'],
  ['unsigned_long', 'unsigned_long'],
  ['ul', 'unsigned_long'],
  ['double', 'double'],
  ['string', 'keyword'],
  ['keyword', 'keyword'],
  ['text', 'keyword'],
  ['ip', 'ip'],
  ['version', 'version'],
  ['date', 'date'],
  ['datetime', 'date'],
  ['date_nanos', 'date_nanos'],
  ['date_period', 'date_period'],
  ['time_duration', 'time_duration'],
  ['geo_point', 'geo_point'],
]);

export function castType(name: string): EsqlType | undefined {
  return CAST_NAMES.get(name.toLowerCase());
}

export const CAST_TYPES: readonly string[] = [...CAST_NAMES.keys()];

/** What a field of a mapped type is: its type in ES|QL, and as what its values are read. */
export interface FieldKind {
  readonly type: EsqlType;
  readonly read: string;
}

const KINDS: ReadonlyMap<string, EsqlType> = new Map<string, EsqlType>([
  ['boolean', 'boolean'],
  ['bool', 'boolean'],
  ['byte', 'integer'],
  ['short', 'integer'],
  ['integer', 'integer'],
  ['int', 'integer'],
  ['long', 'long'],
  ['unsigned_long', 'unsigned_long'],
  ['double', 'double'],
  ['real', 'double'],
  ['float', 'double'],
  ['half_float', 'double'],
  ['scaled_float', 'double'],
  ['keyword', 'keyword'],
  ['string', 'keyword'],
  ['guid', 'keyword'],
  ['constant_keyword', 'keyword'],
  ['wildcard', 'keyword'],
  ['text', 'text'],
  ['match_only_text', 'text'],
  ['annotated_text', 'text'],
  ['ip', 'ip'],
  ['version', 'version'],
  ['date', 'date'],
  ['datetime', 'date'],
  ['date_nanos', 'date_nanos'],
  ['geo_point', 'geo_point'],
  ['flattened', 'keyword'],
  ['null', 'null'],
]);

/** Types of floats, whose width shows in their values. */
const READ_AS_MAPPED: ReadonlySet<string> = new Set(['float', 'half_float', 'scaled_float']);

export function fieldKind(mapped: string | undefined): FieldKind {
  if (mapped === undefined || mapped === 'dynamic') return { type: 'unknown', read: 'unknown' };
  const type = KINDS.get(mapped) ?? 'unsupported';
  return { type, read: READ_AS_MAPPED.has(mapped) ? mapped : type };
}
