import { describe, expect, test } from 'vitest';
import { primarySpan } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import { field } from '../../ir/construct.ts';
import { printExpr } from '../../ir/print/print.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { Schema } from '../../ir/view.ts';
import { sentinelFormat } from './sentinel.ts';

const schema: Schema = {
  name: 'kusto',
  typeOf: () => 'string',
  fieldNames: (table) => (table === 'E' ? ['s'] : undefined),
  tableNames: () => new Set(['E']),
};

function ruleOf(text: string): Rule {
  const context = { readText: () => undefined, listFiles: () => [], schema: () => schema };
  const [outcome] = sentinelFormat.load({ path: 'r.yaml', source: sourceText('r.yaml', text) }, context) ?? [];
  if (outcome?.status !== 'loaded') throw new Error(outcome?.diagnostics.map((found) => found.message).join('\n'));
  return outcome.rule;
}

const scheduled = (keys: string): Rule => ruleOf(`id: a\nname: A\nkind: Scheduled\nseverity: Low\nquery: E\n${keys}`);
const defender = (keys: string): Rule =>
  ruleOf(`kind: CustomDetection\nid: a\nqueryCondition: {queryText: E}\n${keys}`);

const HOUR = 36_000_000_000;
const hours = (count: number): string => String(count * HOUR);

describe('Sentinel', () => {
  test.each([
    ['queryFrequency: 1h\nqueryPeriod: P14D\n', { every: hours(1), lookback: hours(336) }],
    ['queryFrequency: PT5H\n', { every: hours(5), lookback: hours(5) }],
    ['queryPeriod: 1d\n', { every: hours(24), lookback: hours(24) }],
  ])('%j', (keys, expected) => {
    expect(scheduled(keys).schedule).toEqual({ ...expected, delay: String(HOUR / 12), by: 'event', stated: true });
  });

  test('near-real-time rules look at what came in the last minute, two minutes late', () => {
    expect(ruleOf('id: a\nname: A\nkind: NRT\nseverity: Low\nquery: E\n').schedule).toEqual({
      every: String(HOUR / 60),
      lookback: String(HOUR / 60),
      delay: String(HOUR / 30),
      by: 'ingestion',
      stated: true,
    });
  });

  test('a hunting query has no schedule, and each of its rows stands alone', () => {
    const rule = ruleOf('id: a\nname: A\nrelevantTechniques: [T1040]\nquery: E\n');
    expect([rule.schedule, rule.alert?.group.by]).toEqual([undefined, 'match']);
  });

  test.each([
    ['triggerOperator: gt\ntriggerThreshold: 5\n', { of: 'run', operator: 'gt', count: 5, called: 'trigger' }],
    ['triggerOperator: LessThan\ntriggerThreshold: 1\n', { of: 'run', operator: 'lt', count: 1, called: 'trigger' }],
    ['triggerOperator: eq\n', { of: 'run', operator: 'eq', count: 0, called: 'trigger' }],
    ['triggerOperator: gt\ntriggerThreshold: 0\n', undefined],
  ])('trigger %j', (keys, expected) => {
    expect(scheduled(keys).alert?.threshold).toEqual(expected);
  });

  test.each([
    ['queryPeriod: 1h\n', { by: 'all', period: null }],
    ['queryPeriod: 1h\neventGroupingSettings: {aggregationKind: AlertPerResult}\n', { by: 'match', period: null }],
    ['queryPeriod: 1h\nsuppressionEnabled: true\nsuppressionDuration: PT5H\n', { by: 'all', period: hours(5) }],
    ['queryPeriod: 1h\nsuppressionEnabled: false\nsuppressionDuration: PT5H\n', { by: 'all', period: null }],
  ])('grouping %j', (keys, expected) => {
    expect(scheduled(keys).alert?.group).toEqual({ fields: [], missing: 'match', ...expected });
  });

  test('what would stop a rule that alerts on each row is not applied, and said', () => {
    const rule = scheduled(
      'queryPeriod: 1h\neventGroupingSettings: {aggregationKind: AlertPerResult}\nsuppressionEnabled: true\nsuppressionDuration: 2h\n',
    );
    expect(rule.notApplied).toEqual([{ what: 'alert-suppression', names: ['2h'] }]);
  });

  test('what the alert says', () => {
    const { alert } = scheduled(
      'alertDetailsOverride:\n  alertDisplayNameFormat: Logons from {{s}} !\n  alertSeverityColumnName: s\ncustomDetails: {Who: s}\n',
    );
    expect(alert?.title && printExpr(alert.title)).toBe('(text.concat "Logons from " (convert.string s) " !")');
    expect(alert?.severities.map(({ severity }) => severity)).toEqual(['high', 'medium', 'low', 'informational']);
    expect(alert?.context).toEqual([{ name: 'Who', expr: field('s') }]);
  });
});

describe('a query that asks for more than its period', () => {
  const lint = (query: string, period = 'queryPeriod: 1d'): readonly (readonly unknown[])[] => {
    const text = `id: a\nname: A\nkind: Scheduled\nseverity: Low\n${period}\nquery: |\n  E\n  | where ${query}\n`;
    const context = { readText: () => undefined, listFiles: () => [], schema: () => timed };
    const [outcome] = sentinelFormat.load({ path: 'r.yaml', source: sourceText('r.yaml', text) }, context) ?? [];
    if (outcome?.status !== 'loaded') throw new Error(outcome?.diagnostics.map((found) => found.message).join('\n'));
    return outcome.lint().map((found) => {
      const span = primarySpan(found);
      return [found.code, text.slice(span?.start, span?.end).trim(), found.params];
    });
  };
  const timed: Schema = { ...schema, typeOf: () => 'datetime', fieldNames: () => ['d'] };

  test('is told where it does', () => {
    expect(lint('d > ago(14d) and d < now() - 1h')).toEqual([
      ['sentinel/period-too-short', 'ago(14d)', { asks: '14d', period: '1d' }],
    ]);
  });

  test('is fine within it, and where there is none', () => {
    expect(lint('d > ago(1d)')).toEqual([]);
    expect(lint('d > ago(14d)', 'tags: []')).toEqual([]);
  });
});

describe('Defender', () => {
  test.each([
    ['schedule: {frequency: PT1H}\n', { every: hours(1), lookback: hours(4) }],
    ['schedule: {frequency: PT12H}\n', { every: hours(12), lookback: hours(48) }],
    ['schedule: {period: 24H}\n', { every: hours(24), lookback: hours(720) }],
    ['schedule: {frequency: PT1H, lookback: PT6H}\n', { every: hours(1), lookback: hours(6) }],
    ['schedule: {frequency: PT30M}\n', { every: hours(0.5), lookback: hours(0.5) }],
  ])('%j', (keys, expected) => {
    expect(defender(keys).schedule).toEqual({ ...expected, delay: '0', by: 'event', stated: true });
  });

  test('a frequency of 0 is continuous: no schedule', () => {
    expect(defender('schedule: {period: 0}\n').schedule).toBeUndefined();
    expect(defender('schedule: {period: "0"}\n').schedule).toBeUndefined();
  });

  test('each row is an alert', () => {
    const rule = defender('detectionAction: {alertTemplate: {title: "Odd {{s}}", severity: low}}\n');
    expect(rule.alert?.group.by).toBe('match');
    expect(rule.alert?.title && printExpr(rule.alert.title)).toBe('(text.concat "Odd " (convert.string s))');
  });
});
