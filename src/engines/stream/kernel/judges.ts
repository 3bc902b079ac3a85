import type { JsonObject } from '../../../base/json.ts';
import { LatestTime } from '../../../values/latest-time.ts';
import type { DateTime, Truth, Value } from '../../../values/value.ts';
import { AnyPattern, MANY } from '../../memory/any-match.ts';
import { compileMatchTest } from '../../memory/compile.ts';
import { HAS_BACKSLASH, KIND_MASK, KIND_STRING, TRUTH } from './layout.ts';
import type { Judge, TimeNote } from './scan-class.ts';

/** Verdicts on so many texts of at most this length are kept for each test: addresses and names come again. */
const MOST_KEPT = 256;
const LONGEST_KEPT = 64;

interface Kept {
  readonly judge: Exclude<Judge, TimeNote>;
  /** Made when it is first asked: most are never. */
  test: ((value: Value) => Truth) | undefined;
  readonly verdicts: Map<string, number>;
}

/** Tests of single values that the kernel asks for by number, from 1. */
export class Judges {
  private readonly parse: (text: string) => JsonObject;
  private readonly judges: (Kept | TimeNote)[] = [];
  private readonly latest = new LatestTime();
  private readonly numbers = new WeakMap<Judge, number>();

  /** `parse`: a JSON object as the decoder reads it. */
  constructor(parse: (text: string) => JsonObject) {
    this.parse = parse;
  }

  add(judge: Judge): number {
    const known =
      this.numbers.get(judge) ??
      this.judges.push('notes' in judge ? judge : { judge, test: undefined, verdicts: new Map() });
    this.numbers.set(judge, known);
    return known;
  }

  get count(): number {
    return this.judges.length;
  }

  /** The tests after the first `count`. */
  since(count: number): readonly Judge[] {
    return this.judges.slice(count).map((kept) => ('notes' in kept ? kept : kept.judge));
  }

  /** The latest time that was noted since it was last taken. */
  takeLatest(): DateTime | undefined {
    return this.latest.take();
  }

  /** What a test says of the scalar that is spelled like this in JSON, a string's quotes aside; `flags` are those of its span. */
  ask(test: number, spelling: string, flags: number): number {
    const kept = this.judges[test - 1];
    if (kept === undefined) return TRUTH.undecided;
    if ('notes' in kept) return this.note(spelling, flags);
    kept.test ??= compileJudge(kept.judge);
    const { test: decide, verdicts } = kept;
    if ((flags & KIND_MASK) !== KIND_STRING) return codeOf(decide(this.valueOf(spelling, flags)));
    const isShort = spelling.length <= LONGEST_KEPT;
    const known = isShort ? verdicts.get(spelling) : undefined;
    if (known !== undefined) return known;
    const verdict = codeOf(decide(this.valueOf(spelling, flags)));
    if (!isShort) return verdict;
    if (verdicts.size >= MOST_KEPT) verdicts.clear();
    verdicts.set(spelling, verdict);
    return verdict;
  }

  private note(spelling: string, flags: number): number {
    this.latest.follow(this.valueOf(spelling, flags));
    return TRUTH.no;
  }

  private valueOf(spelling: string, flags: number): Value {
    if ((flags & KIND_MASK) !== KIND_STRING) return this.parse(`{"value":${spelling}}`)['value'];
    return flags & HAS_BACKSLASH ? JSON.parse(`"${spelling}"`) : spelling;
  }
}

function compileJudge(tests: Kept['judge']): (value: Value) => Truth {
  if (tests.length >= MANY && tests.every(({ pattern }) => pattern.kind !== 'range')) {
    const any = new AnyPattern(tests);
    return (value) => any.fits(value);
  }
  const decide = tests.map((test) => compileMatchTest(test));
  const [only] = decide;
  return only !== undefined && decide.length === 1 ? only : (value) => decide.some((test) => test(value) === true);
}

function codeOf(truth: Truth): number {
  return truth === null ? TRUTH.unknown : truth ? TRUTH.yes : TRUTH.no;
}
