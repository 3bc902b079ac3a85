import type { JsonObject } from '../base/json.ts';
import { call, list, raw, text } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import type { ViewField } from '../ir/view.ts';
import type { IndexField, IndexMapping } from '../schemas/index-mapping.ts';
import type { LogType, Shape } from './log-type.ts';
import { everySpelling } from './types/shapes.ts';
import { capture, coalesce, fieldOf, given, own } from './types/view-terms.ts';

/** Documents of an index of Elasticsearch, as they were indexed. */
export interface IndexType {
  readonly name: string;
  readonly type: LogType;
  readonly shape: Shape;
  /** How its values are read. */
  readonly mapping: IndexMapping | undefined;
}

/** Of hits of a search the decoder gives the documents; `_id` and `_index` are among the fields where a line has them. */
function documentShape(): Shape {
  return { name: 'document', recognises: () => true, locate: everySpelling };
}

/** What Elasticsearch says of a document, beside it. */
export const META_FIELDS: ReadonlySet<string> = new Set([
  '_id',
  '_index',
  '_version',
  '_score',
  '_routing',
  '_ignored',
]);

/**
 * What else an index is called, as the first group: without its cluster; `.ds-logs-okta.system-default-2026.02.01-000001` is a part of
 * the data stream in its name, `.internal.alerts-security.alerts-default-000001` one of the alias without `.internal` and number.
 */
const OTHER_NAMES: readonly string[] = [
  '^[^:]*:(.*)$',
  String.raw`^(?:[^:]*:)?(?:partial-|restored-)?\.ds-(.*?)-\d{4}\.\d\d\.\d\d-\d{6}$`,
  String.raw`^(?:[^:]*:)?\.internal(\.alerts-.*)-\d{6}$`,
];

/** The names of the index that a document names; its own name is the first. */
const indexNames: Expr = given(
  { kind: 'exists', subject: own('_index'), counts: 'value' },
  list([own('_index'), ...OTHER_NAMES.map((pattern) => capture(own('_index'), pattern))]),
);

/** The names of an index, its own first. */
function namesOf(name: string): Expr {
  const others = OTHER_NAMES.flatMap((pattern) => new RegExp(pattern).exec(name)?.[1] ?? []);
  return others.length === 0 ? text(name) : list([name, ...others].map((each) => text(each)));
}

/** The document itself, without what Elasticsearch says of it. */
export function sourceOf(event: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([key]) => !META_FIELDS.has(key)));
}

/**
 * The log type of the documents of an index. Its view of ECS is the documents themselves: no other view is applied. The mapping
 * says how values are read: numbers in texts, what a null counts as, what is too long or malformed to be found, whose values an
 * alias has.
 */
export function indexType(name: string, mapping: IndexMapping | undefined): IndexType {
  const typeName = `index.${name}`;
  const fields = new Map<string, ViewField>();
  for (const [field, of] of mapping?.fields ?? []) {
    const made = indexedField(field, of, mapping);
    if (made !== undefined) fields.set(field, made);
  }
  // A document may name its own index: one of several that a pattern or data stream stands for.
  fields.set('_index', fieldOf(coalesce(indexNames, namesOf(name))));
  const time = fields.get('@timestamp')?.expr ?? own('@timestamp');
  // What is known of records is known by their shape: two indices may read the same field in two ways.
  const shape = documentShape();
  const type: LogType = {
    declared: true,
    name: typeName,
    description: `Documents of the index ${name}`,
    shapes: [shape],
    time,
    views: [{ schema: 'ecs', logType: typeName, when: null, fields, families: [], otherwise: 'raw' }],
  };
  return { name, type, shape, mapping };
}

/** The log type of documents of an index that all have the same value in some fields. */
export function indexTypeOfConstants(name: string, constants: ReadonlyMap<string, string>): IndexType {
  const fields = [...constants].map(([field, constant]): [string, IndexField] => [
    field,
    { type: 'constant_keyword', mapped: 'constant_keyword', constant },
  ]);
  return indexType(name, { fields: new Map(fields), families: [] });
}

/** Undefined for a field that is read as it stands in the document. */
function indexedField(name: string, field: IndexField, mapping: IndexMapping | undefined): ViewField | undefined {
  const type = field.type ?? 'object';
  if (field.valuesOf !== undefined) {
    const of = mapping?.fields.get(field.valuesOf);
    const values = of && indexedField(field.valuesOf, of, mapping);
    return { expr: values?.expr ?? place(field.valuesOf), type: field.mapped === 'alias' ? (of?.type ?? type) : type };
  }
  if (field.constant !== undefined) return { expr: text(field.constant), type };
  const { nullValue, ignoreAbove, format } = field;
  const read = nullValue === undefined ? place(name) : call('elastic.null-as', [place(name), scalar(nullValue)]);
  switch (type) {
    case 'long':
      return { expr: call('elastic.number', [read, text('whole')]), type };
    case 'double':
      return { expr: call('elastic.number', [read, text('fraction')]), type };
    case 'boolean':
      return { expr: call('elastic.boolean', [read]), type };
    case 'date':
      if (format !== undefined) return { expr: call('elastic.date', [read, text(format)]), type };
      break;
    case 'keyword':
    case 'wildcard':
    case 'flattened':
      if (ignoreAbove !== undefined) {
        const length: Expr = { kind: 'literal', type: 'long', value: String(ignoreAbove) };
        return { expr: call('elastic.at-most', [read, length]), type };
      }
      break;
    case 'constant_keyword':
    case 'text':
    case 'match_only_text':
    case 'ip':
    case 'version':
    case 'object':
    case 'nested':
    case 'geo_point':
      break;
  }
  return nullValue === undefined ? undefined : { expr: read, type };
}

function place(name: string): Expr {
  return raw(...name.split('.'));
}

function scalar(value: string | number | boolean): Expr {
  if (typeof value === 'string') return text(value);
  return typeof value === 'boolean'
    ? { kind: 'literal', type: 'bool', value }
    : { kind: 'literal', type: 'real', value };
}
