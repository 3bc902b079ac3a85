import type { Span } from '../../base/span.ts';
import type { WildcardPart } from '../../ir/expr.ts';

/** A whole query or a part of it. */
export type KueryQuery =
  | KueryEverything
  | KueryOr
  | KueryAnd
  | KueryNot
  | KueryIs
  | KueryFreeText
  | KueryRange
  | KueryNested
  | KueryError;

/** An empty query. */
interface KueryEverything {
  readonly kind: 'everything';
  readonly span: Span;
}

interface KueryOr {
  readonly kind: 'or';
  readonly items: readonly KueryQuery[];
  readonly span: Span;
}

interface KueryAnd {
  readonly kind: 'and';
  readonly items: readonly KueryQuery[];
  readonly span: Span;
}

interface KueryNot {
  readonly kind: 'not';
  readonly item: KueryQuery;
  readonly span: Span;
}

/** `field: value` and `field: (a or b)`. */
interface KueryIs {
  readonly kind: 'is';
  readonly field: KueryField;
  readonly value: KueryValue;
  readonly span: Span;
}

/** A value that no field is named for. */
interface KueryFreeText {
  readonly kind: 'free-text';
  readonly value: KueryTerm;
  readonly span: Span;
}

export type KueryRangeOp = '<' | '<=' | '>' | '>=';

interface KueryRange {
  readonly kind: 'range';
  readonly field: KueryField;
  readonly op: KueryRangeOp;
  readonly value: KueryTerm;
  readonly span: Span;
}

/** `path: { query }`: one element of an array of maps fits the whole query. */
interface KueryNested {
  readonly kind: 'nested';
  readonly path: KueryField;
  readonly query: KueryQuery;
  readonly span: Span;
}

/** What could not be read; a diagnostic says why. */
export interface KueryError {
  readonly kind: 'error';
  readonly span: Span;
}

/** A field's name as written; a wildcard where it was written with one. Inside `{ }` it is relative to the path. */
export interface KueryField {
  readonly kind: 'field';
  readonly parts: readonly WildcardPart[];
  readonly quoted: boolean;
  readonly span: Span;
}

export type KueryTerm = KueryText | KueryWildcard | KueryConstant;

export type KueryValue =
  | KueryTerm
  | { readonly kind: 'or'; readonly items: readonly KueryValue[]; readonly span: Span }
  | { readonly kind: 'and'; readonly items: readonly KueryValue[]; readonly span: Span }
  | { readonly kind: 'not'; readonly item: KueryValue; readonly span: Span }
  | KueryError;

/** A literal value. `quoted` decides only in analysed text: there it is a phrase. */
interface KueryText {
  readonly kind: 'text';
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}

/** An unquoted value with at least one `*`. */
interface KueryWildcard {
  readonly kind: 'wildcard';
  readonly parts: readonly WildcardPart[];
  readonly span: Span;
}

/** Unquoted `true`, `false` and `null`, in lower case. */
interface KueryConstant {
  readonly kind: 'constant';
  readonly value: boolean | null;
  readonly span: Span;
}

/** Whether the wildcard is a lone `*`. */
export function isLoneStar(parts: readonly WildcardPart[]): boolean {
  return parts.length === 1 && parts[0] !== undefined && 'any' in parts[0];
}

/** The name of a field written without a wildcard, or undefined. */
export function plainName(field: KueryField): string | undefined {
  const [only] = field.parts;
  return field.parts.length === 1 && only !== undefined && 'text' in only ? only.text : undefined;
}
