import { expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import { kustoSchema } from '../../schemas/kusto.ts';
import type { LoadContext, LoadOutcome } from '../rule-file.ts';
import { sentinelFormat } from './sentinel.ts';

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => kustoSchema };

function load(path: string, content: unknown): readonly LoadOutcome[] | undefined {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  return sentinelFormat.load({ path, source: sourceText(path, text) }, context);
}

/** What became of each rule, by its name. */
function statuses(outcomes: readonly LoadOutcome[] | undefined): readonly string[] {
  return (outcomes ?? []).map((one) => {
    if (one.status === 'loaded') return `${one.rule.name}: loaded`;
    return `${one.identity.name}: ${one.status} ${one.diagnostics.map(({ code }) => code).join()}`;
  });
}

const ID = '70fc66f7-8279-44fc-9092-d364d70fce44';

const properties = {
  displayName: 'Logons from nowhere',
  description: 'd',
  severity: 'High',
  enabled: true,
  query: "SigninLogs | where ResultType == '0'\n| project TimeGenerated, IPAddress",
  queryFrequency: 'PT1H',
  queryPeriod: 'P1D',
  triggerOperator: 'GreaterThan',
  triggerThreshold: 2,
  suppressionDuration: 'PT5H',
  suppressionEnabled: false,
  tactics: ['InitialAccess'],
  techniques: ['T1078'],
  subTechniques: ['T1078.004'],
  eventGroupingSettings: { aggregationKind: 'SingleAlert' },
  entityMappings: [{ entityType: 'IP', fieldMappings: [{ identifier: 'Address', columnName: 'IPAddress' }] }],
};

const arm = (rule: object, around: object = {}): object => ({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  parameters: { workspace: { type: 'String' } },
  ...around,
  resources: [
    {
      id: `[concat(resourceId('Microsoft.OperationalInsights/workspaces/providers', parameters('workspace'), 'Microsoft.SecurityInsights'),'/alertRules/${ID}')]`,
      name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/${ID}')]`,
      type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
      kind: 'Scheduled',
      apiVersion: '2023-12-01-preview',
      properties: rule,
    },
  ],
});

test('a rule exported as an ARM template has all that it has in YAML', () => {
  const [found] = load('rules.json', arm(properties)) ?? [];
  expect(found).toMatchObject({
    status: 'loaded',
    rule: {
      id: ID,
      name: 'Logons from nowhere',
      format: 'sentinel',
      severity: 'high',
      tactics: ['TA0001'],
      techniques: ['T1078', 'T1078.004'],
      schedule: { every: (3600n * 10_000_000n).toString(), lookback: (86_400n * 10_000_000n).toString() },
      alert: { threshold: { operator: 'gt', count: 2 } },
    },
  });
});

test('spans point into the export', () => {
  const broken = { ...properties, query: 'SigninLogs\n| where NoSuchColumn == 1' };
  const text = JSON.stringify(arm(broken), null, 2);
  const [found] = load('rules.json', text) ?? [];
  const unknown = found?.diagnostics.find(({ code }) => code === 'kusto/unknown-column');
  const at = unknown?.labels[0]?.span;
  expect(text.slice(at?.start, at?.end)).toBe('NoSuchColumn');
});

test("a query that is a template's variable is what the variable says; one that only a deployment computes is unsupported", () => {
  const around = { variables: { query: 'SigninLogs | take 1' } };
  expect(
    statuses(load('a.json', arm({ ...properties, query: "[variables('query')]", entityMappings: [] }, around))),
  ).toEqual(['Logons from nowhere: loaded']);
  expect(statuses(load('a.json', arm({ ...properties, query: "[concat('Signin', 'Logs')]" })))).toEqual([
    'Logons from nowhere: unsupported unsupported/sentinel-expression',
  ]);
});

test("a solution's package holds templates of rules and hunting queries", () => {
  const inner = (resource: object): object => ({
    type: 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates',
    properties: { contentId: ID, mainTemplate: { resources: [resource] } },
  });
  const rule = { type: 'Microsoft.SecurityInsights/AlertRuleTemplates', kind: 'Scheduled', name: ID, properties };
  const search = (category: string): object => ({
    type: 'Microsoft.OperationalInsights/savedSearches',
    properties: { category, displayName: `a ${category}`, query: 'SigninLogs | take 1' },
  });
  const package_ = {
    resources: [
      inner(rule),
      inner(search('Hunting Queries')),
      inner(search('Functions')),
      { type: 'x/workbooks', properties: {} },
    ],
  };
  expect(statuses(load('mainTemplate.json', package_))).toEqual([
    'Logons from nowhere: loaded',
    'a Hunting Queries: loaded',
  ]);
});

test('what the APIs list', () => {
  const sentinel = {
    id: `/subscriptions/x/alertRules/${ID}`,
    name: ID,
    type: 'Microsoft.SecurityInsights/alertRules',
    kind: 'NRT',
    properties,
  };
  const fusion = {
    name: 'f',
    type: 'Microsoft.SecurityInsights/alertRules',
    kind: 'Fusion',
    properties: { displayName: 'Fusion' },
  };
  expect(statuses(load('list.json', { value: [sentinel, fusion] }))).toEqual([
    'Logons from nowhere: loaded',
    'Fusion: unsupported unsupported/sentinel-kind',
  ]);
  const defender = {
    '@odata.type': '#microsoft.graph.security.detectionRule',
    id: '7506',
    displayName: 'a detection',
    isEnabled: true,
    queryCondition: { queryText: 'DeviceProcessEvents | take 1' },
    schedule: { period: '24H' },
    detectionAction: {
      alertTemplate: { title: 't', severity: 'medium', category: 'Malware', mitreTechniques: ['T1105'] },
    },
  };
  const [found] = load('graph.json', { value: [defender] }) ?? [];
  expect(found).toMatchObject({
    status: 'loaded',
    rule: { id: '7506', name: 'a detection', format: 'defender', severity: 'medium', techniques: ['T1105'] },
  });
});

test('JSON that is no export is not looked at; an export that is broken is invalid', () => {
  expect(load('package.json', { name: 'x' })).toBeUndefined();
  expect(load('a.json', { type: 'alertRules' })).toBeUndefined();
  const cut = JSON.stringify(arm(properties), null, 2).slice(0, -4);
  expect(load('cut.json', cut)?.map(({ status }) => status)).toEqual(['invalid']);
});

test('queries between the fences of a page are rules of their own, under their headings', () => {
  const page = [
    '# Title',
    '## Defender',
    '```KQL',
    'DeviceProcessEvents | take 1',
    '```',
    'text',
    '## Sentinel',
    '```kusto',
    'SigninLogs | take 2',
    '```',
    '```json',
    '{"a": 1}',
    '```',
    '~~~~ kql',
    'SigninLogs',
    '```',
    '| take 3',
    '~~~~',
  ].join('\n');
  const found = load('hunt.md', page);
  expect(statuses(found)).toEqual([
    'Defender: loaded',
    'Sentinel: loaded',
    'Sentinel: invalid kusto/unterminated-string,kusto/expected',
  ]);
  expect(found?.map((one) => (one.status === 'loaded' ? one.rule.id : one.identity.id))).toEqual([
    'hunt',
    'hunt#2',
    'hunt#3',
  ]);
  expect(load('readme.md', '# nothing\n```sh\nls\n```\n')).toBeUndefined();
});
