import type { Diagnostic } from '../base/diagnostic.ts';
import type { JsonObject } from '../base/json.ts';
import type { PythonEngine, PythonOutputs } from '../engines/python/index.ts';
import type { Rule, RuleSeverity } from '../ir/rule.ts';
import type { DateTime } from '../ir/value.ts';
import type { LogType } from '../logs/log-type.ts';
import type { LogRecord } from '../logs/record.ts';
import type { Match } from './match.ts';

/** Runs all rules that are Python. The sandbox starts when the first record comes that one of them is for. */
export class PythonRules {
  private readonly rules: readonly Rule[];
  private readonly wanted: ReadonlySet<string>;
  private readonly now: DateTime | undefined;
  private engine: PythonEngine | undefined;

  constructor(rules: readonly Rule[], now: DateTime | undefined) {
    this.rules = rules.filter((rule) => rule.logic.kind === 'python');
    this.wanted = new Set(this.rules.flatMap((rule) => (rule.logic.kind === 'python' ? rule.logic.logTypes : [])));
    this.now = now;
  }

  /** Whether any rule is for such a record. */
  concerns(type: LogType, event: JsonObject): boolean {
    if (this.wanted.size === 0) return false;
    const name = pantherLogType(type, event);
    return name !== undefined && this.wanted.has(name);
  }

  /** The matches on records that `concerns` let through, in the order of the records, without their times. */
  async process(
    records: readonly { readonly record: LogRecord; readonly type: LogType }[],
  ): Promise<{ readonly found: readonly Match[]; readonly diagnostics: readonly Diagnostic[] }> {
    this.engine ??= await startPython(this.now);
    const events = records.map(({ record, type }) => ({
      event: record.event,
      logType: pantherLogType(type, record.event) ?? type.name,
    }));
    const results = await this.engine.evaluate(this.rules, events);
    const found: Match[] = [];
    for (const result of results) {
      const record = result.event === undefined ? undefined : records[result.event]?.record;
      if (result.kind === 'matched' && record !== undefined) found.push(matchOf(result.rule, record, result.outputs));
    }
    return { found, diagnostics: results.flatMap((result) => result.diagnostics) };
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
