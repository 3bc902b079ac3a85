import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { JsonObject } from '../base/json.ts';
import type { PythonEngine, PythonOutputs } from '../engines/python/index.ts';
import type { Rule, RuleSeverity } from '../ir/rule.ts';
import type { DateTime } from '../ir/value.ts';
import type { LogType } from '../logs/log-type.ts';
import type { LogRecord } from '../logs/record.ts';
import type { Match } from './match.ts';
import { TierIndex, tierOf } from './python-tiers.ts';

export interface PythonRulesOptions {
  readonly now?: DateTime | undefined;
  /** Every rule runs as Python on every record it is for, so that no error of a rule stays unseen. */
  readonly strictErrors?: boolean;
}

/**
 * Runs all rules that are Python. What is known of a rule without Python is asked first: the sandbox starts when the first
 * record comes that one of them matches, or may match. On a match Python says the title and the rest, and its verdict counts.
 */
export class PythonRules {
  private readonly rules: readonly Rule[];
  private readonly wanted: ReadonlyMap<string, readonly Rule[]>;
  private readonly options: PythonRulesOptions;
  private readonly indexes = new Map<string, TierIndex>();
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
    this.engine ??= await startPython(this.options.now);
    const events = records.map(({ record, type }) => {
      const rules = this.chosen.get(record.event);
      const logType = pantherLogType(type, record.event) ?? type.name;
      return { event: record.event, logType, ...(rules !== undefined && { rules }) };
    });
    this.chosen.clear();
    const results = await this.engine.evaluate(this.rules, events);
    const found: Match[] = [];
    for (const result of results) {
      const record = result.event === undefined ? undefined : records[result.event]?.record;
      if (result.kind === 'matched' && record !== undefined) found.push(matchOf(result.rule, record, result.outputs));
    }
    const diagnostics = results.flatMap((result) => result.diagnostics);
    return { found, diagnostics: [...diagnostics, ...this.disagreements(events, found, records)] };
  }

  /** Records that a rule of tier 1 should have matched. */
  private disagreements(
    events: readonly { readonly logType: string; readonly rules?: ReadonlySet<Rule> }[],
    found: readonly Match[],
    records: readonly { readonly record: LogRecord }[],
  ): Diagnostic[] {
    const matched = new Map<LogRecord, Set<Rule>>();
    for (const { rule, record } of found) {
      if (record === undefined) continue;
      const rules = matched.get(record) ?? new Set();
      matched.set(record, rules.add(rule));
    }
    return events.flatMap(({ logType, rules }, at) => {
      const record = records[at]?.record;
      if (rules === undefined || record === undefined) return [];
      return [...rules].flatMap((rule) => {
        if (tierOf(rule)?.byLogType.get(logType)?.tier !== 1 || matched.get(record)?.has(rule) === true) return [];
        return [diagnostic('python/tier-disagrees', { rule: rule.id }, rule.span)];
      });
    });
  }

  async close(): Promise<void> {
    await this.engine?.close();
  }
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
