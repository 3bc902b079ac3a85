import type { FieldType } from '../ir/types.ts';

/** What an index says of its fields: Elasticsearch's mapping, or the `fields.yml` of a package. */
export interface IndexMapping {
  /** By full dotted name; multi-fields (`name.text`) and aliases are fields of their own. */
  readonly fields: ReadonlyMap<string, IndexField>;
  /** Fields whose names are not fixed (`labels.*`), tried in order for a name that `fields` lacks. */
  readonly families: readonly { readonly pattern: RegExp; readonly field: IndexField }[];
}

/** How Elasticsearch stores and searches one field. */
export interface IndexField {
  /** Undefined for kinds that no query language here can search (`binary`, `geo_shape`, …). */
  readonly type: FieldType | undefined;
  /** Elasticsearch's own word for the type: `integer`, `date_nanos`, `alias`, … */
  readonly mapped: string;
  /** The field whose values it searches: of an alias its path, of a multi-field the field that it belongs to. */
  readonly valuesOf?: string;
  /** Of dates: the formats, where they are not the usual ones. */
  readonly format?: string;
  /** What a null counts as. */
  readonly nullValue?: string | number | boolean;
  /** The one value of a constant keyword, where the mapping names it. */
  readonly constant?: string;
  /** Longer texts are not indexed, so that nothing finds them; in code points. */
  readonly ignoreAbove?: number;
  /** A normalizer that folds case. */
  readonly ignoreCase?: true;
}

/** Elasticsearch's types by the kind in which they are searched. Kinds that are not here are searched by no language. */
const SEARCHED_AS: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ['keyword', 'keyword'],
  ['constant_keyword', 'constant_keyword'],
  ['wildcard', 'wildcard'],
  ['text', 'text'],
  ['match_only_text', 'match_only_text'],
  ['annotated_text', 'text'],
  ['search_as_you_type', 'text'],
  ['byte', 'long'],
  ['short', 'long'],
  ['integer', 'long'],
  ['long', 'long'],
  ['unsigned_long', 'long'],
  ['half_float', 'double'],
  ['float', 'double'],
  ['scaled_float', 'double'],
  ['double', 'double'],
  ['boolean', 'boolean'],
  ['date', 'date'],
  ['date_nanos', 'date'],
  ['ip', 'ip'],
  ['version', 'version'],
  ['object', 'object'],
  ['group', 'object'],
  ['nested', 'nested'],
  ['flattened', 'flattened'],
  ['geo_point', 'geo_point'],
]);

/** The kind in which a type of Elasticsearch's is searched; undefined where no language here can. */
export function searchedAs(mapped: string): FieldType | undefined {
  return SEARCHED_AS.get(mapped);
}

/** A field by its full name, its own or that of its family. */
export function fieldOfIndex(mapping: IndexMapping, name: string): IndexField | undefined {
  const own = mapping.fields.get(name);
  if (own !== undefined) return own;
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const around = mapping.fields.get(name.slice(0, dot));
    if (around?.type === 'flattened') return { type: 'flattened', mapped: 'flattened' };
  }
  return mapping.families.find(({ pattern }) => pattern.test(name))?.field;
}

/** The mappings of several indices as one; of a field that they disagree on the first counts, and each way to write dates. */
export function mergeMappings(mappings: readonly IndexMapping[]): {
  readonly mapping: IndexMapping;
  /** Fields of different types, with those types. */
  readonly conflicts: ReadonlyMap<string, readonly string[]>;
} {
  const fields = new Map<string, IndexField>();
  const types = new Map<string, Set<string>>();
  for (const mapping of mappings) {
    for (const [name, field] of mapping.fields) {
      fields.set(name, withFormats(fields.get(name), field));
      const known = types.get(name) ?? new Set<string>();
      types.set(name, known.add(field.mapped));
    }
  }
  const conflicts = [...types]
    .filter(([, found]) => found.size > 1)
    .map(([name, found]) => [name, [...found]] as const);
  return {
    mapping: { fields, families: mappings.flatMap(({ families }) => families) },
    conflicts: new Map(conflicts),
  };
}

const USUAL_FORMAT = 'strict_date_optional_time||epoch_millis';

function withFormats(known: IndexField | undefined, field: IndexField): IndexField {
  if (known === undefined) return field;
  if (known.type !== 'date' || field.type !== 'date' || known.format === field.format) return known;
  const formats = new Set([known.format ?? USUAL_FORMAT, field.format ?? USUAL_FORMAT]);
  return { ...known, format: [...formats].join('||') };
}
