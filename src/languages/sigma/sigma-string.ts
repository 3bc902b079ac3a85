import type { WildcardPart } from '../../ir/expr.ts';
import type { TemplatePart } from './values.ts';

const MANY: WildcardPart = { any: 'many' };
const ONE: WildcardPart = { any: 'one' };

/**
 * A string value with its wildcards. `*` and `?` are wildcards, `\*`, `\?` and `\\` the plain characters; a backslash
 * before anything else is itself (specification, "Escaping").
 */
export function parseSigmaString(source: string): readonly WildcardPart[] {
  if (!/[*?\\]/.test(source)) return source === '' ? [] : [{ text: source }];
  const parts: WildcardPart[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') parts.push({ text });
    text = '';
  };
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at] ?? '';
    const next = source[at + 1];
    if (character === '\\' && (next === '\\' || next === '*' || next === '?')) {
      text += next;
      at += 1;
    } else if (character === '*' || character === '?') {
      flush();
      parts.push(character === '*' ? MANY : ONE);
    } else {
      text += character;
    }
  }
  flush();
  return parts;
}

export function hasWildcard(parts: readonly WildcardPart[]): boolean {
  return parts.some((part) => 'any' in part);
}

/** The text of a string without wildcards. */
export function plainText(parts: readonly WildcardPart[]): string {
  return parts.map((part) => ('text' in part ? part.text : '')).join('');
}

/** With a `*` in front, unless one is there. */
export function openStart<P extends TemplatePart>(parts: readonly P[]): readonly (P | WildcardPart)[] {
  const first = parts[0];
  return first !== undefined && 'any' in first && first.any === 'many' ? parts : [MANY, ...parts];
}

/** With a `*` behind, unless one is there. */
export function openEnd<P extends TemplatePart>(parts: readonly P[]): readonly (P | WildcardPart)[] {
  const last = parts.at(-1);
  return last !== undefined && 'any' in last && last.any === 'many' ? parts : [...parts, MANY];
}

/** Each run of text replaced. */
export function mapText(parts: readonly WildcardPart[], change: (text: string) => string): readonly WildcardPart[] {
  return parts.map((part) => ('text' in part ? { text: change(part.text) } : part));
}
