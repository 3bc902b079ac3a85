import { expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { sourceText } from '../../base/source-text.ts';
import { createSession } from '../../detect/alerts/alert-session.ts';
import { createScheduledSession } from '../../detect/schedule/scheduled-session.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { ecsSchema } from '../../schemas/ecs.ts';
import type { LoadOutcome } from '../rule-file.ts';
import { elasticFormat } from './elastic.ts';

const context = { readText: () => undefined, listFiles: () => [], schema: () => ecsSchema };

function load(text: string, path: string): LoadOutcome | undefined {
  return elasticFormat.load({ path, source: sourceText(path, text) }, context)?.[0];
}

function ruleOf(keys: JsonObject): Rule {
  const text = JSON.stringify({
    rule_id: 'r',
    name: 'n',
    description: 'd',
    severity: 'low',
    risk_score: 21,
    type: 'new_terms',
    query: 'event.action: *',
    new_terms_fields: ['user.name'],
    history_window_start: 'now-7d',
    ...keys,
  });
  const outcome = load(text, 'x.json');
  if (outcome?.status !== 'loaded') throw new Error(outcome?.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.rule;
}

function login(day: number, names: string | readonly string[], more: JsonObject = {}): JsonObject {
  return {
    '@timestamp': `2024-03-${String(day).padStart(2, '0')}T00:00:00Z`,
    ecs: { version: '8.0' },
    event: { action: 'login' },
    user: { name: names },
    ...more,
  };
}

async function found(rule: Rule, events: readonly JsonObject[], scheduled = false): Promise<readonly string[]> {
  const session = scheduled ? createScheduledSession([rule]) : createSession([rule]);
  const records = events.map((event, line) => ({ event, source: { file: 'f', line: line + 1 } }));
  const matches = [...(await session.process(records)), ...(await session.advance('end'))];
  await session.close();
  expect(new Set(matches.map(({ alert }) => alert?.id)).size).toBe(matches.length);
  return matches.map(({ record, fields }) => `${record?.source.line} ${Object.values(fields ?? {}).join('+')}`);
}

test('a term is new that was not there in the time of the history', async () => {
  const events = [login(1, 'ann'), login(2, 'ann'), login(3, 'bob'), login(11, 'bob'), login(12, 'bob')];
  expect(await found(ruleOf({}), events)).toEqual(['1 ann', '3 bob', '4 bob']);
  expect(await found(ruleOf({ from: 'now-25h', interval: '1d' }), events, true)).toEqual(['1 ann', '3 bob', '4 bob']);
});

test('each value of an array is a term, and several fields make all combinations', async () => {
  const rule = ruleOf({ new_terms_fields: ['user.name', 'host.ip'] });
  const events = [
    login(1, ['ann', 'bob'], { host: { ip: ['10.0.0.1', '10.0.0.2'] } }),
    login(2, 'bob', { host: { ip: ['10.0.0.2', '10.0.0.3'] } }),
    login(3, 'bob'),
  ];
  expect(await found(rule, events)).toEqual([
    '1 ann+10.0.0.1',
    '1 ann+10.0.0.2',
    '1 bob+10.0.0.1',
    '1 bob+10.0.0.2',
    '2 bob+10.0.0.3',
  ]);
});

test('the files of detection-rules write the same in tables of their own', () => {
  const outcome = load(
    `[rule]
rule_id = "r"
name = "n"
description = "d"
severity = "low"
risk_score = 21
type = "new_terms"
language = "kuery"
query = "event.action: login"
[rule.new_terms]
field = "new_terms_fields"
value = ["user.name", "host.id"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-14d"
`,
    'x.toml',
  );
  if (outcome?.status !== 'loaded') throw new Error('not loaded');
  expect(outcome.rule.logic.plan).toMatchObject({
    kind: 'first-seen',
    by: [{ name: 'user.name' }, { name: 'host.id' }],
    history: String(14 * 86_400 * 10_000_000),
  });
  expect(outcome.rule.schedule?.history).toBe('now-14d');
});

test.each<[JsonObject, string]>([
  [{ new_terms_fields: [] }, '`new_terms_fields` is missing'],
  [{ new_terms_fields: ['a', 'b', 'c', 'd'] }, '`new_terms_fields` must be 1 to 3 fields, found 4'],
  [{ history_window_start: null }, '`history_window_start` is missing'],
])('%j is refused', (keys, message) => {
  expect(() => ruleOf(keys)).toThrow(message);
});
