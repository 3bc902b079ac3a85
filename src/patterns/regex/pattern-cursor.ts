import { closeOverCase } from './case-fold.ts';
import { type CodePoints, codePoints } from './code-points.ts';

export type Flavour = 'pcre' | 're2';

export interface RegexProblem {
  readonly ok: false;
  readonly reason: string;
  /** Offset in the source, UTF-16 units. */
  readonly at: number;
}

export interface PatternFlags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
}

export interface Flags extends PatternFlags {
  readonly extended: boolean;
  readonly swapGreed: boolean;
}

/** A place in a pattern, with the flags that hold there and the first problem, which ends the reading. */
export class PatternCursor {
  readonly source: string;
  readonly flavour: Flavour;
  flags: Flags;
  pos = 0;
  problem: RegexProblem | undefined;

  constructor(source: string, flavour: Flavour, flags: Flags) {
    this.source = source;
    this.flavour = flavour;
    this.flags = flags;
  }

  get atEnd(): boolean {
    return this.pos >= this.source.length;
  }

  /** Notes the first problem and goes to the end, so that every loop ends. */
  fail(reason: string, at: number): void {
    this.problem ??= { ok: false, reason, at };
    this.pos = this.source.length;
  }

  /** The UTF-16 unit here, or one `ahead`; empty at the end. */
  peek(ahead = 0): string {
    return this.source[this.pos + ahead] ?? '';
  }

  accept(text: string): boolean {
    if (!this.source.startsWith(text, this.pos)) return false;
    this.pos += text.length;
    return true;
  }

  /** Takes what the sticky expression finds here. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.pos;
    const found = pattern.exec(this.source);
    if (found === null) return undefined;
    this.pos += found[0].length;
    return found;
  }

  nextPoint(): number {
    const point = this.source.codePointAt(this.pos) ?? 0;
    this.pos += point > 0xffff ? 2 : 1;
    return point;
  }

  /** What follows `\Q`: the code points up to `\E`, which is passed, or to the end. */
  quotedPoints(): number[] {
    const close = this.source.indexOf('\\E', this.pos);
    const end = close < 0 ? this.source.length : close;
    const points: number[] = [];
    while (this.pos < end) points.push(this.nextPoint());
    if (close >= 0) this.pos = close + 2;
    return points;
  }

  /** A set, and what is the same but for case where that does not count here. */
  folded(set: CodePoints): CodePoints {
    return this.flags.ignoreCase ? closeOverCase(set) : set;
  }

  foldedRanges(ranges: readonly (readonly [number, number])[]): CodePoints {
    return this.folded(codePoints(ranges));
  }
}
