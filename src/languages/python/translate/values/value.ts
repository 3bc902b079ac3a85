import { call, FALSE, TRUE, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Comprehension, FunctionDef, Lambda } from '../../ast.ts';
import { ALL, ANY, BOOL, DICT, FLOAT, INT, LIST, MISS, NONE, STR, typeTest } from '../conditions/types.ts';
import type { ModuleScope } from '../module-scope.ts';

/** What Python would have at a point, as far as it is known without the event. */
export type PyValue =
  | { readonly kind: 'const'; readonly value: string | number | boolean | null }
  | {
      readonly kind: 'seq';
      readonly type: 'list' | 'tuple' | 'set';
      readonly items: readonly Outcomes[];
      readonly frame: number;
    }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Outcomes>; readonly frame: number }
  | Dynamic
  /** A bool. Where neither holds, Python raises. */
  | { readonly kind: 'bool'; readonly t: Expr; readonly f: Expr }
  /** An object that is true wherever it is not None: a match of a regular expression. */
  | { readonly kind: 'maybe'; readonly t: Expr; readonly f: Expr }
  | {
      readonly kind: 'function';
      readonly def: FunctionDef;
      readonly module: ModuleScope;
      readonly closure: Env | undefined;
    }
  | { readonly kind: 'lambda'; readonly def: Lambda; readonly module: ModuleScope; readonly closure: Env }
  /** A module, class or function that is not the rule's own, by its full name. */
  | { readonly kind: 'foreign'; readonly name: string }
  | { readonly kind: 'method'; readonly self: PyValue; readonly name: string }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  /** A comprehension that is worked out where it is used. */
  | { readonly kind: 'comprehension'; readonly node: Comprehension; readonly env: Env }
  | { readonly kind: 'unknown' };

/** A value out of the event. `mask`: what it can be; a missing value reads as None. */
export interface Dynamic {
  readonly kind: 'dynamic';
  readonly expr: Expr;
  readonly mask: number;
  readonly made: Made;
  /** It is the event as the rule is given it, with all of its methods. */
  readonly whole?: true;
}

/**
 * What made its maps and lists: the event (keys in any case, lists that cannot be added to), plain JSON, a plain list of the event's
 * own values, or a tuple of plain ones.
 */
export type Made = 'event' | 'plain' | 'list' | 'tuple';

/** What made the items of a list. */
export function madeOfItems({ made }: Dynamic): Made {
  if (made === 'list') return 'event';
  return made === 'tuple' ? 'plain' : made;
}

/** What an expression may give, each under a condition. Where none holds, it raises. */
export type Outcomes = readonly Outcome[];
export interface Outcome {
  readonly cond: Expr;
  readonly value: PyValue;
}

/** When something is true, and when it is false. */
export interface Pair {
  readonly t: Expr;
  readonly f: Expr;
}

export interface Env {
  readonly vars: ReadonlyMap<string, Outcomes>;
  readonly module: ModuleScope;
  readonly parent: Env | undefined;
  readonly frame: number;
  readonly locals: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
}

export const UNKNOWN: PyValue = { kind: 'unknown' };
export const NOTHING: PyValue = { kind: 'const', value: null };

export function sure(value: PyValue): Outcomes {
  return [{ cond: TRUE, value }];
}

export function constant(value: string | number | boolean | null): PyValue {
  return { kind: 'const', value };
}

/** A value of JSON as the functions of Python are given it. */
export function literal(value: unknown): Expr {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return { kind: 'literal', type: 'bool', value };
  return { kind: 'literal', type: 'dynamic', value: JSON.stringify(value) };
}

export function dynamic(expr: Expr, mask: number, made: Made = 'event'): Dynamic {
  return { kind: 'dynamic', expr, mask, made };
}

export function boolean(pair: Pair): PyValue {
  return { kind: 'bool', t: pair.t, f: pair.f };
}

/** A test of a dynamic value's type; what is missing is None. */
export function isOf(value: Dynamic, mask: number): Expr {
  const possible = value.mask & mask;
  if (possible === 0) return FALSE;
  if (possible === value.mask) return TRUE;
  const wide = mask & NONE ? mask | MISS : mask;
  // What the value cannot be does not matter: the shorter test is taken.
  const test = (value.mask & ~mask) === NONE ? ALL & ~(NONE | MISS) : wide & (value.mask | MISS);
  return typeTest(value.expr, test);
}

/** The value as plain JSON, where it is wholly known. */
export function knownJson(value: PyValue): { readonly json: unknown } | undefined {
  if (value.kind === 'const') return { json: value.value };
  if (value.kind === 'seq' && value.type !== 'set') {
    const items: unknown[] = [];
    for (const item of value.items) {
      const [only] = item;
      // A tuple inside is none of JSON's lists.
      if (only?.value.kind === 'seq' && only.value.type !== 'list') return undefined;
      const known = item.length === 1 && only?.cond === TRUE ? knownJson(only.value) : undefined;
      if (known === undefined) return undefined;
      items.push(known.json);
    }
    return { json: items };
  }
  return undefined;
}

/** Expression that gives the value; undefined where there is none. */
export function expressionOf(value: PyValue): Expr | undefined {
  if (value.kind === 'dynamic') return value.expr;
  const known = knownJson(value);
  if (known === undefined) return undefined;
  return typeof known.json === 'boolean'
    ? { kind: 'literal', type: 'dynamic', value: JSON.stringify(known.json) }
    : literal(known.json);
}

/** When a value can be a key of a dict or an item of a set: the lists and maps of JSON cannot. */
export function hashable(value: PyValue): Expr {
  if (value.kind === 'dynamic') return isOf(value, ANY & ~(LIST | DICT));
  return value.kind === 'map' || (value.kind === 'seq' && value.type !== 'tuple') ? FALSE : TRUE;
}

/** The types that a value may have. */
export function maskOf(value: PyValue): number {
  switch (value.kind) {
    case 'dynamic':
      return value.mask;
    case 'const':
      if (value.value === null) return NONE;
      if (typeof value.value === 'string') return STR;
      if (typeof value.value === 'boolean') return BOOL;
      return Number.isInteger(value.value) ? INT : FLOAT;
    case 'bool':
      return BOOL;
    case 'seq':
      return LIST;
    case 'map':
      return DICT;
    case 'maybe':
    case 'function':
    case 'lambda':
    case 'foreign':
    case 'method':
    case 'regex':
    case 'comprehension':
    case 'unknown':
      return 0;
  }
}

/** What a function of the registry gives where it gives anything. */
export function operation(
  fn: Parameters<typeof call>[0],
  args: readonly Expr[],
  mask: number,
  made: Made = 'plain',
): Outcomes {
  const expr = call(fn, args);
  return [{ cond: { kind: 'exists', subject: expr, counts: 'present' }, value: dynamic(expr, mask, made) }];
}

export { BOOL as BOOLEANS };
