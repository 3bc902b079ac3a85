import { didYouMean } from '../../../base/did-you-mean.ts';
import type { Span } from '../../../base/span.ts';
import { call, field, literalOf, NULL, raw, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { Schema } from '../../../ir/view.ts';
import { compileWildcard } from '../../../ir/wildcard.ts';
import { wildcardParts } from '../../../ir/wildcard-parts.ts';
import type { EsqlName } from '../ast.ts';
import { type EsqlType, fieldKind } from '../types.ts';
import type { Typed } from './expressions/typed.ts';

/** A column that a query may name. */
export interface Column {
  readonly name: string;
  readonly type: EsqlType;
  /** `field`: of the index, as what it is read; `made`: by a command; `metadata`: what stands beside a document. */
  readonly of: 'field' | 'made' | 'metadata';
  readonly read: string;
}

/** Whose fields are columns beside those that are listed: of logs without a mapping any name may be one. */
export interface OpenFields {
  readonly schema: Schema;
  readonly keeps: readonly ((name: string) => boolean)[];
  /** Where they are, if not in the document. */
  readonly place?: (name: string) => Expr;
}

/** What names mean at some point of a query. */
export class Scope {
  readonly columns: ReadonlyMap<string, Column>;
  readonly open: OpenFields | undefined;
  /** Whether rows are still documents of an index, which can be searched. */
  readonly searchable: boolean;

  constructor(columns: ReadonlyMap<string, Column>, open: OpenFields | undefined, searchable: boolean) {
    this.columns = columns;
    this.open = open;
    this.searchable = searchable;
  }

  /** The column of a name; undefined where there is none. */
  column(name: string): Column | undefined {
    const known = this.columns.get(name);
    if (known !== undefined || this.open === undefined) return known;
    const { schema, keeps } = this.open;
    if (!keeps.every((keep) => keep(name))) return undefined;
    const { type, read } = fieldKind(schema.typeOf(name));
    return { name, type, of: 'field', read };
  }

  /** The columns whose names fit a pattern; of open fields none are named. */
  matching(pattern: EsqlName): readonly Column[] {
    const fits = compileWildcard(wildcardsOf(pattern), false);
    return [...this.columns.values()].filter(({ name }) => fits(name));
  }

  suggestions(name: string): readonly string[] {
    const known = this.open === undefined ? [] : [...(this.open.schema.fieldNames() ?? [])];
    return didYouMean(name, new Set([...this.columns.keys(), ...known]));
  }

  /** Columns made by a command: one of a name that there is already goes, the new one is the last. */
  with(made: readonly { readonly name: string; readonly type: EsqlType }[]): Scope {
    const columns = new Map(this.columns);
    for (const { name, type } of made) {
      columns.delete(name);
      columns.set(name, { name, type, of: 'made', read: type });
    }
    return new Scope(columns, this.open, this.searchable);
  }

  /** The same columns under other names and in another order. */
  only(columns: readonly Column[], open: OpenFields | undefined = undefined): Scope {
    return new Scope(new Map(columns.map((column) => [column.name, column])), open, this.searchable);
  }

  /** Rows are no longer documents that can be searched. */
  unsearchable(): Scope {
    return new Scope(this.columns, this.open, false);
  }
}

export function isPattern({ parts }: EsqlName): boolean {
  return parts.some(({ text: part, written }) => written === 'plain' && part.includes('*'));
}

export function wildcardsOf({ parts }: EsqlName): ReturnType<typeof wildcardParts> {
  return parts.flatMap(({ text: part, written }, place) => [
    ...(place === 0 ? [] : [{ text: '.' }]),
    ...(written === 'plain' ? wildcardParts(part, 'names') : [{ text: part }]),
  ]);
}

/** The values of a column. */
export function readColumn({ name, type, of, read }: Column, scope: Scope, span: Span): Typed {
  if (of === 'made') return { expr: field(name, span), type, span };
  if (of === 'metadata') return { expr: metadataValue(name), type, span };
  if (type === 'unsupported' || type === 'null') return { expr: NULL, type: 'null', span };
  const place = fieldPlace(name, scope);
  const as = (wanted: string): Expr => call('esql.values', [place, text(wanted)], span);
  const found: Typed = { expr: as(read), type, span, field: name };
  // What a field of logs is no mapping says for sure.
  return scope.open !== undefined ? { ...found, readAs: as } : found;
}

/** A field, or what a name that is only another way to search it stands for. */
export function fieldPlace(name: string, { open }: Scope): Expr {
  return open?.place?.(name) ?? field(open?.schema.multiFieldOf?.(name)?.field ?? name);
}

/** What Elasticsearch says of a document beside it. */
export const METADATA: ReadonlyMap<string, EsqlType> = new Map<string, EsqlType>([
  ['_id', 'keyword'],
  ['_index', 'keyword'],
  ['_version', 'long'],
  ['_source', 'source'],
  ['_score', 'double'],
  ['_ignored', 'keyword'],
  ['_index_mode', 'keyword'],
  ['_tsid', 'keyword'],
  ['_size', 'integer'],
  ['_slice', 'keyword'],
]);

function metadataValue(name: string): Expr {
  switch (name) {
    case '_id':
    case '_index':
      return call('esql.mv-first', [field(name)]);
    // Documents that come from a search say which of their fields were not indexed.
    case '_ignored':
      return field(name);
    case '_version':
      return call('esql.values', [field(name), text('long')]);
    case '_source':
      return raw();
    case '_score':
      return { kind: 'literal', type: 'real', value: 1 };
    case '_index_mode':
      return text('standard');
    default:
      return literalOf(null);
  }
}
