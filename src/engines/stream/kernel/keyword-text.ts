/**
 * The longest piece of a keyword that JSON spells in one way only (unless by `\u`, or `\/`). Undefined where a number, which JSON may
 * spell in other ways than rules see it, might hold the keyword.
 */
export function longestPlain(text: string): string | undefined {
  if (/^[-+0-9.einfty]*$/i.test(text)) return undefined;
  let longest = '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are escaped in JSON
  for (const piece of text.split(/[\x00-\x1f"\\\x7f-\uffff]/)) if (piece.length > longest.length) longest = piece;
  return longest.length < 3 ? undefined : longest;
}

/** Whether a piece of a keyword cannot stand outside of strings, where there are signs, numbers, `true`, `false` and `null`. */
export function standsInStrings(piece: string): boolean {
  return !/^[{}[\],: \t\r0-9+\-.aeflnrstu]*$/i.test(piece);
}
