import type { WildcardPart } from './expr.ts';

/**
 * Tests whole values against a wildcard. Greedy matching with one point to come back to, so the time is at most
 * pattern × value whatever the pattern. `one` stands for one character (a surrogate pair is one).
 */
export function compileWildcard(parts: readonly WildcardPart[], ignoreCase: boolean): (value: string) => boolean {
  const steps: (string | 'many' | 'one')[] = [];
  const kinds: ('text' | 'any')[] = [];
  for (const part of parts) {
    if ('text' in part) {
      for (const character of ignoreCase ? part.text.toLowerCase() : part.text) {
        steps.push(character);
        kinds.push('text');
      }
    } else if (part.any === 'one' || kinds.at(-1) !== 'any' || steps.at(-1) !== 'many') {
      steps.push(part.any);
      kinds.push('any');
    }
  }
  const simple = simpleForm(parts, ignoreCase);
  if (simple !== undefined) return simple;
  return (value) => {
    const text = [...(ignoreCase ? value.toLowerCase() : value)];
    let at = 0;
    let step = 0;
    let starStep = -1;
    let starAt = 0;
    while (at < text.length) {
      if (kinds[step] === 'any' && steps[step] === 'many') {
        starStep = step;
        starAt = at;
        step += 1;
      } else if (step < steps.length && (kinds[step] === 'any' || steps[step] === text[at])) {
        step += 1;
        at += 1;
      } else if (starStep !== -1) {
        step = starStep + 1;
        starAt += 1;
        at = starAt;
      } else {
        return false;
      }
    }
    while (kinds[step] === 'any' && steps[step] === 'many') step += 1;
    return step === steps.length;
  };
}

/** `abc*`, `*abc`, `*abc*` and `*` by the string's own search. */
function simpleForm(parts: readonly WildcardPart[], ignoreCase: boolean): ((value: string) => boolean) | undefined {
  const texts = parts.flatMap((part) => ('text' in part ? [part.text] : []));
  if (texts.length > 1 || parts.some((part) => 'any' in part && part.any === 'one')) return undefined;
  const fold = (value: string): string => (ignoreCase ? value.toLowerCase() : value);
  const [only] = texts;
  if (only === undefined) return parts.length === 0 ? (value) => value === '' : () => true;
  const wanted = fold(only);
  const opens = 'any' in (parts[0] ?? { text: '' });
  const closes = 'any' in (parts.at(-1) ?? { text: '' });
  if (opens && closes) return (value) => fold(value).includes(wanted);
  if (opens) return (value) => fold(value).endsWith(wanted);
  if (closes) return (value) => fold(value).startsWith(wanted);
  return (value) => fold(value) === wanted;
}
