import type { WildcardPart } from '../../ir/expr.ts';
import { mapText } from './sigma-string.ts';

/** Dashes that Windows programs take for one another. */
const DASHES: readonly string[] = ['-', '/', '\u2013', '\u2014', '\u2015'];

/** More alternatives of one value than this are not written out: five option dashes. */
const MOST_DASH_VARIANTS: number = 5 ** 5;

/**
 * Every way to write the option dashes of a string, or undefined when there are too many. An option dash is a `-` or `/`
 * with a word character behind it and none before it: the second dash of `-encoded-command` is left alone.
 */
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
  const characters = [...text];
  const word = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}_]/u.test(character);
  let variants = [''];
  characters.forEach((character, index) => {
    const option =
      (character === '-' || character === '/') && !word(characters[index - 1]) && word(characters[index + 1]);
    if (variants.length > MOST_DASH_VARIANTS) return;
    variants = option
      ? variants.flatMap((variant) => DASHES.map((dash) => variant + dash))
      : variants.map((variant) => variant + character);
  });
  return variants.length > MOST_DASH_VARIANTS ? undefined : variants.map((variant) => ({ text: variant }));
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
