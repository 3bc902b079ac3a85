import type { Match } from '../alerts/match.ts';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { JsonObject } from '../base/json.ts';
import type { PythonEngine, PythonOutputs } from '../engines/python/index.ts';
import { TierIndex, tierOf } from '../engines/python/tiers.ts';
import type { Rule, RuleSeverity } from '../ir/rule.ts';
import type { LogType } from '../logs/log-type.ts';
import type { LogRecord } from '../logs/record.ts';
import type { DateTime } from '../values/value.ts';
import { tellWithoutPython } from './python-outputs.ts';

export interface PythonRulesOptions {
  readonly now?: DateTime | undefined;
  /** Every rule runs as Python on every record it is for, so that no error of a rule stays unseen. */
  readonly strictErrors?: boolean;
}

/** A record, the rules that may match it (undefined: all of its log type), and what they are found to make of it. */
interface Asked {
  readonly record: LogRecord;
  readonly logType: string;
  readonly rules: ReadonlySet<Rule> | undefined;
  readonly told: Map<Rule, PythonOutputs | 'no match'>;
}

/**
 * Runs all rules that are Python. What is known of a rule without Python is asked first: the sandbox starts when the first
 * record comes that one of them matches, or may match. The title and the rest are worked out here where that is exact, else
 * Python says them, and its verdict counts.
 */
export class PythonRules {
  private readonly rules: readonly Rule[];
  private readonly wanted: ReadonlyMap<string, readonly Rule[]>;
  private readonly options: PythonRulesOptions;
  private readonly indexes = new Map<string, TierIndex>();
  /** Rules whose modules Python has loaded, and those that it cannot load. */
  private readonly loadable = new Set<Rule>();
  private readonly broken = new Set<Rule>();
  /** What `concerns` has found for records that `process` has not seen yet. */
  private readonly chosen = new Map<JsonObject, ReadonlySet<Rule>>();
  private engine: PythonEngine | undefined;

  constructor(rules: readonly Rule[], options: PythonRulesOptions) {
    this.rules = rules.filter((rule) => rule.logic.kind === 'python');
    const wanted = new Map<string, Rule[]>();
    for (const rule of this.rules) {
      for (const logType of new Set(rule.logic.kind === 'python' ? rule.logic.logTypes : [])) {
        const group = wanted.get(logType);
        if (group === undefined) wanted.set(logType, [rule]);
        else group.push(rule);
      }
    }
    this.wanted = wanted;
    this.options = options;
  }

  /** Whether there are rules for such records at all: what they are depends on the log type and `p_log_type` alone. */
  mayConcern(type: LogType, event: JsonObject): boolean {
    if (this.wanted.size === 0) return false;
    const name = pantherLogType(type, event);
    return name !== undefined && this.wanted.has(name);
  }

  /** How many rules there are for the records of a log type. */
  rulesFor(type: LogType): number {
    const name = pantherLogType(type, type.undeclared?.namedBy === 'record' ? { p_log_type: type.name } : {});
    return name === undefined ? 0 : (this.wanted.get(name)?.length ?? 0);
  }

  /** Whether any rule needs Python for a record. */
  concerns(type: LogType, event: JsonObject): boolean {
    if (this.wanted.size === 0) return false;
    const name = pantherLogType(type, event);
    const rules = name === undefined ? undefined : this.wanted.get(name);
    if (name === undefined || rules === undefined) return false;
    if (this.options.strictErrors === true) return true;
    let index = this.indexes.get(name);
    if (index === undefined) {
      index = new TierIndex(rules, name);
      this.indexes.set(name, index);
    }
    const found = index.rulesFor(event);
    if (found.length > 0) this.chosen.set(event, new Set(found));
    return found.length > 0;
  }

  /** The matches on records that `concerns` let through, in the order of the records, without their times. */
  async process(
    records: readonly { readonly record: LogRecord; readonly type: LogType }[],
  ): Promise<{ readonly found: readonly Match[]; readonly diagnostics: readonly Diagnostic[] }> {
    const asked = records.map(({ record, type }): Asked => {
      const logType = pantherLogType(type, record.event) ?? type.name;
      return { record, logType, rules: this.chosen.get(record.event), told: new Map() };
    });
    this.chosen.clear();
    await this.tell(asked);
    const diagnostics = await this.askPython(asked);
    const found: Match[] = [];
    for (const { record, rules, told } of asked) {
      for (const rule of rules ?? told.keys()) {
        const outputs = told.get(rule);
        if (outputs !== undefined && outputs !== 'no match') found.push(matchOf(rule, record, outputs));
      }
    }
    return { found, diagnostics };
  }

  /** What can be said without Python. Whether a rule's module loads at all, only Python says, once. */
  private async tell(asked: readonly Asked[]): Promise<void> {
    const unsure = new Set<Rule>();
    for (const { record, logType, rules, told } of asked) {
      for (const rule of rules ?? []) {
        const outputs = tellWithoutPython(rule, record.event, logType);
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
      const { record, logType, rules, told } = one;
      if (rules === undefined) return [{ one, event: { event: record.event, logType } }];
      const open = told.size === 0 ? rules : new Set([...rules].filter((rule) => !told.has(rule)));
      return open.size === 0 ? [] : [{ one, event: { event: record.event, logType, rules: open } }];
    });
    if (left.length === 0) return [];
    this.engine ??= await startPython(this.options.now);
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
    const silent = left.flatMap(({ one }) => disagreements(one, this.broken));
    return [...results.flatMap((result) => result.diagnostics), ...silent];
  }

  async close(): Promise<void> {
    await this.engine?.close();
  }
}

/** Rules of tier 1 that should have matched a record, and neither matched nor failed when Python was asked. */
function disagreements({ logType, rules, told }: Asked, broken: ReadonlySet<Rule>): Diagnostic[] {
  return [...(rules ?? [])].flatMap((rule) => {
    if (told.has(rule) || broken.has(rule) || tierOf(rule)?.byLogType.get(logType)?.tier !== 1) return [];
    return [diagnostic('python/tier-disagrees', { rule: rule.id }, rule.span)];
  });
}

/** Pyodide is large: it is not even imported unless a Python rule has something to do. */
export async function startPython(now: DateTime | undefined): Promise<PythonEngine> {
  const { createPythonEngine } = await import('../engines/python/index.ts');
  return createPythonEngine(now === undefined ? {} : { now });
}

/** What Panther calls a record's log type: what the record says itself, or what the log type's view says. */
export function pantherLogType(type: LogType, event: JsonObject): string | undefined {
  const own = event['p_log_type'];
  if (typeof own === 'string') return own;
  const said = type.views.find((view) => view.schema === 'panther')?.fields.get('p_log_type')?.expr;
  return said?.kind === 'literal' && typeof said.value === 'string' ? said.value : undefined;
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
  };
}
