import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { JsonObject } from '../base/json.ts';
import { createRuleSession } from '../detect/rule-session.ts';
import { loadRules } from '../rules/load-rules.ts';
import { testRules } from './rule-tests.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

function folder(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'dragoman-panther-'));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const ARCHIVED = `AnalysisType: rule
RuleID: Repo.Archived
DisplayName: Repository archived
LogTypes: [GitHub.Audit]
Severity: Info
Detection: [{Key: action, Condition: Equals, Value: repo.archived}]
InlineFilters: [{KeyPath: org, Condition: DoesNotEqual, Value: sandbox}]
AlertTitle: "{repo} by {actor.name}"
AlertContext: [{KeyName: who, KeyValue: {KeyPath: actor.name}}, {KeyName: gone, KeyValue: {Key: nothing}}]
GroupBy: [{Key: repo}, {Key: org}]
DynamicSeverities: [{ChangeTo: High, Conditions: [{Key: repo, Condition: StartsWith, Value: prod}]}]
Tests:
  - Name: yes
    ExpectedResult: true
    ExpectedTitle: prod/a by cat
    ExpectedSeverity: High
    ExpectedDedup: prod/a, o
    ExpectedAlertContext: {gone: null, who: cat}
    Log: {action: repo.archived, repo: prod/a, org: o, actor: {name: cat}}
  - Name: filtered
    ExpectedResult: false
    Log: {action: repo.archived, repo: prod/a, org: sandbox}
  - Name: wrong title
    ExpectedResult: true
    ExpectedTitle: other
    Log: {action: repo.archived, repo: a, org: o}
`;
const CREATED = ARCHIVED.replace('RuleID: Repo.Archived', 'RuleID: Repo.Created')
  .replace('Value: repo.archived', 'Value: repo.create')
  .split('Tests:')[0];
const CORRELATION = `AnalysisType: correlation_rule
RuleID: Short.Lived
Severity: Medium
Detection:
  - Sequence: [{ID: made, RuleID: Repo.Created}, {ID: gone, RuleID: Repo.Archived}]
    Transitions: [{From: made, To: gone, WithinTimeFrameMinutes: 60, Match: [{On: p_alert_context.who}]}]
    LookbackWindowMinutes: 120
Tests:
  - Name: both
    ExpectedResult: true
    RuleOutputs:
      - {ID: made, Matches: {p_alert_context.who: {cat: [0]}}}
      - {ID: gone, Matches: {p_alert_context.who: {cat: ["1970-01-01 00:30:00"]}}}
  - Name: other
    ExpectedResult: true
    RuleOutputs: [{ID: made, Matches: {p_alert_context.who: {cat: [0]}}}]
`;

const event = (action: string, repo: string, time: string): JsonObject => ({
  p_log_type: 'GitHub.Audit',
  p_event_time: time,
  '@timestamp': time,
  timestamp: time,
  action,
  repo,
  org: 'o',
  actor: { name: 'cat' },
});

test('simple detections, filters and correlations run and say what they found', async () => {
  const loaded = await loadRules([folder({ 'a.yml': ARCHIVED, 'b.yml': CREATED ?? '', 'c.yml': CORRELATION })]);
  expect(loaded.outcomes.flatMap((outcome) => outcome.diagnostics.map((found) => found.message))).toEqual([]);
  const session = createRuleSession(loaded.rules);
  const events = [
    event('repo.create', 'prod/a', '2026-01-01T10:00:00Z'),
    event('repo.archived', 'prod/a', '2026-01-01T10:30:00Z'),
    { ...event('repo.archived', 'x', '2026-01-01T12:00:00Z'), org: 'sandbox' },
  ];
  const records = events.map((each, index) => ({ event: each, source: { file: 'x', line: index + 1 } }));
  const found = [...(await session.process(records)), ...(await session.advance('end'))];
  await session.close();
  expect(found.map(({ rule, title, severity, dedup }) => [rule.id, title, severity, dedup])).toEqual([
    ['Repo.Created', 'prod/a by cat', 'high', 'prod/a, o'],
    ['Repo.Archived', 'prod/a by cat', 'high', 'prod/a, o'],
    ['Short.Lived', 'Short.Lived', 'medium', 'cat'],
  ]);
  expect(found[2]?.fields).toMatchObject({ values: ['cat'], signals: 2, rules: ['Repo.Created', 'Repo.Archived'] });
  expect(session.diagnostics).toEqual([]);
});

test('their tests say what was expected and what came', async () => {
  const loaded = await loadRules([folder({ 'a.yml': ARCHIVED, 'c.yml': CORRELATION })]);
  const { results } = await testRules(loaded);
  expect(results.map(({ rule, name, status, message }) => [rule.id, name, status, message])).toEqual([
    ['Repo.Archived', 'yes', 'passed', undefined],
    ['Repo.Archived', 'filtered', 'passed', undefined],
    [
      'Repo.Archived',
      'wrong title',
      'failed',
      'test `wrong title` of rule Repo.Archived: expected title "other", got "a by "',
    ],
    ['Short.Lived', 'both', 'passed', undefined],
    ['Short.Lived', 'other', 'failed', 'test `other` of rule Short.Lived: expected true, got false'],
  ]);
  const some = await testRules(loaded, { names: ['FILT'] });
  expect(some.results.map(({ name }) => name)).toEqual(['filtered']);
});

test('a correlation says which rules it waits for in vain', async () => {
  const loaded = await loadRules([folder({ 'a.yml': ARCHIVED, 'c.yml': CORRELATION })]);
  const session = createRuleSession(loaded.rules);
  await session.advance('end');
  await session.close();
  expect(session.diagnostics.map(({ code, params }) => [code, params['member']])).toEqual([
    ['panther/missing-member', 'Repo.Created'],
  ]);
});

test('tests of match expressions are run as logs are', async () => {
  const root = folder({
    'r.yml': `AnalysisType: rule
RuleID: Service
LogTypes: [AWS.VPCFlow, Windows.EventLogs]
Severity: Low
Detection: [{Key: EventID, Condition: Equals, Value: 7045}]
AlertTitle: "{ServiceName}"
Tests:
  - Name: nested
    ExpectedResult: true
    ExpectedTitle: x
    Log: {Event: {System: {EventID: 7045, Channel: System}, EventData: {ServiceName: x}}}
  - Name: named
    ExpectedResult: true
    Log: {p_log_type: Windows.EventLogs, winlog: {channel: System, event_id: 7045, event_data: {}}}
  - Name: another event
    ExpectedResult: false
    ExpectedTitle: y
    Log: {Event: {System: {EventID: 1, Channel: System}, EventData: {ServiceName: y}}}
  - Name: another log type
    ExpectedResult: true
    Log: {p_log_type: AWS.ALB, EventID: 7045}
`,
  });
  const { results } = await testRules(await loadRules([root]));
  expect(results.map(({ name, status }) => [name, status])).toEqual([
    ['nested', 'passed'],
    ['named', 'passed'],
    ['another event', 'passed'],
    ['another log type', 'failed'],
  ]);
  expect(results[3]?.diagnostics?.[0]?.hints).toEqual([
    'the event says that it is AWS.ALB; the rule is for AWS.VPCFlow, Windows.EventLogs',
  ]);
});

test('events of tests of Python rules are given as a run gives them', async () => {
  const root = folder({
    'global_helpers/none.py': '',
    'rules/r.py': 'def rule(event):\n    return event.get("EventID") == "7045" and event.get("ServiceName") == "x"\n',
    'rules/r.yml': `AnalysisType: rule
RuleID: Service
Filename: r.py
LogTypes: [Windows.EventLogs]
Severity: Low
Tests:
  - Name: nested
    ExpectedResult: true
    Log: {Event: {System: {EventID: 7045, Channel: System}, EventData: {ServiceName: x}}}
`,
  });
  const { results } = await testRules(await loadRules([root]));
  expect(results.map(({ name, status }) => [name, status])).toEqual([['nested', 'passed']]);
});

test('scheduled rules run on rows of their query', async () => {
  const root = folder({
    's.yml': 'AnalysisType: scheduled_rule\nRuleID: S\nScheduledQueries: [My Query]\nFilename: s.py\nSeverity: Low\n',
    's.py': 'def title(event):\n    return event["who"]\n',
  });
  const loaded = await loadRules([root]);
  const session = createRuleSession(loaded.rules, { logType: 'My Query' });
  const found = await session.process([{ event: { who: 'cat' }, source: { file: 'x', line: 1 } }]);
  await session.close();
  expect(found.map(({ rule, title }) => [rule.id, title])).toEqual([['S', 'cat']]);
}, 120_000);

test.each([
  ['AnalysisType: rule\nRuleID: B\nBaseDetection: C\n', 'panther/base-type'],
  ['AnalysisType: policy\nPolicyID: B\n', 'panther/base-missing'],
  ['AnalysisType: correlation_rule\nRuleID: B\n', 'panther/base-type'],
])('what cannot be a base: %j', async (base, code) => {
  const derived = 'AnalysisType: rule\nRuleID: A\nBaseDetection: B\n';
  const loaded = await loadRules([join(folder({ 'a.yml': derived, 'b.yml': base }), 'a.yml')]);
  expect(loaded.outcomes.map(({ status, diagnostics }) => [status, diagnostics[0]?.code])).toEqual([['invalid', code]]);
});

const PYTHON = `from helpers import ok
def rule(event):
    if event.get("a") == 1:
        return ok(event)
    return False
def title(event):
    return "t " + str(event.get("b"))
def alert_context(event):
    row = event.lookup("people", event.get("b"))
    return {"row": dict(row) if row else None, "p": event.deep_get("p_enrichment", "people", "b", "name")}
`;
const REPOSITORY = {
  'global_helpers/helpers.yml': 'AnalysisType: global\nGlobalID: helpers\nFilename: helpers.py\n',
  'global_helpers/helpers.py': 'def ok(event):\n    return True\n',
  'lookup_tables/people.yml':
    'AnalysisType: lookup_table\nLookupName: people\nEnabled: true\nFilename: people.csv\nSchema: Custom.People\nLogTypeMap:\n  PrimaryKey: id\n  AssociatedLogTypes: [{LogType: T, Selectors: [b]}]\n',
  'lookup_tables/people.csv': 'id,name\n7,"Ada, L."\n8,Bob\n',
  'rules/base.yml': `AnalysisType: rule
RuleID: Base
DisplayName: The base
Filename: base.py
LogTypes: [T]
Severity: Low
Tags: [a]
Tests:
  - {Name: one, ExpectedResult: true, ExpectedTitle: t 7, Log: {a: 1, b: "7", _mocked_lookup_data_: {}}}
  - {Name: two, ExpectedResult: false, Log: {a: 2}}
  - {Name: three, ExpectedResult: true, Log: {a: 3, _mocked_lookup_data_: {}}}
`,
  'rules/base.py': PYTHON,
  'rules/more/derived.yml':
    'AnalysisType: rule\nRuleID: Derived\nBaseDetection: Base\nSeverity: High\nInlineFilters: [{Key: b, Condition: Equals, Value: "7"}]\n',
};

test('a filter keeps events from a rule that is known without Python', async () => {
  const root = folder({
    'p.yml':
      'AnalysisType: rule\nRuleID: P\nLogTypes: [T]\nFilename: p.py\nSeverity: Low\nInlineFilters: [{Key: b, Condition: Equals, Value: 1}]\n',
    'p.py': 'def rule(event):\n    return event.get("a") == 1\n',
  });
  const loaded = await loadRules([root]);
  const session = createRuleSession(loaded.rules, { logType: 'T' });
  const events: JsonObject[] = [{ a: 1 }, { a: 1, b: 1 }, { b: 1 }];
  const found = await session.process(events.map((each, line) => ({ event: each, source: { file: 'x', line } })));
  await session.close();
  expect(found.map(({ record }) => record?.source.line)).toEqual([1]);
  expect(session.diagnostics).toEqual([]);
}, 120_000);

test('derived rules, filters, lookup tables and coverage of Python rules', async () => {
  const loaded = await loadRules([folder(REPOSITORY)]);
  expect(loaded.outcomes.map((outcome) => (outcome.status === 'part' ? outcome.part : outcome.status)).sort()).toEqual([
    'global',
    'loaded',
    'loaded',
    'lookup_table',
  ]);
  const derived = loaded.rules.find((rule) => rule.id === 'Derived');
  expect(derived).toMatchObject({ name: 'The base', severity: 'high', tags: ['a'] });
  const report = await testRules(loaded, { coverage: true });
  expect(report.results.map(({ rule, name, status }) => `${rule.id} ${name} ${status}`)).toEqual([
    'Base one passed',
    'Base two passed',
    'Base three failed',
    'Derived one passed',
    'Derived two passed',
    'Derived three failed',
  ]);
  expect(report.results[2]?.message).toContain('base.py:5: return False');
  const covered = report.coverage
    ?.find(({ rule }) => rule.id === 'Derived')
    ?.functions.find((each) => each.function === 'rule');
  expect(covered).toEqual({ function: 'rule', line: 2, lines: [3, 4, 5], missed: [5] });

  const session = createRuleSession(loaded.rules, { logType: 'T' });
  const events: JsonObject[] = [
    { a: 1, b: '7' },
    { a: 1, b: '8' },
  ];
  const found = await session.process(events.map((each, line) => ({ event: each, source: { file: 'x', line } })));
  await session.close();
  // That a filter keeps an event out is no error.
  expect(session.diagnostics).toEqual([]);
  expect(found.map(({ rule, title, alertContext }) => [rule.id, title, alertContext])).toEqual([
    ['Base', 't 7', { row: { id: '7', name: 'Ada, L.' }, p: 'Ada, L.' }],
    ['Derived', 't 7', { row: { id: '7', name: 'Ada, L.' }, p: 'Ada, L.' }],
    ['Base', 't 8', { row: { id: '8', name: 'Bob' }, p: 'Bob' }],
  ]);
}, 120_000);
