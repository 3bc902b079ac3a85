import type { Match } from '../../alerts/match.ts';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { JsonObject } from '../../base/json.ts';
import type { PythonEngine, PythonOutputs } from '../../engines/python/index.ts';
import { tierOf } from '../../engines/python/tiers.ts';
import { pythonOf, type Rule, type RuleSeverity } from '../../ir/rule/rule.ts';
import type { LogRecord } from '../../logs/record.ts';
import type { DateTime } from '../../values/value.ts';
import { WithoutPython } from './python-outputs.ts';

export interface PythonRulesOptions {
  readonly now?: DateTime | undefined;
  /** Every rule runs as Python on every record it is for, so that no error of a rule stays unseen. */
  readonly strictErrors?: boolean;
}

/** A record, the rules that may match it, and what they are found to make of it. */
interface Asked {
  readonly record: LogRecord;
  readonly event: JsonObject;
  readonly logType: string;
  readonly rules: Set<Rule>;
  readonly told: Map<Rule, PythonOutputs | 'no match'>;
}

/** A record that passed what is known of a rule without Python. */
export interface Candidate {
  readonly rule: Rule;
  readonly record: LogRecord;
  /** The record as Panther's rules are given it. */
  readonly event: JsonObject;
  /** What Panther calls the record's log type. */
  readonly logType: string;
}

/**
 * Asks Python about candidates. The sandbox starts when the first one comes. The title and the rest are worked out here where
 * that is exact, else Python says them, and its verdict counts.
 */
export class PythonRules {
  private readonly rules: readonly Rule[];
  private readonly options: PythonRulesOptions;
  /** Rules whose modules Python has loaded, and those that it cannot load. */
  private readonly loadable = new Set<Rule>();
  private readonly broken = new Set<Rule>();
  private readonly withoutPython = new WithoutPython();
  private readonly asked = new Set<Rule>();
  private engine: PythonEngine | undefined;

  constructor(rules: readonly Rule[], options: PythonRulesOptions) {
    this.rules = rules.filter((rule) => pythonOf(rule) !== undefined);
    this.options = options;
  }

  /** Whether these are the rules that it knows, the same objects: what it has loaded of them is what they say. */
  isFor(rules: readonly Rule[]): boolean {
    const wanted = new Set(rules.filter((rule) => pythonOf(rule) !== undefined));
    return wanted.size === this.rules.length && this.rules.every((rule) => wanted.has(rule));
  }

  /** The rules that ran as Python, whose modules may keep something. */
  get ran(): readonly Rule[] {
    return [...this.asked];
  }

  /** The matches among candidates, in the order of their records, without their times. */
  async process(
    candidates: readonly Candidate[],
  ): Promise<{ readonly found: readonly Match[]; readonly diagnostics: readonly Diagnostic[] }> {
    const byRecord = new Map<LogRecord, Asked[]>();
    for (const { rule, record, event, logType } of candidates) {
      const ofRecord = byRecord.get(record) ?? [];
      byRecord.set(record, ofRecord);
      // A record may be of several of Panther's log types.
      const known = ofRecord.find((one) => one.logType === logType);
      if (known !== undefined) known.rules.add(rule);
      else ofRecord.push({ record, event, logType, rules: new Set([rule]), told: new Map() });
    }
    const asked = [...byRecord.values()].flat();
    if (this.options.strictErrors !== true) await this.tell(asked);
    const diagnostics = await this.askPython(asked);
    const found: Match[] = [];
    for (const { record, rules, told } of asked) {
      for (const rule of rules) {
        const outputs = told.get(rule);
        if (outputs !== undefined && outputs !== 'no match') found.push(matchOf(rule, record, outputs));
      }
    }
    return { found, diagnostics };
  }

  /** What can be said without Python. Whether a rule's module loads at all, only Python says, once. */
  private async tell(asked: readonly Asked[]): Promise<void> {
    const unsure = new Set<Rule>();
    for (const { event, logType, rules, told } of asked) {
      for (const rule of rules) {
        const outputs = this.withoutPython.tell(rule, event, logType);
        if (outputs === undefined) continue;
        told.set(rule, outputs);
        if (!this.loadable.has(rule)) unsure.add(rule);
      }
    }
    if (unsure.size === 0) return;
    this.engine ??= await startPython(this.options.now);
    for (const rule of await this.engine.loadable([...unsure])) {
      this.loadable.add(rule);
      unsure.delete(rule);
    }
    for (const { told } of asked) for (const rule of unsure) told.delete(rule);
  }

  /** What is left, by Python: every rule where all are to run, else those of which nothing was said. */
  private async askPython(asked: readonly Asked[]): Promise<Diagnostic[]> {
    const left = asked.flatMap((one) => {
      const { event, logType, rules, told } = one;
      const open = told.size === 0 ? rules : new Set([...rules].filter((rule) => !told.has(rule)));
      return open.size === 0 ? [] : [{ one, event: { event, logType, rules: open } }];
    });
    if (left.length === 0) return [];
    this.engine ??= await startPython(this.options.now);
    for (const { event } of left) for (const rule of event.rules) this.asked.add(rule);
    const results = await this.engine.evaluate(
      this.rules,
      left.map(({ event }) => event),
    );
    for (const result of results) {
      const one = result.event === undefined ? undefined : left[result.event]?.one;
      if (result.kind === 'matched') one?.told.set(result.rule, result.outputs);
      else if (one === undefined) this.broken.add(result.rule);
      else one.told.set(result.rule, 'no match');
    }
    const silent = this.options.strictErrors === true ? [] : left.flatMap(({ one }) => disagreements(one, this.broken));
    return [...results.flatMap((result) => result.diagnostics), ...silent, ...this.engine.notices()];
  }

  async close(): Promise<void> {
    await this.engine?.close();
  }
}

/** Rules of tier 1 that should have matched a record, and neither matched nor failed when Python was asked. */
function disagreements({ logType, rules, told }: Asked, broken: ReadonlySet<Rule>): Diagnostic[] {
  return [...rules].flatMap((rule) => {
    if (told.has(rule) || broken.has(rule) || tierOf(rule)?.byLogType.get(logType)?.tier !== 1) return [];
    return [diagnostic('python/tier-disagrees', { rule: rule.id }, rule.span)];
  });
}

/** Pyodide is large: it is not even imported unless a Python rule has something to do. */
export async function startPython(now: DateTime | undefined): Promise<PythonEngine> {
  const { createPythonEngine } = await import('../../engines/python/index.ts');
  return createPythonEngine(now === undefined ? {} : { now });
}

const severities: Readonly<Record<string, RuleSeverity>> = {
  INFO: 'informational',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  CRITICAL: 'critical',
};

function matchOf(rule: Rule, record: LogRecord, outputs: PythonOutputs): Match {
  const severity = severities[outputs.severity];
  return {
    rule,
    record,
    time: undefined,
    title: outputs.title,
    ...(severity !== undefined && { severity }),
    dedup: outputs.dedup,
    alertContext: outputs.alertContext,
    ...(outputs.unique !== undefined && { unique: outputs.unique }),
  };
}
