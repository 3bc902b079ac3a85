import type { RegexNode } from './ast.ts';
import { type Bound, searchCost, stepsAt } from './backtracking-cost.ts';
import { linearMatcher, type Matcher, v8Matcher, v8SpansDiffer } from './engines.ts';
import { loadPattern } from './load.ts';
import type { CompiledRegex, RegexMatch, RegexOptions, RegexResult } from './regex.ts';
import { verdictOnly } from './verdict.ts';

/** V8 runs a pattern on texts up to the length where its proven worst case reaches this many steps (some 10 ms). */
const STEP_BUDGET = 4_000_000;
/** Patterns whose proven worst case is linear run on V8 up to here: its stack of alternatives is finite. */
const V8_MAX_LENGTH = 1_000_000;
/** Steps per character that still count as linear for V8. */
const MAX_LINEAR_COEFFICIENT = 1_000;
/** Where V8 could be trusted with shorter texts only, it is not worth a second program. */
const MIN_USEFUL_LENGTH = 64;

const CACHE_LIMIT = 5_000;
const cache = new Map<string, RegexResult>();

/**
 * A rule's regular expression as a matcher whose time is bounded, whatever the pattern and the text.
 *
 * Meaning, the same on every engine: text is code points (a lone surrogate is one). `.` is anything but a line feed,
 * unless `s`. `\d \w \b` and POSIX classes are ASCII. Case-insensitive is Unicode's simple folding, and does not touch
 * `\w` and the like. The leftmost match wins, among those the one a backtracker would find first; a repeat whose body
 * matched nothing stops there, as in RE2. Per flavour, see `RegexOptions`.
 *
 * Engine: V8 where `searchCost` proves its worst case linear, up to 1,000,000 UTF-16 units; where it proves n², n³, …, up to
 * the length at which that is 4,000,000 steps (n²: about 2,800 units); re2js for everything longer or unproven.
 *
 * Not run, with the reason and place: look-around, back-references, recursion, conditions, `\R \K \G \X \C`, branch reset; atomic
 * groups and possessive repeats where dropping them is not provably the same; counts over 1,000; over 20,000 parts with
 * repeats written out. Never throws. Results are cached.
 */
export function compileRegex(source: string, options: RegexOptions): RegexResult {
  const key = `${options.flavour} ${options.ignoreCase} ${options.anchored} ${options.flags}\0${source}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const result = compile(source, options);
  if (cache.size >= CACHE_LIMIT) cache.delete(cache.keys().next().value ?? '');
  cache.set(key, result);
  return result;
}

function compile(source: string, options: RegexOptions): RegexResult {
  const loaded = loadPattern(source, options);
  if (!loaded.ok) return loaded;
  const { node, groupCount } = loaded;
  const verdict = verdictOnly(node);
  const testing = new Runner(verdict, 0, v8Length(searchCost(verdict)));
  const finding = new Runner(node, groupCount, v8SpansDiffer(node) ? 0 : v8Length(searchCost(node)));
  const groups = (text: string, from = 0): RegexMatch | undefined => {
    const start = Math.max(0, insidePair(text, from) ? from + 1 : from);
    return start > text.length ? undefined : finding.run(text, (matcher) => matcher.find(text, start));
  };
  const regex: CompiledRegex = {
    test: (text) => testing.run(text, (matcher) => matcher.test(text)),
    groups,
    engine: testing.engine,
    replaceAll: (text, replacement) => replaceAll(text, replacement, groups, options.flavour !== 're2'),
  };
  return { ok: true, regex };
}

/** The longest text, in UTF-16 units, that V8 may be given; 0 for none. */
export function v8Length(bound: Bound): number {
  if (bound.degree <= 1 && bound.coefficient <= MAX_LINEAR_COEFFICIENT) return V8_MAX_LENGTH;
  let low = 0;
  let high = V8_MAX_LENGTH;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (stepsAt(bound, middle) <= STEP_BUDGET) low = middle;
    else high = middle - 1;
  }
  return low < MIN_USEFUL_LENGTH ? 0 : low;
}

/** Chooses the engine by the text's length; each is built when first needed. */
class Runner {
  readonly engine: 'v8' | 're2js' | 'both';
  private readonly node: RegexNode;
  private readonly groupCount: number;
  private v8Limit: number;
  private v8: Matcher | undefined;
  private linear: Matcher | undefined;

  constructor(node: RegexNode, groupCount: number, v8Limit: number) {
    this.node = node;
    this.groupCount = groupCount;
    this.v8Limit = v8Limit;
    this.engine = v8Limit === V8_MAX_LENGTH ? 'v8' : v8Limit === 0 ? 're2js' : 'both';
  }

  run<R>(text: string, use: (matcher: Matcher) => R): R {
    if (this.v8Limit > 0 && text.length <= this.v8Limit) {
      this.v8 ??= v8Matcher(this.node);
      if (this.v8 !== undefined) {
        try {
          return use(this.v8);
        } catch {
          // V8 refuses a pattern that grows too large for it only when it is first run.
        }
      }
      this.v8Limit = 0;
      this.v8 = undefined;
    }
    this.linear ??= linearMatcher(this.node, this.groupCount);
    return use(this.linear);
  }
}

function insidePair(text: string, at: number): boolean {
  return at > 0 && at < text.length && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

function replaceAll(
  text: string,
  replacement: string,
  find: (text: string, from: number) => RegexMatch | undefined,
  emptyAfterMatch: boolean,
): string {
  const parts: string[] = [];
  let copied = 0;
  let from = 0;
  let lastEnd = -1;
  for (let match = find(text, 0); match !== undefined; match = find(text, from)) {
    const { start, end, groups } = match;
    if (end > start || emptyAfterMatch || start !== lastEnd) {
      parts.push(text.slice(copied, start), expand(replacement, groups));
      copied = end;
      lastEnd = end;
    }
    from = end > start ? end : end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
  }
  parts.push(text.slice(copied));
  return parts.join('');
}

function expand(replacement: string, groups: readonly (string | undefined)[]): string {
  return replacement.replace(/\\([0-9\\])/g, (_, sign: string) =>
    sign === '\\' ? '\\' : (groups[Number(sign)] ?? ''),
  );
}
