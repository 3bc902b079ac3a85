import type { Match } from '../src/alerts/match.ts';
import type { AlertTemplate } from '../src/ir/rule/alert.ts';
import type { Rule } from '../src/ir/rule/rule.ts';

/** A rule whose matches become alerts in this way; without any, in the plain one. */
export function ruleWith(alert?: Partial<AlertTemplate>, more: Partial<Rule> = {}): Rule {
  const template: AlertTemplate = {
    context: [],
    severities: [],
    group: { by: 'match', fields: [], missing: 'match', period: null },
    createAlert: true,
    ...alert,
  };
  return {
    id: 'r',
    name: 'Rule',
    file: 'r.yml',
    format: 'panther',
    language: 'panther',
    span: { source: 'r.yml', start: 0, end: 1 },
    description: '',
    severity: 'low',
    enabled: true,
    tags: [],
    techniques: [],
    tactics: [],
    references: [],
    falsePositives: [],
    schema: 'panther',
    logic: { kind: 'plan', plan: { kind: 'never' }, columns: undefined },
    tests: [],
    ...(alert !== undefined && { alert: template }),
    ...more,
  };
}

/** A match of the record in some line, at a minute of 10 o'clock; minutes may be more than 59. */
export function matchAt(rule: Rule, minute: number, line: number, more: Partial<Match> = {}): Match {
  const time = new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();
  const record = { event: { n: line }, logType: 'generic', shape: 'flat', source: { file: 'log', line } };
  return { rule, record, time, ...more };
}
