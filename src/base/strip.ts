/** A text without the characters at its end that are among `characters` (UTF-16 units). A pattern like `0+$` takes quadratic time. */
export function stripEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** A text without the characters at both ends that are among `characters` (UTF-16 units). */
export function strip(text: string, characters: string): string {
  const rest = stripEnd(text, characters);
  let start = 0;
  while (start < rest.length && characters.includes(rest.charAt(start))) start += 1;
  return rest.slice(start);
}

/** A text up to the first of the characters that `pattern` names; all of it where there is none. */
export function before(text: string, pattern: RegExp): string {
  const at = text.search(pattern);
  return at === -1 ? text : text.slice(0, at);
}
