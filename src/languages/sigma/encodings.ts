import type { WildcardPart } from '../../ir/expr.ts';
import { mapText } from './sigma-string.ts';

/** Dashes that Windows programs take for one another. */
const DASHES: readonly string[] = ['-', '/', '\u2013', '\u2014', '\u2015'];

/** More alternatives of one value than this are not written out: five option dashes. */
const MOST_DASH_VARIANTS: number = 5 ** 5;
/** Nor are more characters of them in all. */
const MOST_DASH_CHARACTERS = 10_000_000;

/** An option dash: a `-` or `/` with a word character behind it and none before it. The second of `-encoded-command` is left alone. */
const OPTION_DASH = /(?<![\p{L}\p{N}_])[-/](?=[\p{L}\p{N}_])/u;

/** Every way to write the option dashes of a string, or undefined when there are too many. */
export function dashVariants(parts: readonly WildcardPart[]): readonly (readonly WildcardPart[])[] | undefined {
  let variants: WildcardPart[][] = [[]];
  for (const part of parts) {
    const choices = 'text' in part ? textVariants(part.text) : [part];
    if (choices === undefined || variants.length * choices.length > MOST_DASH_VARIANTS) return undefined;
    variants = variants.flatMap((variant) => choices.map((choice) => [...variant, choice]));
  }
  return variants;
}

function textVariants(text: string): WildcardPart[] | undefined {
  const [first = '', ...others] = text.split(OPTION_DASH);
  const count = DASHES.length ** others.length;
  if (count > MOST_DASH_VARIANTS || (count > 1 && count * text.length > MOST_DASH_CHARACTERS)) return undefined;
  let variants = [first];
  for (const piece of others) variants = variants.flatMap((variant) => DASHES.map((dash) => variant + dash + piece));
  return variants.map((variant) => ({ text: variant }));
}

export type Utf16 = 'utf16' | 'utf16le' | 'utf16be';

/** The bytes of a text in UTF-16; `utf16` is little-endian behind a byte order mark (FF FE). */
export function utf16Bytes(text: string, encoding: Utf16): Uint8Array {
  const little = Buffer.from(encoding === 'utf16' ? `\uFEFF${text}` : text, 'utf16le');
  return encoding === 'utf16be' ? little.swap16() : little;
}

/** A string whose text runs are UTF-16 bytes read as text, wildcards kept; undefined where the bytes are no text. */
export function utf16Text(parts: readonly WildcardPart[], encoding: Utf16): readonly WildcardPart[] | undefined {
  if (encoding === 'utf16' || parts.some((part) => 'text' in part && /[^\0-\x7F]/.test(part.text))) return undefined;
  return mapText(parts, (text) => Buffer.from(utf16Bytes(text, encoding)).toString('latin1'));
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** What a byte sequence looks like in Base64 text that begins zero, one or two bytes before it, without the unsure ends. */
export function base64Offsets(bytes: Uint8Array): readonly string[] {
  const starts = [0, 2, 3];
  const ends = [undefined, -3, -2];
  return [0, 1, 2].map((shift) => {
    const shifted = base64(Buffer.concat([Buffer.alloc(shift, 0x20), bytes]));
    return shifted.slice(starts[shift], ends[(bytes.length + shift) % 3]);
  });
}
