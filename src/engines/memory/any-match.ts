import type { Expr, Match } from '../../ir/expr.ts';
import { printExpr } from '../../ir/print/print.ts';
import { textOf } from '../../values/text-of.ts';
import type { Value } from '../../values/value.ts';
import { literalsOf } from '../text-search/literals.ts';
import { type Entry, TextIndex } from '../text-search/text-index.ts';
import { compilePattern, type ValueTest } from './pattern.ts';

/** From so many tests of one value on, they are made into one: lists of indicators are long. */
export const MANY = 32;

/** What is asked of a text. */
export type TextTest = Pick<Match, 'pattern' | 'collation'>;

/** Tests of one value of which any may be true. */
export interface AnyMatch {
  /** Of all of them but for the pattern. */
  readonly like: Match;
  readonly matches: readonly Match[];
}

/** Many matches of one subject among the items of an `or`, and the other items. */
export function manyMatches(items: readonly Expr[]): {
  readonly many: readonly AnyMatch[];
  readonly others: readonly Expr[];
} {
  if (items.length < MANY) return { many: [], others: items };
  const groups = new Map<string, Match[]>();
  const subjects = new Map<Expr, string>();
  const keyOf = (match: Match): string => {
    const subject = subjects.get(match.subject) ?? printExpr(match.subject);
    subjects.set(match.subject, subject);
    return `${match.collation} ${match.quantifier} ${match.onMissing} ${subject}`;
  };
  for (const item of items) {
    if (!isTextMatch(item)) continue;
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  const many = [...groups.values()].filter((group) => group.length >= MANY);
  const grouped = new Set<Expr>(many.flat());
  return {
    many: many.flatMap((matches) => (matches[0] === undefined ? [] : [{ like: matches[0], matches }])),
    others: items.filter((item) => !grouped.has(item)),
  };
}

/** Whether one of several such matches is true if one is of one of the value's elements; ranges see more than texts. */
function isTextMatch(item: Expr): item is Match {
  return item.kind === 'match' && item.quantifier !== 'all' && item.pattern.kind !== 'range';
}

/**
 * Whether one of the patterns fits a value: as each says for itself, but those alone are asked of which a text that they need stands
 * in the value.
 */
export class AnyPattern {
  private readonly matches: readonly TextTest[];
  private readonly tests: (ValueTest | undefined)[];
  /** Those that need no text. */
  private readonly always: readonly number[];
  private readonly index: TextIndex;
  /** How many patterns were asked so far. */
  asked = 0;

  constructor(matches: readonly TextTest[]) {
    this.matches = matches;
    this.tests = matches.map(() => undefined);
    const entries: Entry[] = [];
    const always: number[] = [];
    for (const [id, match] of matches.entries()) {
      const option = leastOf(literalsOf(match));
      if (option === undefined) always.push(id);
      else for (const literal of option) entries.push({ literal, id });
    }
    this.always = always;
    this.index = new TextIndex(entries, undefined);
  }

  fits(value: Value): boolean {
    const text = textOf(value);
    if (text === undefined) return false;
    for (const id of this.always) if (this.ask(id, value)) return true;
    const candidates = new Set<number>();
    this.index.scan(text.toLowerCase(), (id) => candidates.add(id));
    for (const id of candidates) if (this.ask(id, value)) return true;
    return false;
  }

  private ask(id: number, value: Value): boolean {
    const match = this.matches[id];
    if (match === undefined) return false;
    this.asked += 1;
    this.tests[id] ??= compilePattern(match.pattern, match.collation);
    const test = this.tests[id];
    return test?.(value) === true;
  }
}

/** Of several ways to look for a pattern that whose shortest text is longest. */
function leastOf(
  options: ReturnType<typeof literalsOf>,
): ReturnType<typeof literalsOf>[number]['literals'] | undefined {
  const shortest = ({ literals }: (typeof options)[number]): number =>
    Math.min(...literals.map(({ kind, text }) => (kind === 'equals' ? 1_000 : text.length)));
  let best: (typeof options)[number] | undefined;
  for (const option of options) if (best === undefined || shortest(option) > shortest(best)) best = option;
  return best?.literals;
}
