import { Session } from 'node:inspector';
import type { Coverage } from '../engine/target.ts';
import { common, type Intervals, sizeOf, unreachedOf } from './intervals.ts';

/** What the profiler says of a function: its own range first, then the blocks in it that ran another number of times. */
export interface FunctionRanges {
  readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
}

interface ScriptCoverage {
  readonly scriptId: string;
  readonly url: string;
  readonly functions: readonly FunctionRanges[];
}

/**
 * The blocks of our own modules that V8 has run, by its precise coverage. Only what is loaded after `start` is known block by block:
 * targets are imported after it.
 */
export class BlockCoverage implements Coverage {
  private readonly session = new Session();
  private readonly isOurs: (url: string) => boolean;
  /** What is left to reach of each function that was ever called. */
  private readonly left = new Map<string, Intervals>();
  private steps = 0;

  constructor(isOurs: (url: string) => boolean) {
    this.isOurs = isOurs;
  }

  start(): void {
    this.session.connect();
    this.ask('Profiler.enable');
    this.ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  stop(): void {
    this.session.disconnect();
  }

  /** Functions that were called, and how often blocks were reached that were not before. */
  get reached(): number {
    return this.left.size + this.steps;
  }

  reachedMore(record: boolean): boolean {
    const scripts = (this.ask('Profiler.takePreciseCoverage') as { readonly result: readonly ScriptCoverage[] }).result;
    let more = false;
    for (const { scriptId, url, functions } of scripts) {
      if (!this.isOurs(url)) continue;
      for (const found of functions) {
        if (this.isNews(scriptId, found, record)) more = true;
      }
    }
    return more;
  }

  private isNews(scriptId: string, found: FunctionRanges, record: boolean): boolean {
    const [whole] = found.ranges;
    if (whole === undefined || whole.count === 0) return false;
    const key = `${scriptId} ${whole.startOffset} ${whole.endOffset}`;
    const known = this.left.get(key);
    if (known !== undefined && known.length === 0) return false;
    const unreached = unreachedOf(found);
    const left = known === undefined ? unreached : common(known, unreached);
    if (known !== undefined && sizeOf(left) === sizeOf(known)) return false;
    if (record) {
      this.left.set(key, left);
      if (known !== undefined) this.steps += 1;
    }
    return true;
  }

  /** The inspector of the thread itself answers at once. */
  private ask(method: string, params: object = {}): unknown {
    let answer: unknown;
    let failed: Error | null = null;
    this.session.post(method, params, (error, result) => {
      failed = error;
      answer = result;
    });
    if (failed !== null) throw failed;
    return answer;
  }
}
