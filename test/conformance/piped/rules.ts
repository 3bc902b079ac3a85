import { fieldsRead } from '../../../src/catalog/rule-profile.ts';
import type { Source } from '../../../src/ir/plan/plan.ts';
import { plansOf, type Rule } from '../../../src/ir/rule/rule.ts';
import { sourceWords } from '../../../src/ir/scope-words.ts';
import { sourceNodes } from '../../../src/ir/traverse.ts';
import type { PipedEvent } from './documents.ts';

/** What came back of an event's data, and under which labels of Sigma it stands. */
interface Compared {
  readonly event: PipedEvent;
  readonly labels: readonly string[];
  readonly back: readonly string[];
  readonly gone: readonly string[];
}

/** Single hashes are parts of `Hashes`. */
const PARTS: Readonly<Record<string, string>> = {
  md5: 'Hashes',
  sha1: 'Hashes',
  sha256: 'Hashes',
  Imphash: 'Hashes',
  imphash: 'Hashes',
};

export function isAboutWindows(rule: Rule): boolean {
  return wordsOf(rule).some((words) => words.includes('product=windows'));
}

/** Rules of whose fields one is taken out by the pipeline of their events, and comes back in no document, with that field. */
export function unreached(
  rules: readonly Rule[],
  compared: readonly Compared[],
  taken: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const isBack = (datum: string, channel: string): boolean =>
    compared.some(({ event, back }) => event.channel === channel && back.includes(datum));
  return rules.flatMap((rule) => {
    const labels = wordsOf(rule).flatMap((words) =>
      [...words.matchAll(/(?:category|service)=([^,]+)/g)].map(([, one = '']) => one),
    );
    const among = compared.filter((one) => labels.some((label) => one.labels.includes(label)));
    const lost = [...fieldsRead(rule)].filter((field) => {
      const datum = PARTS[field] ?? field;
      if (among.some(({ back }) => back.includes(datum))) return false;
      const isGone = among.some(({ gone }) => gone.includes(datum));
      // No document of the category has it: what its pipeline takes out comes back where another document of it shows so.
      const channels = new Set(among.map(({ event }) => event.channel));
      return (
        isGone || [...channels].some((channel) => taken.get(channel)?.has(datum) === true && !isBack(datum, channel))
      );
    });
    return lost.length === 0 ? [] : [`${rule.file.split('/').at(-1)}: ${lost.join(', ')}`];
  });
}

function wordsOf(rule: Rule): readonly string[] {
  return plansOf(rule.logic)
    .flatMap(sourceNodes)
    .flatMap(({ scope }: Source) => (scope === null ? [] : sourceWords(scope)));
}
