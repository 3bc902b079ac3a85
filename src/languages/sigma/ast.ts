import type { SourceText } from '../../base/source-text.ts';
import type { Span } from '../../base/span.ts';

/** A condition: `selection and not 1 of filter_*`. */
export type Condition = Junction | Negation | Reference | Selector;

interface Junction {
  readonly kind: 'and' | 'or';
  readonly items: readonly Condition[];
  readonly span: Span;
}

interface Negation {
  readonly kind: 'not';
  readonly item: Condition;
  readonly span: Span;
}

/** A detection by its name. */
interface Reference {
  readonly kind: 'reference';
  readonly name: string;
  readonly span: Span;
}

/** `1 of x*`, `all of them`: how many of the detections whose names fit. */
export interface Selector {
  readonly kind: 'selector';
  readonly count: number | 'all';
  /** A name with `*` for any run of characters; `them` stands for all that do not start with `_`. */
  readonly pattern: string;
  readonly span: Span;
}

/**
 * A value of a rule file, with its place: what the detection language needs of any reader (the YAML reader's nodes are
 * such trees).
 */
export interface ValueTree {
  readonly kind: 'map' | 'list' | 'string' | 'number' | 'boolean' | 'null';
  /** `a map`, `nothing`, …: for messages. */
  readonly kindInWords: string;
  readonly span: Span;
  /** Undefined for a map or a list. */
  scalar(): string | number | bigint | boolean | null | undefined;
  /** A scalar as the file writes it, without quotes: `00000429`. */
  written(): string | undefined;
  asList(): readonly ValueTree[] | undefined;
  entries(): readonly ValueEntry[];
  get(key: string): ValueTree | undefined;
  /** A string with the place of each of its characters. */
  text(): SourceText | undefined;
}

export interface ValueEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: ValueTree;
}

/** What a detection asks of an event. */
export type Detection = DetectionGroup | DetectionItem;

/** A map (all of its items), or a list (any of its members). */
interface DetectionGroup {
  readonly kind: 'all' | 'any';
  readonly items: readonly Detection[];
  readonly span: Span;
}

/** `Field|modifier: values`, or keywords (`field` null). */
export interface DetectionItem {
  readonly kind: 'item';
  readonly field: string | null;
  readonly modifiers: readonly ModifierUse[];
  readonly values: readonly ValueTree[];
  readonly keySpan: Span;
  /** The value or the list of values. */
  readonly span: Span;
}

export interface ModifierUse {
  readonly name: string;
  readonly span: Span;
}
