import type { WildcardPart } from './expr.ts';

/**
 * The parts of a wildcard. `texts` (`LIKE`): `*` and `?`, and a backslash takes the next character as it is. `names`: `*` alone.
 */
export function wildcardParts(pattern: string, of: 'texts' | 'names' = 'texts'): WildcardPart[] {
  const parts: WildcardPart[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') parts.push({ text });
    text = '';
  };
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    if (of === 'texts' && character === '\\' && at + 1 < pattern.length) {
      at += 1;
      text += pattern[at] ?? '';
    } else if (character === '*' || (of === 'texts' && character === '?')) {
      flush();
      parts.push({ any: character === '*' ? 'many' : 'one' });
    } else text += character;
  }
  flush();
  return parts;
}
