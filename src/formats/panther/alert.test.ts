import { expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { LoadContext } from '../rule-file.ts';
import { pantherFormat } from './panther.ts';

const PYTHON = 'def rule(event):\n    return True\n';

function ruleOf(yaml: string, more: Readonly<Record<string, string>> = {}): Rule {
  const texts: Readonly<Record<string, string>> = { 'r/a.yml': yaml, 'r/a.py': PYTHON, ...more };
  const context: LoadContext = {
    readText: (path) => texts[path],
    listFiles: (folder, extensions) =>
      Object.keys(texts).filter(
        (path) => path.startsWith(`${folder}/`) && extensions.some((extension) => path.endsWith(extension)),
      ),
    schema: (name) => ({ name, typeOf: () => undefined, fieldNames: () => undefined }),
  };
  const [outcome] = pantherFormat.load({ path: 'r/a.yml', source: sourceText('r/a.yml', yaml) }, context) ?? [];
  if (outcome?.status !== 'loaded') throw new Error(JSON.stringify(outcome));
  return outcome.rule;
}

const rule = (keys: string): Rule =>
  ruleOf(`AnalysisType: rule\nRuleID: A\nFilename: a.py\nLogTypes: [T]\nSeverity: Low\n${keys}`);
const scheduled = (query: string): Rule =>
  ruleOf('AnalysisType: scheduled_rule\nRuleID: S\nFilename: a.py\nScheduledQueries: [Q, Other]\nSeverity: Low\n', {
    'r/q.yml': query,
  });

const minutes = (count: number): string => String(count * 600_000_000);

test('dedup period, threshold, and signals', () => {
  const { alert } = rule('DedupPeriodMinutes: 15\nThreshold: 10\nCreateAlert: false\n');
  expect(alert).toEqual({
    context: [],
    severities: [],
    group: { by: 'dedup', fields: [], missing: 'match', period: minutes(15) },
    threshold: { of: 'group', operator: 'ge', count: 10, called: 'threshold' },
    createAlert: false,
  });
  expect(rule('Threshold: 1\n').alert?.threshold).toBeUndefined();
});

test.each([
  ['Schedule: {RateMinutes: 30}\nQuery: "select 1 from t where p_occurs_since(\'45 minutes\')"\n', 30, 45],
  ['Schedule: {RateMinutes: 1440}\nQuery: select 1 from t where p_occurs_since(3600)\n', 1440, 60],
  ['Schedule: {RateMinutes: 60}\nQuery: select 1\n', 60, 60],
  ['Schedule: {CronExpression: "0 */4 * * *"}\nQuery: select 1\n', 240, 240],
  ['Schedule: {CronExpression: "0 0 * * *"}\nQuery: select 1\n', 1440, 1440],
  ['Schedule: {CronExpression: "15 * * * *"}\nQuery: select 1\n', 60, 60],
])('a scheduled rule runs with its query: %j', (keys, every, lookback) => {
  const { schedule } = scheduled(`AnalysisType: scheduled_query\nQueryName: Q\n${keys}`);
  expect(schedule).toEqual({
    every: minutes(every),
    lookback: minutes(lookback),
    delay: '0',
    by: 'ingestion',
    stated: true,
  });
});

test('a schedule that has no even distance is none', () => {
  expect(
    scheduled('AnalysisType: scheduled_query\nQueryName: Q\nSchedule: {CronExpression: "0 9 * * 1-5"}\n').schedule,
  ).toBeUndefined();
  expect(
    scheduled('AnalysisType: scheduled_query\nQueryName: Else\nSchedule: {RateMinutes: 5}\n').schedule,
  ).toBeUndefined();
});

test('what is not done: the queries of scheduled rules, the suppressions of policies', () => {
  expect(scheduled('').notApplied).toEqual([{ what: 'scheduled-queries', names: ['Q', 'Other'] }]);
  const policy = 'AnalysisType: policy\nPolicyID: P\nFilename: a.py\nResourceTypes: [R]\nSeverity: Low\n';
  expect(ruleOf(`${policy}Suppressions: [a*]\n`).notApplied).toEqual([{ what: 'suppressions', names: ['a*'] }]);
  expect(ruleOf(policy).notApplied).toBeUndefined();
});
