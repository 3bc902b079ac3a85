import { expect, test } from 'vitest';
import { primarySpan } from '../../base/diagnostic.ts';
import type { JsonObject } from '../../base/json.ts';
import { sourceText } from '../../base/source-text.ts';
import { field } from '../../ir/construct.ts';
import { printExpr } from '../../ir/print/print.ts';
import { ecsSchema } from '../../schemas/ecs.ts';
import type { LoadContext, LoadOutcome } from '../rule-file.ts';
import { elasticFormat } from './elastic.ts';

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => ecsSchema };
const rule = {
  rule_id: 'r',
  name: 'n',
  description: 'd',
  severity: 'low',
  risk_score: 21,
  type: 'query',
  query: 'a: b',
};

function load(keys: JsonObject): { readonly outcome: LoadOutcome; readonly text: string } {
  const text = JSON.stringify({ ...rule, ...keys });
  const [outcome] = elasticFormat.load({ path: 'x.json', source: sourceText('x.json', text) }, context) ?? [];
  if (outcome === undefined) throw new Error('no rule');
  return { outcome, text };
}

function ruleOf(keys: JsonObject): (LoadOutcome & { status: 'loaded' })['rule'] {
  const { outcome } = load(keys);
  if (outcome.status !== 'loaded') throw new Error(outcome.diagnostics.map((found) => found.message).join('\n'));
  return outcome.rule;
}

const minutes = (count: number): string => String(count * 600_000_000);

test.each<[JsonObject, object]>([
  [{}, { every: minutes(5), lookback: minutes(6), delay: '0', by: 'event', stated: false }],
  [
    { interval: '1h', from: 'now-1h-5m', timestamp_override: 'event.ingested' },
    { every: minutes(60), lookback: minutes(65), delay: '0', by: 'ingestion', stated: true },
  ],
  [
    { from: 'now-7d', to: 'now-10m' },
    { every: minutes(5), lookback: minutes(7 * 24 * 60 - 10), delay: minutes(10), by: 'event', stated: true },
  ],
  [
    { timestamp_override: 'event.created' },
    { every: minutes(5), lookback: minutes(6), delay: '0', by: 'event', stated: false },
  ],
])('schedule %j', (keys, expected) => {
  expect(ruleOf(keys).schedule).toMatchObject(expected);
});

test.each([
  [{ from: 'yesterday' }, '"yesterday"'],
  [{ from: 'now+5m' }, '"now+5m"'],
  [{ interval: 'often' }, '"often"'],
])('a schedule that cannot be read is said, and the rule runs: %j', (keys, at) => {
  const { outcome, text } = load(keys);
  expect(outcome.status).toBe('loaded');
  const [found] = outcome.diagnostics;
  const span = found && primarySpan(found);
  expect([found?.code, text.slice(span?.start, span?.end)]).toEqual(['elastic/bad-schedule', at]);
});

test('without a word, each match is an alert, and a run makes 100 at the most', () => {
  expect(ruleOf({}).alert).toEqual({
    context: [],
    severities: [],
    risk: { score: 21 },
    group: { by: 'match', fields: [], missing: 'match', period: null },
    mostPerRun: { alerts: 100, stated: false },
    createAlert: true,
    ruleType: 'query',
  });
});

test('overrides: a name, the highest of several severities, the first risk score', () => {
  const { alert } = ruleOf({
    max_signals: 5,
    rule_name_override: 'event.action',
    severity_mapping: [
      { field: 'x', operator: 'equals', severity: 'low', value: '' },
      { field: 'event.severity', operator: 'equals', severity: 'medium', value: '47' },
      { field: 'event.severity', operator: 'equals', severity: 'critical', value: '99' },
      { field: '', operator: 'equals', severity: 'high', value: '' },
    ],
    risk_score_mapping: [
      { field: 'event.risk_score', operator: 'equals', value: '' },
      { field: 'y', operator: 'equals', value: '' },
    ],
  });
  expect(alert?.mostPerRun).toEqual({ alerts: 5, stated: true });
  expect(alert?.title && printExpr(alert.title)).toBe('event.action');
  expect(alert?.severities.map(({ when, severity }) => [printExpr(when), severity])).toEqual([
    ['(match event.severity exact equals "99")', 'critical'],
    ['(match event.severity exact equals "47")', 'medium'],
    ['(match x exact equals "")', 'low'],
  ]);
  expect(alert?.risk).toEqual({ score: 21, from: field('event.risk_score') });
});

test.each<[JsonObject, object]>([
  [{ group_by: ['host.name'] }, { by: 'fields', missing: 'group', period: null }],
  [
    { group_by: ['host.name'], duration: { value: 6, unit: 'h' }, missing_fields_strategy: 'doNotSuppress' },
    { by: 'fields', missing: 'match', period: minutes(360) },
  ],
])('suppression %j', (alert_suppression, expected) => {
  expect(ruleOf({ alert_suppression }).alert?.group).toEqual({
    ...expected,
    fields: [{ name: 'host.name', expr: field('host.name') }],
  });
});

test.each<[JsonObject, string]>([
  [{ max_signals: 0 }, '0'],
  [{ max_signals: 'many' }, '"many"'],
  [{ alert_suppression: 'all' }, '"all"'],
  [{ alert_suppression: { group_by: ['a'], duration: { value: 6, unit: 'moons' } } }, '{"value":6,"unit":"moons"}'],
  [{ severity_mapping: [5] }, '5'],
])('%j is invalid', (keys, at) => {
  const { outcome, text } = load(keys);
  expect(outcome.status).toBe('invalid');
  const places = outcome.diagnostics.map((found) => {
    const span = primarySpan(found);
    return text.slice(span?.start, span?.end);
  });
  expect(places).toContain(at);
});
