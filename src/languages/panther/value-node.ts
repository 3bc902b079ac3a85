import type { Json } from '../../base/json.ts';
import type { Span } from '../../base/span.ts';

/** One value of a rule file with its place, whatever the file is written in. */
export interface ValueNode {
  readonly kind: 'map' | 'list' | 'string' | 'number' | 'boolean' | 'null';
  /** The kind in words, for messages: `a list`. */
  readonly kindInWords: string;
  readonly span: Span;
  /** The scalar's value; undefined for a map or list. Whole numbers beyond 2^53 are `bigint`. */
  scalar(): string | number | bigint | boolean | null | undefined;
  /** A scalar as it is written in the file, without quotes. */
  written(): string | undefined;
  asString(): string | undefined;
  asNumber(): number | undefined;
  asBoolean(): boolean | undefined;
  asList(): readonly ValueNode[] | undefined;
  /** A map's entries in the order of the file; empty for anything else. */
  entries(): readonly { readonly key: string; readonly keySpan: Span; readonly value: ValueNode }[];
  get(key: string): ValueNode | undefined;
  toJson(): Json;
}
