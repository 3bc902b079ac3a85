/** What Python's `\d`, `\w` and `\s` take in of texts, as insides of a class. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: '\\p{L}\\p{N}_',
  s: '\\t-\\r\\x1c- \\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}',
};
const NEGATED: Readonly<Record<string, string>> = { D: 'd', W: 'w', S: 's' };

/**
 * A regular expression of Python in PCRE's syntax, with the same meaning on every text; undefined where that is not known.
 * `how`: search, match (from the start) or fullmatch.
 */
export function pythonRegex(
  source: string,
  given: string,
  how: string,
): { readonly source: string; readonly flags: string } | undefined {
  let text = source;
  let flags = given;
  const inline = /^\(\?([is]+)\)/.exec(text);
  if (inline !== null) {
    flags += inline[1] ?? '';
    text = text.slice(inline[0].length);
  }
  // Case by Unicode: the two fold a few letters outside of ASCII differently.
  if (flags.includes('i') && /[^\0-\x7f]/.test(text)) return undefined;
  if (/\(\?(?![:P])|\(\?P[^<]|\[:|\[\^?\]|&&|\|\||--|~~|[*+?}]\+/.test(text)) return undefined;
  let found = '';
  let inClass = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '\\') {
      at += 1;
      const next = text[at] ?? '';
      const inside = CLASSES[next];
      const negated = NEGATED[next];
      if (inside !== undefined) found += inClass ? inside : `[${inside}]`;
      else if (negated !== undefined) {
        if (inClass) return undefined;
        found += `[^${CLASSES[negated]}]`;
      } else if (next === 'Z') found += '\\z';
      else if (/[nrtfA]/.test(next)) found += `\\${next}`;
      else if (next === 'b' || next === 'B' || /[0-9a-zA-Z]/.test(next)) return undefined;
      else found += `\\${next}`;
      continue;
    }
    if (char === '[' && !inClass) inClass = true;
    else if (char === '[') {
      found += '\\[';
      continue;
    } else if (char === ']' && inClass) inClass = false;
    found += char;
  }
  const unique = [...new Set(flags)].join('');
  return { source: how === 'match' ? `\\A(?:${found})` : found, flags: unique };
}
