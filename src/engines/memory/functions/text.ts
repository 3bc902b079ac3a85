import type { TextFunction } from '../../../ir/functions/text.ts';
import type { Value } from '../../../ir/value.ts';
import { textOf } from '../text-of.ts';
import type { Implementation } from './implementation.ts';

/** Runs over the texts of the arguments; null when one of them has none (a map, an array). */
function overTexts(compute: (...texts: string[]) => Value): Implementation {
  return (args) => {
    const texts: string[] = [];
    for (const arg of args) {
      const text = textOf(arg);
      if (text === undefined) return null;
      texts.push(text);
    }
    return compute(...texts);
  };
}

export const textImplementations: Record<TextFunction, Implementation> = {
  'text.lower': overTexts((text) => text?.toLowerCase()),
  'text.upper': overTexts((text) => text?.toUpperCase()),
  'text.concat': overTexts((...texts) => texts.join('')),
  'text.replace': overTexts((text = '', from = '', to = '') => text.replaceAll(from, () => to)),
  'text.before-last': overTexts((text = '', mark = '') => {
    const at = text.lastIndexOf(mark);
    return at === -1 ? undefined : text.slice(0, at);
  }),
  'text.after-last': overTexts((text = '', mark = '') => {
    const at = text.lastIndexOf(mark);
    return at === -1 ? text : text.slice(at + mark.length);
  }),
  'text.equals': overTexts((a, b) => a === b),
  'text.equals-ignore-case': overTexts((a = '', b = '') => a.toLowerCase() === b.toLowerCase()),
};
