import type { Span } from '../base/span.ts';
import type { CompareOp, Many, Nulls } from '../values/compare.ts';
import type { FunctionName } from './functions/registry.ts';
import type { ValueType } from './types.ts';

export type { CompareOp, Many };

/**
 * Expressions. Plain objects, JSON-serialisable; `span` points into the rule file and is ignored by `equal`.
 * Logic is Kleene's: a predicate is true, false or unknown (null), and a rule matches iff it is true.
 */
export type Expr =
  | Literal
  | Missing
  | List
  | Field
  | Raw
  | Column
  | Leaves
  | Call
  | Cond
  | And
  | Or
  | Not
  | AtLeast
  | Exists
  | IsNull
  | Compare
  | Match
  | Quantified
  | Let
  | InPlan
  | ScalarOf;

interface Node {
  readonly span?: Span;
}

/**
 * A constant. `long`, `int`, `decimal`, `datetime` and `timespan` carry their value as decimal text (ticks for the last
 * two), so that nothing is lost in JSON; `dynamic` carries JSON text.
 */
export interface Literal extends Node {
  readonly kind: 'literal';
  readonly type: ValueType;
  readonly value: string | number | boolean | null;
}

/** A value that is not there: what a view gives for a field that the record lacks. */
export interface Missing extends Node {
  readonly kind: 'missing';
}

/** Several values at once: an array. */
export interface List extends Node {
  readonly kind: 'list';
  readonly items: readonly Expr[];
}

/** How a path is followed into a record. */
export interface Way {
  /** `ignore-case`, as Panther's events are read: a key as it is written, else the first that is the same in lower case. */
  readonly keys: 'exact' | 'ignore-case';
  /** What an array on the way means: `each` goes into every element and gives all that is found, `strict` finds nothing. */
  readonly arrays: 'each' | 'strict';
}

/**
 * A field of the plan's schema, or a column that an earlier operator made, as the rule writes it. `bind` replaces it. A view
 * that has the field says itself how it is read; the way is that of fields which are places in the record.
 */
export interface Field extends Node, Way {
  readonly kind: 'field';
  readonly name: string;
  /**
   * The steps to it, for schemas whose names may hold dots themselves (Panther's); empty: the whole event. Without it, `name`
   * is a dotted name.
   */
  readonly path?: readonly string[];
  /** The variable of the enclosing `quantified` or `let` that the field belongs to. */
  readonly of?: string;
}

/** A place in the raw record. The first of `paths` that exists is taken. */
export interface Raw extends Node, Way {
  readonly kind: 'raw';
  readonly paths: readonly (readonly string[])[];
  /** The variable of the enclosing `quantified` or `let` to start from instead of the record. */
  readonly of?: string;
}

/** A column of the current row, made by `extend`, `project` or `summarize`. */
export interface Column extends Node {
  readonly kind: 'column';
  readonly name: string;
}

/** Every scalar inside the record (`name` null), or inside the fields whose dotted name fits the pattern. */
export interface Leaves extends Node {
  readonly kind: 'leaves';
  readonly name: readonly WildcardPart[] | null;
}

export interface Call extends Node {
  readonly kind: 'call';
  readonly fn: FunctionName;
  readonly args: readonly Expr[];
}

/** The first branch whose condition is true, else `otherwise`. */
export interface Cond extends Node {
  readonly kind: 'cond';
  readonly branches: readonly { readonly when: Expr; readonly then: Expr }[];
  readonly otherwise: Expr;
}

export interface And extends Node {
  readonly kind: 'and';
  readonly items: readonly Expr[];
}

export interface Or extends Node {
  readonly kind: 'or';
  readonly items: readonly Expr[];
}

export interface Not extends Node {
  readonly kind: 'not';
  readonly item: Expr;
}

/**
 * At least `count` of the conditions are true, and no more than `most` of them. Unknown where the conditions that are
 * unknown could make it true or false.
 */
export interface AtLeast extends Node {
  readonly kind: 'at-least';
  readonly count: number;
  readonly most?: number;
  readonly of: readonly Expr[];
}

/**
 * Whether there is a value. `present`: any, JSON null too (Sigma `exists`). `value`: at least one that is not null, the
 * empty string counts (kuery `field:*`).
 */
export interface Exists extends Node {
  readonly kind: 'exists';
  readonly subject: Expr;
  readonly counts: 'present' | 'value';
}

/** Missing or null. */
export interface IsNull extends Node {
  readonly kind: 'is-null';
  readonly subject: Expr;
}

/** Compares two typed values. */
export interface Compare extends Node {
  readonly kind: 'compare';
  readonly op: CompareOp;
  readonly left: Expr;
  readonly right: Expr;
  readonly nulls: Nulls;
  readonly many: Many;
}

/**
 * Tests a value against a pattern; the heart of every rule.
 * Text patterns see a scalar's canonical text: a string itself, a number as JSON spells it, `true` and `false`.
 */
export interface Match extends Node {
  readonly kind: 'match';
  readonly subject: Expr;
  readonly pattern: Pattern;
  readonly collation: Collation;
  /** Over several values: one of them, each of them, or (`whole`) an array is one value, which no text pattern fits. */
  readonly quantifier: 'any' | 'all' | 'whole';
  /** What a missing or null subject gives. */
  readonly onMissing: 'false' | 'null';
}

export type Collation = 'exact' | 'ignore-case';

export type PatternScalar = string | number | boolean;

export type Pattern =
  | { readonly kind: 'equals'; readonly value: PatternScalar }
  | { readonly kind: 'one-of'; readonly values: readonly PatternScalar[] }
  | { readonly kind: 'prefix'; readonly text: string }
  | { readonly kind: 'suffix'; readonly text: string }
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'wildcard'; readonly parts: readonly WildcardPart[] }
  | Regex
  /** `network` is `address/bits`, IPv4 or IPv6. */
  | { readonly kind: 'cidr'; readonly network: string }
  /** Numbers compare as numbers (a numeric string too), strings by code unit. */
  | { readonly kind: 'range'; readonly low?: Bound; readonly high?: Bound }
  /** Kusto `has`: the text stands in the value, and where an end of the text is alphanumeric the value goes on with a boundary. */
  | { readonly kind: 'term'; readonly text: string; readonly ends: 'both' | 'start' | 'end' }
  /** Analysed text (Elasticsearch `text` fields): any token in common, or the tokens in a row. */
  | { readonly kind: 'analysed'; readonly text: string; readonly mode: 'any' | 'phrase'; readonly analyzer?: Analyzer }
  /** One token of analysed text fits the wildcard, which is lower-cased as the tokens are. */
  | { readonly kind: 'token-wildcard'; readonly parts: readonly WildcardPart[]; readonly analyzer?: Analyzer };

/**
 * How analysed text falls into tokens, when not by the standard analyzer. `script`: runs of ASCII letters, digits, `_` and
 * `-` (the Windows integration's for PowerShell script blocks).
 */
export type Analyzer = 'script';

export interface Bound {
  readonly value: string | number;
  readonly inclusive: boolean;
}

export interface Regex {
  readonly kind: 'regex';
  readonly source: string;
  /** Whose syntax `source` is written in. */
  readonly flavour: 'pcre' | 're2' | 'lucene';
  /** A subset of `ims`. Case is the node's collation, not a flag. */
  readonly flags: string;
  /** Whether the whole value must fit, or any part of it. */
  readonly anchored: boolean;
}

/** Text, `many` for any run of characters (`*`), `one` for exactly one (`?`). */
export type WildcardPart = { readonly text: string } | { readonly any: 'many' | 'one' };

/**
 * Looks at the elements of an array in turn; inside, `variable` is the element and `index` its place, from 0. A value that is
 * no array is one element, null and missing are none. What is unknown counts as not true.
 *
 * - `any`, `all`, `none`, `one`: whether so many elements make `body` true.
 * - `count`: how many do.
 * - `collect`: an array of what `body` gives for each, nulls among it.
 *
 * `until`: the first element that makes it true is the last that is looked at.
 */
export interface Quantified extends Node {
  readonly kind: 'quantified';
  readonly how: 'any' | 'all' | 'none' | 'one' | 'count' | 'collect';
  readonly over: Expr;
  readonly variable: string;
  readonly index?: string;
  readonly body: Expr;
  readonly until?: Expr;
}

/** `body`, in which `variable` is the value. It is computed once for a row, however often the body reads it. */
export interface Let extends Node {
  readonly kind: 'let';
  readonly variable: string;
  readonly value: Expr;
  readonly body: Expr;
}

/**
 * Whether a value is among those of a column of one of the query's shared plans. `nulls`: `total`, a null is among them where
 * a row has a null there (Kusto `in`); `unknown`, it is not known of a null, nor of a value that is not among them where a
 * row has a null (SQL); without rows nothing is among them.
 */
export interface InPlan extends Node {
  readonly kind: 'in-plan';
  readonly subject: Expr;
  readonly plan: PlanColumn;
  readonly collation: Collation;
  readonly nulls: Nulls;
}

/** One value for the whole run: that of the first row of one of the query's shared plans; null without rows (Kusto `toscalar`). */
export interface ScalarOf extends Node {
  readonly kind: 'scalar-of';
  readonly plan: PlanColumn;
}

/** A column of a shared plan, by the plan's name: expressions hold no plans themselves. */
export interface PlanColumn {
  readonly name: string;
  readonly column: string;
}
