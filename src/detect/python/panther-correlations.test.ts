import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { loadRules, type RuleSet } from '../../rules/load-rules.ts';
import { createRuleSession } from '../rule-session.ts';

const root = mkdtempSync(join(tmpdir(), 'dragoman-panther-correlations-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

async function load(files: Readonly<Record<string, string>>): Promise<RuleSet> {
  folders += 1;
  const folder = mkdtempSync(join(root, `${folders}-`));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return loadRules([folder]);
}

const rule = (id: string, more = ''): string => `AnalysisType: rule
RuleID: ${id}
LogTypes: [T]
Severity: Low
Detection: [{Key: do, Condition: Equals, Value: ${id}}]
${more}`;

const correlation = (id: string, detection: string): string => `AnalysisType: correlation_rule
RuleID: ${id}
Severity: High
Detection:
  - ${detection}
`;

const event = (time: string | number, what: string, more: JsonObject = {}): JsonObject => ({
  p_log_type: 'T',
  p_event_time: time,
  time,
  '@timestamp': time,
  do: what,
  ...more,
});
const minute = (at: number): string => new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString();

async function run(set: RuleSet, events: readonly JsonObject[]): Promise<unknown[]> {
  const session = createRuleSession(set.rules);
  const records = events.map((one, line) => ({ event: one, source: { file: 'f', line } }));
  const found = [...(await session.process(records)), ...(await session.advance('end'))];
  await session.close();
  expect(session.diagnostics).toEqual([]);
  return found.flatMap((match) =>
    match.fields === undefined
      ? []
      : [[match.rule.id, match.record?.source.line, match.fields['values'], match.fields['rules']]],
  );
}

const GROUP = 'Group: [{RuleID: a}, {RuleID: b}]\n    LookbackWindowMinutes: 15';

describe('times', () => {
  test('are read as everywhere: what is years apart does not correlate, however it is written', async () => {
    const set = await load({ 'a.yml': rule('a'), 'b.yml': rule('b'), 'c.yml': correlation('c', GROUP) });
    const first = 1_600_000_000;
    const fourYears = 126_230_400;
    for (const unit of [1, 1_000, 1_000_000]) {
      expect(await run(set, [event(first * unit, 'a'), event((first + fourYears) * unit, 'b')])).toEqual([]);
      expect(await run(set, [event(first * unit, 'a'), event((first + 600) * unit, 'b')])).toEqual([
        ['c', 1, [], ['a', 'b']],
      ]);
    }
  });

  test('a match comes once for what lasts, when its window is over', async () => {
    const set = await load({ 'a.yml': rule('a'), 'b.yml': rule('b'), 'c.yml': correlation('c', GROUP) });
    const events = [0, 5, 10, 40].flatMap((at) => [event(minute(at), 'a'), event(minute(at + 1), 'b')]);
    expect(await run(set, events)).toEqual([
      ['c', 5, [], ['a', 'b']],
      ['c', 7, [], ['a', 'b']],
    ]);
  });
});

describe('members', () => {
  test('are of Panther, whatever other rules have their ids', async () => {
    const sigma = 'title: s\nid: b\nlogsource: {}\ndetection: {s: {do: other}, condition: s}\n';
    const set = await load({ 'a.yml': rule('a'), 's.yml': sigma, 'c.yml': correlation('c', GROUP) });
    const session = createRuleSession(set.rules);
    const events = [event(minute(0), 'a'), event(minute(1), 'other')];
    const records = events.map((one, line) => ({ event: one, source: { file: 'f', line } }));
    const found = [...(await session.process(records)), ...(await session.advance('end'))];
    await session.close();
    expect(found.map((match) => match.rule.id)).toEqual(['a', 'b']);
    expect(session.diagnostics.map(({ code, params }) => [code, params['member']])).toEqual([
      ['panther/missing-member', 'b'],
    ]);
  });

  test('agree on fields of their events, in lists too, and on what their alerts say', async () => {
    const context = 'AlertContext: [{KeyName: user, KeyValue: {KeyPath: who.name}}]\n';
    const criteria =
      'Group: [{RuleID: a}, {RuleID: b}]\n    MatchCriteria: {who: [{GroupID: a, Match: p_alert_context.user}, {GroupID: b, Match: names}]}';
    const set = await load({ 'a.yml': rule('a', context), 'b.yml': rule('b'), 'c.yml': correlation('c', criteria) });
    const by = (name: string): JsonObject => ({ who: { name } });
    expect(
      await run(set, [
        event(minute(0), 'a', by('eve')),
        event(minute(1), 'b', { names: ['bob', 'eve'] }),
        event(minute(2), 'b', { names: 'al' }),
      ]),
    ).toEqual([['c', 1, ['eve'], ['a', 'b']]]);
  });

  test('may be correlations, whose common values are found at every field', async () => {
    const inner =
      'Group: [{RuleID: a}, {RuleID: b}]\n    MatchCriteria: {x: [{GroupID: a, Match: who}, {GroupID: b, Match: who}]}';
    const outer =
      'Group: [{RuleID: inner}, {RuleID: d}]\n    MatchCriteria: {x: [{GroupID: inner, Match: any.thing}, {GroupID: d, Match: who}]}';
    const set = await load({
      // Found in this order: what is over others comes first.
      '1.yml': correlation('outer', outer),
      '2.yml': correlation('inner', inner),
      'a.yml': rule('a'),
      'b.yml': rule('b'),
      'd.yml': rule('d'),
    });
    const events = [
      event(minute(0), 'a', { who: 'eve' }),
      event(minute(1), 'b', { who: 'eve' }),
      event(minute(2), 'd', { who: 'eve' }),
      event(minute(3), 'd', { who: 'bob' }),
    ];
    expect(await run(set, events)).toEqual([
      ['inner', 1, ['eve'], ['a', 'b']],
      ['outer', 2, ['eve'], ['inner', 'd']],
    ]);
  });

  test('are not the correlation itself, by whatever way', async () => {
    const over = (id: string): string => `Group: [{RuleID: ${id}}]`;
    const set = await load({
      'x.yml': correlation('x', over('y')),
      'y.yml': correlation('y', over('x')),
      'z.yml': correlation('z', over('z')),
    });
    expect(set.rules).toEqual([]);
    const found = set.outcomes.map(({ diagnostics }) => diagnostics.at(-1));
    expect(found.map((one) => one?.message)).toEqual([
      'the correlation is over its own matches: x > y > x',
      'the correlation is over its own matches: y > x > y',
      'the correlation is over its own matches: z > z',
    ]);
  });
});
