import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { type Limited, LimitReached, NotGiven } from '../../engines/memory/index.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { LogRecord, RecordSource } from '../../logs/record.ts';

/** What went wrong with a rule in one way, or with records before any rule had them: the first time, and how often. */
interface Fault {
  readonly rule: Rule | undefined;
  readonly failed: unknown;
  readonly place: string;
  count: number;
}

/** What a record more cannot make better. */
const OVER_THE_RUN: ReadonlySet<Limited> = new Set([
  'seconds',
  'rows',
  'characters kept',
  'characters kept by all rules',
]);

/**
 * Keeps what goes wrong in one rule from the others. A rule that fails on a record goes on with the next, as a record may have been
 * made to fail it; one that took all of its time, or of its rows, is stopped.
 */
export class RuleFaults {
  private readonly faults = new Map<string, Fault>();
  private readonly stopped = new Set<Rule>();
  private beyond = 0;

  isStopped(rule: Rule): boolean {
    return this.stopped.has(rule);
  }

  /** What `work` gives, or `otherwise` where it fails. */
  guard<T>(rule: Rule, otherwise: T, work: () => T, record?: LogRecord): T {
    if (this.stopped.has(rule)) return otherwise;
    try {
      return work();
    } catch (failed) {
      this.note(rule, failed, record);
      return otherwise;
    }
  }

  /** As `guard`, of work that takes its time. */
  async guardAll<T>(rule: Rule, otherwise: T, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (failed) {
      this.note(rule, failed, undefined);
      return otherwise;
    }
  }

  /** What is made of a rule before it sees a record; undefined where that fails: such a rule does not run. */
  once<T>(rule: Rule, work: () => T): T | undefined {
    if (this.stopped.has(rule)) return undefined;
    try {
      return work();
    } catch (failed) {
      this.note(rule, failed, undefined);
      this.stopped.add(rule);
      return undefined;
    }
  }

  /** What is done with a record before any rule has it: what goes wrong there costs this record alone. */
  spare(source: RecordSource, work: () => void): void {
    try {
      work();
    } catch (failed) {
      this.count(undefined, failed, source);
    }
  }

  private note(rule: Rule, failed: unknown, record: LogRecord | undefined): void {
    if (failed instanceof LimitReached && OVER_THE_RUN.has(failed.what)) this.stopped.add(rule);
    // Each of them takes long.
    if (this.count(rule, failed, record?.source) >= MOST_OVERFLOWS && isOverflow(failed)) this.stopped.add(rule);
  }

  /** How often that was. */
  private count(rule: Rule | undefined, failed: unknown, source: RecordSource | undefined): number {
    const key = `${rule?.file ?? ''}\0${rule?.id ?? ''}\0${reasonOf(failed)}`;
    const known = this.faults.get(key);
    if (known !== undefined) {
      known.count += 1;
      return known.count;
    }
    // The reasons may come out of logs.
    if (this.faults.size >= MOST_FAULTS) {
      this.beyond += 1;
      return 1;
    }
    const place = source === undefined ? '' : `${source.file}:${source.line}`;
    this.faults.set(key, { rule, failed, place, count: 1 });
    return 1;
  }

  diagnostics(): Diagnostic[] {
    const told = [...this.faults.values()].map(({ rule, failed, place, count }) => {
      if (rule === undefined) return diagnostic('run/record-fault', { reason: reasonOf(failed), place, count });
      const { name, file } = rule;
      if (failed instanceof LimitReached) {
        const { what, limit } = failed;
        return diagnostic('run/limit', { rule: name, file, what, limit, place, count }, rule.span);
      }
      const reason = reasonOf(failed);
      if (failed instanceof NotGiven) {
        return diagnostic('run/not-given', { rule: name, file, reason }, rule.span);
      }
      if (failed instanceof RangeError && /^Invalid (?:string|array) length$/.test(reason)) {
        return diagnostic('run/too-large', { rule: name, file, place, count }, rule.span);
      }
      if (failed instanceof RangeError && reason.startsWith('Maximum call stack')) {
        return diagnostic('run/too-deep', { rule: name, file, place, count }, rule.span);
      }
      return diagnostic('run/rule-fault', { rule: name, file, reason, place, count }, rule.span);
    });
    const rest = this.beyond === 0 ? [] : [diagnostic('run/more', { code: 'other', rule: '', count: this.beyond })];
    return [...told, ...rest];
  }
}

/** So many ways to fail are kept; the others are counted. */
const MOST_FAULTS = 1_000;
/** A rule that makes values beyond all bounds so often is stopped. */
const MOST_OVERFLOWS = 10;

function reasonOf(failed: unknown): string {
  return failed instanceof Error ? failed.message : String(failed);
}

function isOverflow(failed: unknown): boolean {
  return failed instanceof LimitReached || (failed instanceof RangeError && failed.message.startsWith('Invalid '));
}

/** What went wrong outside of any rule; what was found before it is kept. */
export function runFault(failed: unknown): Diagnostic {
  const reason = reasonOf(failed);
  const at = failed instanceof Error ? (failed.stack?.split('\n')[1]?.trim() ?? '') : '';
  return diagnostic('run/fault', { reason, at });
}
