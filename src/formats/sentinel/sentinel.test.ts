import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import type { Schema } from '../../ir/view.ts';
import type { LoadOutcome } from '../rule-file.ts';
import { sentinelFormat } from './sentinel.ts';

const schema: Schema = {
  name: 'kusto',
  typeOf: (field, table) =>
    table === 'E' && field === 'n' ? 'long' : table === 'E' && field === 's' ? 'string' : undefined,
  fieldNames: (table) => (table === 'E' ? ['s', 'n'] : undefined),
  tableNames: () => new Set(['E']),
};

function load(text: string, path = 'rules/My rule.yaml'): readonly LoadOutcome[] | undefined {
  const context = { readText: () => undefined, listFiles: () => [], schema: () => schema };
  return sentinelFormat.load({ path, source: sourceText(path, text) }, context);
}

/** Status, and each diagnostic with the text it points at. */
function told(text: string, path?: string): readonly string[] {
  const outcomes = load(text, path) ?? [];
  return outcomes.flatMap((outcome) => [
    outcome.status,
    ...outcome.diagnostics.map((found) => {
      const span = found.labels[0]?.span;
      return `${found.code} ${text.slice(span?.start, span?.end).split('\n')[0]}`;
    }),
  ]);
}

const RULE = `id: 0f1c
name: A rule
kind: Scheduled
severity: High
queryFrequency: 1h
queryPeriod: P14D
triggerOperator: gt
triggerThreshold: 0
tactics: [CredentialAccess, Lateral Movement]
relevantTechniques:
  - T1040
  - T1552.004
query: |
  E
  | where s has "x"
entityMappings:
  - entityType: Host
    fieldMappings:
      - identifier: HostName
        columnName: s
`;

describe('Sentinel YAML', () => {
  test('a rule is loaded with what the file says of it', () => {
    const [outcome] = load(RULE) ?? [];
    expect(outcome?.diagnostics).toEqual([]);
    expect(outcome?.status === 'loaded' && outcome.rule).toMatchObject({
      id: '0f1c',
      name: 'A rule',
      format: 'sentinel',
      language: 'kusto',
      severity: 'high',
      techniques: ['T1040', 'T1552.004'],
      tactics: ['TA0006', 'TA0008'],
      schema: 'kusto',
      logic: { kind: 'plan', columns: undefined },
    });
  });

  test.each([
    ['severity: Huge', 'severity: High', ['invalid', 'sentinel/bad-severity Huge']],
    ['severity: 5', 'severity: High', ['invalid', 'input/wrong-type 5']],
    ['queryPeriod: soon', 'queryPeriod: P14D', ['invalid', 'sentinel/bad-duration soon']],
    ['triggerOperator: over', 'triggerOperator: gt', ['invalid', 'sentinel/bad-operator over']],
    ['triggerThreshold: many', 'triggerThreshold: 0', ['invalid', 'input/wrong-type many']],
    ['triggerThreshold: 3', 'triggerThreshold: 0', ['loaded']],
    ['tactics: {a: b}', 'tactics: [CredentialAccess, Lateral Movement]', ['invalid', 'input/wrong-type {a: b}']],
    [
      'tactics: [Cooking]',
      'tactics: [CredentialAccess, Lateral Movement]',
      ['loaded', 'sentinel/unknown-tactic Cooking'],
    ],
    ['  - X1', '  - T1040', ['loaded', 'sentinel/bad-technique X1']],
    ['  -\n', '  - T1040\n', ['loaded']],
    ['columnName: host', 'columnName: s', ['loaded', 'sentinel/entity-column-missing host']],
    ['columnName: [s]', 'columnName: s', ['invalid', 'input/wrong-type [s]']],
    ['name: [A]', 'name: A rule', ['invalid', 'input/wrong-type [A]']],
    ['', 'name: A rule\n', ['invalid', 'input/missing-key id: 0f1c']],
    ['query: {a: 1}\nx: |', 'query: |', ['invalid', 'input/wrong-type {a: 1}']],
    ['x: |', 'query: |', ['invalid', 'input/missing-key id: 0f1c']],
    ['| where z has "x"', '| where s has "x"', ['loaded', 'kusto/unknown-column z']],
    [
      '| where s has "x" | make-graph s --> s2',
      '| where s has "x"',
      ['unsupported', 'unsupported/kusto-operator make-graph'],
    ],
    [
      '| where z has "x" | make-graph s --> s2',
      '| where s has "x"',
      ['unsupported', 'kusto/unknown-column z', 'unsupported/kusto-operator make-graph'],
    ],
    ['  F\n', '  E\n', ['loaded', 'kusto/unknown-table F']],
  ])('%j', (put, taken, expected) => {
    expect(RULE).toContain(taken);
    expect(told(RULE.replace(taken, put))).toEqual(expected);
  });

  test('a rule without a query of its own kind', () => {
    expect(told('id: a\nname: b\nkind: Fusion\nseverity: High\n')).toEqual([
      'unsupported',
      'unsupported/sentinel-kind Fusion',
    ]);
  });

  test('broken YAML is invalid, and known by what can be read', () => {
    const [outcome] = load(`${RULE}tags: [a\n`) ?? [];
    expect(outcome?.status).toBe('invalid');
    expect(outcome?.diagnostics.map((found) => found.code)).toContain('input/yaml');
  });

  test.each([
    'title: x\ndetection: {a: {b: c}, condition: a}\nlogsource: {}\n',
    'AnalysisType: scheduled_query\nQuery: select 1\nquery: x\nname: y\n',
    '- a\n- b\n',
    'just text',
    '',
  ])('%j is another thing', (text) => {
    expect(load(text)).toBeUndefined();
  });
});

describe('Defender custom detections', () => {
  const detection = `schemaVersion: 1.0.0
kind: CustomDetection
resourceType: Microsoft.Security/detectionRules
properties:
  id: xdr-1
  displayName: A detection
  status: disabled
  queryCondition:
    queryText: |
      E
      | extend t = strcat(s, "!")
  schedule:
    frequency: PT1H
  detectionAction:
    alertTemplate:
      title: Alert
      severity: medium
      category: SuspiciousActivity
      mitreTechniques: [T1040]
`;

  test('one is loaded', () => {
    const [outcome] = load(detection) ?? [];
    expect(outcome?.diagnostics).toEqual([]);
    expect(outcome?.status === 'loaded' && outcome.rule).toMatchObject({
      id: 'xdr-1',
      name: 'A detection',
      format: 'defender',
      severity: 'medium',
      enabled: true,
      techniques: ['T1040'],
      tactics: [],
      logic: { kind: 'plan', columns: [{ name: 't', type: 'string' }] },
    });
  });

  test.each([
    ['queryText: 5\n    x: |', 'queryText: |', ['invalid', 'input/wrong-type 5']],
    ['x: |', 'queryText: |', ['invalid', 'input/missing-key x: |']],
    ['  x:', '  queryCondition:', ['invalid', 'input/missing-key schemaVersion: 1.0.0']],
    ['frequency: hourly', 'frequency: PT1H', ['invalid', 'sentinel/bad-duration hourly']],
  ])('%j', (put, taken, expected) => {
    expect(detection).toContain(taken);
    expect(told(detection.replace(taken, put))).toEqual(expected);
  });
});

describe('bare queries', () => {
  test('one is named by its file', () => {
    const [outcome] = load('// a comment\n\nE\n\n| where n > 1', 'x/Find it.kql') ?? [];
    expect(outcome?.status === 'loaded' && outcome.rule).toMatchObject({
      id: 'Find it',
      name: 'Find it',
      format: 'kusto',
    });
  });

  test('a file of several queries parted by blank lines gives a rule for each', () => {
    const text = '// one\nE | where n > 1\n\n// two\nE\n| where s has "a"\n\nE | where zz == 1\n';
    expect(load(text, 'a.kusto')?.map((one) => (one.status === 'loaded' ? one.rule.id : one.identity.id))).toEqual([
      'a',
      'a#2',
      'a#3',
    ]);
    expect(told(text, 'a.kusto')).toEqual(['loaded', 'loaded', 'loaded', 'kusto/unknown-column zz']);
  });

  test('an empty file is no query', () => {
    expect(told('', 'a.kql')).toEqual(['invalid', 'kusto/empty-query ']);
  });
});

test('no text makes it throw', () => {
  const line = fc.constantFrom(
    ...RULE.split('\n'),
    'properties:',
    '  queryCondition: 5',
    'kind: CustomDetection',
    '- a',
    'query: [1]',
    'entityMappings: 5',
    'entityMappings: [1]',
    '  - fieldMappings: [x]',
    'tags: {a: b}',
    'tactics: [[a]]',
    '*x',
    '&x',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 25 }), fc.boolean(), (lines, bare) => {
      load(lines.join('\n'), bare ? 'a.kql' : 'a.yaml');
    }),
    { numRuns: 10_000 },
  );
});
