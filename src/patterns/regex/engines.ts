import { RE2JS } from 're2js';
import { isNullable, partsOf, type RegexNode } from './ast.ts';
import { PikeProgram } from './pike.ts';
import { printForRe2, printForV8 } from './print.ts';
import type { RegexMatch } from './regex.ts';

/** One way of running a pattern. */
export interface Matcher {
  readonly test: (text: string) => boolean;
  readonly find: (text: string, from: number) => RegexMatch | undefined;
}

/** V8 in Unicode mode: code points, as in re2js. Its time is not bounded; V8 may refuse a huge pattern on first use. */
export function v8Matcher(node: RegexNode): Matcher | undefined {
  let tester: RegExp;
  let finder: RegExp;
  try {
    const source = printForV8(node);
    tester = new RegExp(source, 'u');
    finder = new RegExp(source, 'gu');
  } catch {
    return undefined;
  }
  return {
    test: (text) => tester.test(text),
    find: (text, from) => {
      finder.lastIndex = from;
      const found = finder.exec(text);
      if (found === null) return undefined;
      return { start: found.index, end: found.index + found[0].length, groups: [...found] };
    },
  };
}

/**
 * What V8 would report differently from the others for a group: a round of a repeat forgets the groups of the round
 * before, and an optional round that matches nothing is undone.
 */
export function v8SpansDiffer(node: RegexNode): boolean {
  if (node.kind === 'repeat' && node.max !== 0) {
    if (isNullable(node.body)) return true;
    const always = groupsIn(node.body, true);
    if (node.max !== 1 && [...groupsIn(node.body, false)].some((index) => !always.has(index))) return true;
  }
  return partsOf(node).some(v8SpansDiffer);
}

/** Indexes of the groups in a node; `always`: only those that every way through the node sets. */
function groupsIn(node: RegexNode, always: boolean): ReadonlySet<number> {
  const out = new Set<number>();
  if (always && (node.kind === 'alternation' || (node.kind === 'repeat' && node.min === 0))) return out;
  if (node.kind === 'group') out.add(node.index);
  for (const part of partsOf(node)) for (const index of groupsIn(part, always)) out.add(index);
  return out;
}

/**
 * Linear time whatever the pattern: re2js, and the Pike machine where RE2's notation lacks something: PCRE's `$` and
 * multi-line `^` on texts that end with a line feed, repeats that RE2 refuses, and the groups of repeats that can match
 * nothing.
 */
export function linearMatcher(node: RegexNode, groupCount: number): Matcher {
  const re2 = re2Matcher(node);
  let pike: Matcher | undefined;
  const slow = (): Matcher => {
    pike ??= pikeMatcher(node, groupCount);
    return pike;
  };
  if (re2 === undefined) return slow();
  const seesEnd = seesFinalLineFeed(node);
  const emptyRounds = hasEmptyRounds(node);
  if (!seesEnd && !emptyRounds) return re2;
  const pick = (text: string): Matcher => (seesEnd && text.endsWith('\n') ? slow() : re2);
  return {
    test: (text) => pick(text).test(text),
    find: (text, from) => (emptyRounds ? slow() : pick(text)).find(text, from),
  };
}

/** A repeat of something that can match nothing: re2js simplifies some of these and loses their groups. */
function hasEmptyRounds(node: RegexNode): boolean {
  return (node.kind === 'repeat' && isNullable(node.body)) || partsOf(node).some(hasEmptyRounds);
}

function re2Matcher(node: RegexNode): Matcher | undefined {
  let program: RE2JS;
  try {
    program = RE2JS.compile(printForRe2(node));
  } catch {
    return undefined;
  }
  return {
    test: (text) => program.test(text),
    find: (text, from) => {
      const matcher = program.matcher(text);
      if (!matcher.find(from)) return undefined;
      const groups: (string | undefined)[] = [];
      for (let i = 0; i <= matcher.groupCount(); i += 1) groups.push(matcher.group(i) ?? undefined);
      return { start: matcher.start(), end: matcher.end(), groups };
    },
  };
}

export function pikeMatcher(node: RegexNode, groupCount: number): Matcher {
  const program = new PikeProgram(node, groupCount);
  return {
    test: (text) => program.find(text, 0) !== undefined,
    find: (text, from) => {
      const slots = program.find(text, from);
      if (slots === undefined) return undefined;
      const groups: (string | undefined)[] = [];
      for (let i = 0; i < slots.length; i += 2) {
        const [start = -1, end = -1] = slots.slice(i, i + 2);
        groups.push(end < 0 ? undefined : text.slice(start, end));
      }
      return { start: slots[0] ?? 0, end: slots[1] ?? 0, groups };
    },
  };
}

function seesFinalLineFeed(node: RegexNode): boolean {
  if (node.kind === 'assertion') return node.what === 'final-end' || node.what === 'inner-line-start';
  return partsOf(node).some(seesFinalLineFeed);
}
