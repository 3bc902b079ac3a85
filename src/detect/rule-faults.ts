import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { LimitReached } from '../engines/memory/index.ts';
import type { Rule } from '../ir/rule.ts';
import type { LogRecord } from '../logs/record.ts';

/** What went wrong with a rule in one way: the first time, and how often. */
interface Fault {
  readonly rule: Rule;
  readonly failed: unknown;
  readonly place: string;
  count: number;
}

/**
 * Keeps what goes wrong in one rule from the others. A rule that fails on a record goes on with the next, as a record may have been
 * made to fail it; one that took all of its time, or of its rows, is stopped.
 */
export class RuleFaults {
  private readonly faults = new Map<string, Fault>();
  private readonly stopped = new Set<Rule>();

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

  private note(rule: Rule, failed: unknown, record: LogRecord | undefined): void {
    if (failed instanceof LimitReached && (failed.what === 'seconds' || failed.what === 'rows')) this.stopped.add(rule);
    const key = `${rule.file}\0${rule.id}\0${failed instanceof Error ? failed.message : String(failed)}`;
    const known = this.faults.get(key);
    if (known !== undefined) {
      known.count += 1;
      // Each of them takes long.
      if (known.count >= MOST_OVERFLOWS && isOverflow(failed)) this.stopped.add(rule);
      return;
    }
    const source = record?.source;
    this.faults.set(key, {
      rule,
      failed,
      place: source === undefined ? '' : `${source.file}:${source.line}`,
      count: 1,
    });
  }

  diagnostics(): Diagnostic[] {
    return [...this.faults.values()].map(({ rule, failed, place, count }) => {
      const { name, file } = rule;
      if (failed instanceof LimitReached) {
        const { what, limit } = failed;
        return diagnostic('run/limit', { rule: name, file, what, limit, place, count }, rule.span);
      }
      const reason = failed instanceof Error ? failed.message : String(failed);
      if (failed instanceof RangeError && /^Invalid (?:string|array) length$/.test(reason)) {
        return diagnostic('run/too-large', { rule: name, file, place, count }, rule.span);
      }
      if (failed instanceof RangeError && reason.startsWith('Maximum call stack')) {
        return diagnostic('run/too-deep', { rule: name, file, place, count }, rule.span);
      }
      return diagnostic('run/rule-fault', { rule: name, file, reason, place, count }, rule.span);
    });
  }
}

/** A rule that makes values beyond all bounds so often is stopped. */
const MOST_OVERFLOWS = 10;

function isOverflow(failed: unknown): boolean {
  return failed instanceof LimitReached || (failed instanceof RangeError && failed.message.startsWith('Invalid '));
}

/** What went wrong outside of any rule; what was found before it is kept. */
export function runFault(failed: unknown): Diagnostic {
  const reason = failed instanceof Error ? failed.message : String(failed);
  const at = failed instanceof Error ? (failed.stack?.split('\n')[1]?.trim() ?? '') : '';
  return diagnostic('run/fault', { reason, at });
}
