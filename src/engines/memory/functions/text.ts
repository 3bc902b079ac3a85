import type { TextFunction } from '../../../ir/functions/text.ts';
import { elementsOf } from '../../../values/elements.ts';
import { textsOf } from '../../../values/text-of.ts';
import type { Value } from '../../../values/value.ts';
import type { Implementation } from './implementation.ts';

/** Runs over the texts of the arguments; null when one of them has none (a map, an array). */
function overTexts(compute: (...texts: string[]) => Value): Implementation {
  return (args) => {
    const texts = textsOf(args);
    return texts === undefined ? null : compute(...texts);
  };
}

/** As `overTexts` for one text; over several values, each of them that has a text. */
function overEachText(compute: (text: string) => Value): Implementation {
  const one = overTexts((text = '') => compute(text));
  return ([value], clock) => {
    if (!Array.isArray(value)) return one([value], clock);
    return elementsOf(value)
      .map((element) => one([element], clock))
      .filter((element) => element !== null);
  };
}

export const textImplementations: Record<TextFunction, Implementation> = {
  'text.lower': overEachText((text) => text.toLowerCase()),
  'text.upper': overEachText((text) => text.toUpperCase()),
  'text.concat': overTexts((...texts) => texts.join('')),
  'text.before-last': overTexts((text = '', mark = '') => {
    const at = text.lastIndexOf(mark);
    return at === -1 ? undefined : text.slice(0, at);
  }),
  'text.after-last': overTexts((text = '', mark = '') => {
    const at = text.lastIndexOf(mark);
    return at === -1 ? text : text.slice(at + mark.length);
  }),
};
