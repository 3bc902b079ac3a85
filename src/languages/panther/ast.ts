import type { Span } from '../../base/span.ts';

/** Panther's match expressions, as a rule file says them. */
export type MatchExpression = Group | Always | Test | Elements | KeyTest;

interface Node {
  readonly span: Span;
}

/** `All`, `Any`, `None`, `OnlyOne`: so many of the expressions hold. */
export interface Group extends Node {
  readonly kind: 'group';
  readonly how: 'all' | 'any' | 'none' | 'one';
  readonly items: readonly MatchExpression[];
}

export interface Always extends Node {
  readonly kind: 'always';
  readonly value: boolean;
}

/** A condition on the value of a key; without one, on the element of a list that the expression stands in. */
export interface Test extends Node {
  readonly kind: 'test';
  readonly key: Key | null;
  readonly asks: Asks;
  /** The opposite of what the condition asks. */
  readonly not: boolean;
}

export type Asks =
  | { readonly kind: 'exists' | 'null' | 'empty' }
  | { readonly kind: 'equals' | 'has'; readonly value: Scalar }
  | { readonly kind: 'in'; readonly values: readonly (Scalar | Key)[] }
  | { readonly kind: 'text'; readonly way: TextWay; readonly ignoreCase: boolean; readonly text: string }
  | { readonly kind: 'order'; readonly op: Order; readonly bound: string | number }
  | { readonly kind: 'ip'; readonly family: IpFamily }
  /** Each `address/bits`. */
  | { readonly kind: 'cidr'; readonly networks: readonly string[] };

/** So many elements of a list meet all expressions. */
export interface Elements extends Node {
  readonly kind: 'elements';
  readonly key: Key | null;
  readonly how: 'any' | 'all' | 'none' | 'one';
  readonly body: readonly MatchExpression[];
}

/** A condition on the values of two keys. */
export interface KeyTest extends Node {
  readonly kind: 'key-test';
  readonly left: Key;
  readonly right: Key;
  readonly asks: KeyAsks;
  readonly not: boolean;
}

export type KeyAsks =
  | { readonly kind: 'equals' | 'in' | 'has' }
  | { readonly kind: 'text'; readonly way: TextWay; readonly ignoreCase: boolean }
  | { readonly kind: 'order'; readonly op: Order };

export type TextWay = 'equals' | 'starts-with' | 'ends-with' | 'contains';
export type Order = '<' | '<=' | '>' | '>=';
export type IpFamily = 'any' | 'v4' | 'v6' | 'public' | 'private';

/** A place in an event or element. */
export interface Key {
  readonly kind: 'key';
  readonly steps: readonly Step[];
  readonly span: Span | undefined;
}

/** A name, a place in a list (from its end if negative), or `null` for every element. */
export type Step = string | number | null;

export interface Scalar {
  readonly kind: 'scalar';
  readonly value: string | number | bigint | boolean;
  readonly span: Span;
}

/** A text with values in it: a title. */
export interface Template {
  readonly parts: readonly (string | Key)[];
  readonly span: Span | undefined;
}
