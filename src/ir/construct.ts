import type { Span } from '../base/span.ts';
import type { And, Expr, Field, List, Literal, Match, Missing, Not, Or, Pattern, Raw, Way } from './expr.ts';
import type { FunctionName } from './functions/registry.ts';

/** Constructors: the only place where nodes are brought into their normal form (flat `and`/`or`, no singletons). */

export const TRUE: Literal = { kind: 'literal', type: 'bool', value: true };
export const FALSE: Literal = { kind: 'literal', type: 'bool', value: false };
export const NULL: Literal = { kind: 'literal', type: 'dynamic', value: null };
export const MISSING: Missing = { kind: 'missing' };

const spanned = (span: Span | undefined): { readonly span?: Span } => (span === undefined ? {} : { span });

/** All of them; none is true. */
export function and(items: readonly Expr[], span?: Span): Expr {
  const flat = items.flatMap((item) => (item.kind === 'and' ? item.items : [item]));
  const only = flat[0];
  if (only === undefined) return TRUE;
  if (flat.length === 1) return only;
  return { kind: 'and', items: flat, ...spanned(span) } satisfies And;
}

/** Any of them; none is false. */
export function or(items: readonly Expr[], span?: Span): Expr {
  const flat = items.flatMap((item) => (item.kind === 'or' ? item.items : [item]));
  const only = flat[0];
  if (only === undefined) return FALSE;
  if (flat.length === 1) return only;
  return { kind: 'or', items: flat, ...spanned(span) } satisfies Or;
}

export function not(item: Expr, span?: Span): Not {
  return { kind: 'not', item, ...spanned(span) };
}

/** Keys as they are written, and into every element of an array: how a path is followed unless a language says otherwise. */
export const PLAIN: Way = { keys: 'exact', arrays: 'each' };
export const STRICT: Way = { keys: 'exact', arrays: 'strict' };
/** Keys in any case, and nothing found inside an array, as in Panther's events. */
export const FOLDED: Way = { keys: 'ignore-case', arrays: 'strict' };

export function field(name: string, span?: Span): Field {
  return { kind: 'field', name, ...PLAIN, ...spanned(span) };
}

/** A field of a Panther event by its steps. `of`: of the element that a variable stands for. */
export function fieldAt(path: readonly string[], span?: Span, of?: string): Field {
  return { kind: 'field', name: path.join('.'), path, ...FOLDED, ...(of !== undefined && { of }), ...spanned(span) };
}

/** A raw field by its path; each argument is one step. */
export function raw(...path: readonly string[]): Raw {
  return { kind: 'raw', paths: [path], ...PLAIN };
}

export function text(value: string, span?: Span): Literal {
  return { kind: 'literal', type: 'string', value, ...spanned(span) };
}

/** A constant by its value: a whole number is long, any other real. */
export function literalOf(value: string | number | boolean | null, span?: Span): Literal {
  if (typeof value === 'string') return text(value, span);
  if (typeof value === 'boolean') return { kind: 'literal', type: 'bool', value, ...spanned(span) };
  if (value === null) return { kind: 'literal', type: 'dynamic', value, ...spanned(span) };
  if (!Number.isSafeInteger(value)) return { kind: 'literal', type: 'real', value, ...spanned(span) };
  return { kind: 'literal', type: 'long', value: String(value), ...spanned(span) };
}

export function bool(value: boolean): Literal {
  return value ? TRUE : FALSE;
}

export function list(items: readonly Expr[], span?: Span): List {
  return { kind: 'list', items, ...spanned(span) };
}

export function call(fn: FunctionName, args: readonly Expr[], span?: Span): Expr {
  return { kind: 'call', fn, args, ...spanned(span) };
}

/** A match as Sigma and kuery mean it: any of several values, false on a missing field, exact unless said otherwise. */
export function match(
  subject: Expr,
  pattern: Pattern,
  options: Partial<Pick<Match, 'collation' | 'quantifier' | 'onMissing' | 'span'>> = {},
): Match {
  const { span, ...rest } = options;
  return {
    kind: 'match',
    subject,
    pattern,
    collation: 'exact',
    quantifier: 'any',
    onMissing: 'false',
    ...rest,
    ...spanned(span),
  };
}
