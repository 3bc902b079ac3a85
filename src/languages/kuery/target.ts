import type { Span } from '../../base/span.ts';
import { call, field } from '../../ir/construct.ts';
import type { Analyzer, Collation, Expr, WildcardPart } from '../../ir/expr.ts';
import type { FieldType, ValueType } from '../../ir/types.ts';
import type { Schema } from '../../ir/view.ts';
import { compileWildcard } from '../../ir/wildcard.ts';

/** How values are searched in a field: what types have in common for kuery. */
type Family = 'keyword' | 'whole' | 'text' | 'number' | 'boolean' | 'date' | 'ip' | 'version' | 'point' | 'unknown';

/** A field that a value is looked for in. */
export interface Target {
  /** As the rule calls it; for messages. */
  readonly name: string;
  readonly type: string;
  readonly family: Family;
  readonly subject: Expr;
  readonly collation: Collation;
  /** Of text. */
  readonly analyzer: { readonly analyzer?: Analyzer };
}

/** The nested field that a part of the query looks inside of. */
export interface Inside {
  readonly path: string;
  readonly variable: string;
}

/** A field of the event, or of the element that is looked into. */
export function fieldIn(inside: Inside | undefined, name: string, span: Span): Expr {
  return inside === undefined ? field(name, span) : { ...field(name, span), of: inside.variable };
}

/** The target of a plain field name. */
export function targetOf(name: string, span: Span, schema: Schema, inside: Inside | undefined): Target {
  const full = inside === undefined ? name : `${inside.path}.${name}`;
  const type = schema.typeOf(full);
  const other = schema.multiFieldOf?.(full);
  const analyzer = schema.analyzerOf?.(full);
  const parent =
    other === undefined ? name : inside === undefined ? other.field : other.field.slice(inside.path.length + 1);
  const subject = fieldIn(inside, parent, span);
  return {
    name: full,
    type: type ?? 'unknown',
    family: familyOf(type),
    subject: isFlattenedRoot(full, type, schema) ? call('elastic.leaves', [subject], span) : subject,
    collation: other?.ignoreCase === true ? 'ignore-case' : 'exact',
    analyzer: analyzer === undefined ? {} : { analyzer },
  };
}

/**
 * The targets of a field wildcard: the values of all fields whose names fit, taken as keywords, and besides each declared
 * field of another type that fits, in its own way. An empty list of parts is every field (free text).
 */
export function targetsOf(parts: readonly WildcardPart[], span: Span, schema: Schema): readonly Target[] {
  const everything = parts.length === 0 || (parts.length === 1 && 'any' in (parts[0] ?? { text: '' }));
  const leaves: Target = {
    name: everything ? '*' : parts.map((part) => ('text' in part ? part.text : '*')).join(''),
    type: 'keyword',
    family: 'unknown',
    subject: { kind: 'leaves', name: everything ? null : parts, span },
    collation: 'exact',
    analyzer: {},
  };
  const fits = everything ? () => true : compileWildcard(parts, false);
  const typed = specialNames(schema).filter(fits);
  return [leaves, ...typed.map((name) => targetOf(name, span, schema, undefined))];
}

/** A query may have many words that are searched in all fields. */
const special = new WeakMap<Schema, readonly string[]>();

/** Fields whose values are not found by their texts, as those of other types are in the leaves. */
function specialNames(schema: Schema): readonly string[] {
  const known = special.get(schema);
  if (known !== undefined) return known;
  const names = [...(schema.fieldNames() ?? [])].filter((name) => {
    const family = familyOf(schema.typeOf(name));
    return (family === 'text' || family === 'ip' || family === 'date') && nestedAround(name, schema) === undefined;
  });
  special.set(schema, names);
  return names;
}

/** The nested field that a name lies inside of, if any. */
export function nestedAround(name: string, schema: Schema): string | undefined {
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const path = name.slice(0, dot);
    if (schema.typeOf(path) === 'nested') return path;
  }
  return undefined;
}

/** A flattened field itself is searched in all its leaves. */
function isFlattenedRoot(name: string, type: FieldType | ValueType | undefined, schema: Schema): boolean {
  if (type !== 'flattened') return false;
  const dot = name.lastIndexOf('.');
  return dot === -1 || schema.typeOf(name.slice(0, dot)) !== 'flattened';
}

function familyOf(type: FieldType | ValueType | undefined): Family {
  switch (type) {
    case 'keyword':
    case 'string':
    case 'guid':
      return 'keyword';
    case 'wildcard':
    case 'constant_keyword':
    case 'flattened':
      return 'whole';
    case 'text':
    case 'match_only_text':
      return 'text';
    case 'long':
    case 'double':
    case 'int':
    case 'real':
    case 'decimal':
      return 'number';
    case 'boolean':
    case 'bool':
      return 'boolean';
    case 'date':
    case 'datetime':
      return 'date';
    case 'ip':
      return 'ip';
    case 'version':
      return 'version';
    case 'geo_point':
      return 'point';
    case 'object':
    case 'nested':
    case 'dynamic':
    case 'timespan':
    case undefined:
      return 'unknown';
  }
}
