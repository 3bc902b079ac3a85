import type { WildcardPart } from '../../ir/expr.ts';
import type { ValueTree } from './ast.ts';
import { parseSigmaString } from './sigma-string.ts';

/** A part of a text that `expand` has looked at: `%name%` stands for values that a pipeline or the user gives. */
export type TemplatePart = WildcardPart | { readonly placeholder: string };

/** A value on its way through the modifiers of its item. */
export type SigmaValue =
  /** `source` is the string as written, while no modifier has changed it. */
  | { readonly kind: 'text'; readonly parts: readonly WildcardPart[]; readonly source: string | undefined }
  /** A text with placeholders, which must be given values before it can be matched. */
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[] }
  /** The same for a regular expression: its parts are pieces of its source. */
  | { readonly kind: 'regex-template'; readonly parts: readonly TemplatePart[]; readonly flags: string }
  /** Bytes that are no text; only the base64 modifiers can use them. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly text: string | undefined }
  /** `written` where the file spells it in a way that says more than the number: `00000429`, `1e5`. */
  | { readonly kind: 'number'; readonly value: number | bigint; readonly written: string | undefined }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  | { readonly kind: 'network'; readonly network: string }
  | { readonly kind: 'bound'; readonly op: Bound; readonly value: number }
  | { readonly kind: 'presence'; readonly wanted: boolean }
  | { readonly kind: 'reference'; readonly field: string; readonly how: ReferenceTest }
  /** Any of these, also where the item asks for all of its values. */
  | { readonly kind: 'any'; readonly values: readonly SigmaValue[] };

export type Bound = 'lt' | 'lte' | 'gt' | 'gte';
export type ReferenceTest = 'equals' | 'startswith' | 'endswith' | 'contains';

/** What a kind of value is called in messages. */
export const kindNames: Readonly<Record<SigmaValue['kind'], string>> = {
  text: 'a string',
  template: 'a string with placeholders',
  'regex-template': 'a regular expression with placeholders',
  bytes: 'encoded bytes',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  regex: 'a regular expression',
  network: 'a network',
  bound: 'a comparison',
  presence: 'a test for presence',
  reference: 'a field reference',
  any: 'alternatives',
};

/**
 * Numbers whose text is the number. Others are identifiers that nobody quoted (a keyboard layout, a hash): YAML 1.2 reads
 * them as numbers, the readers that rules are written for do not, and their zeros are what the rule looks for.
 */
const PLAIN_NUMBER = /^[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|0x[0-9a-f]+)$/i;

/** The value of a scalar as the rule has it; undefined for maps and lists. */
export function readValue(tree: ValueTree): SigmaValue | undefined {
  const value = tree.scalar();
  switch (typeof value) {
    case 'string':
      return { kind: 'text', parts: parseSigmaString(value), source: value };
    case 'number':
    case 'bigint': {
      const written = tree.written();
      return {
        kind: 'number',
        value,
        written: written === undefined || PLAIN_NUMBER.test(written) ? undefined : written,
      };
    }
    case 'boolean':
      return { kind: 'boolean', value };
    default:
      return value === null ? { kind: 'null' } : undefined;
  }
}
