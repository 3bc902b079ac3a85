import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unifiedName } from '../../../test/python-rule.ts';
import { primarySpan } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import type { PythonProgram } from '../../ir/rule/python.ts';
import { pythonOf, type Rule } from '../../ir/rule/rule.ts';
import type { LoadContext, LoadOutcome } from '../rule-file.ts';
import { pantherFormat } from './panther.ts';

/** A context over files given by path. */
function files(texts: Readonly<Record<string, string>>): LoadContext {
  return {
    readText: (path) => texts[path.replaceAll('\\', '/')],
    listFiles: (folder, extensions) => {
      const prefix = `${folder.replaceAll('\\', '/').replace(/\/$/, '')}/`;
      return Object.keys(texts)
        .filter((path) => path.startsWith(prefix) && extensions.some((extension) => path.endsWith(extension)))
        .sort();
    },
    schema: (name) => ({ name, typeOf: () => undefined, fieldNames: () => undefined }),
  };
}

function load(
  path: string,
  texts: Readonly<Record<string, string>>,
  context = files(texts),
): readonly LoadOutcome[] | undefined {
  return pantherFormat.load({ path, source: sourceText(path, texts[path] ?? '') }, context);
}

const RULE = `AnalysisType: rule
RuleID: Azure.Capture
DisplayName: Packet capture
Enabled: false
Filename: capture.py
LogTypes: [Azure.MonitorActivity]
Severity: Medium
Description: Someone captures packets.
Reference: https://example.com/a
Tags: [Network, Credential Access]
Reports:
  MITRE ATT&CK:
    - TA0006:T1040
    - TA0009:T1552.004
  CIS: [1.1]
DedupPeriodMinutes: 15
Threshold: 3
CreateAlert: false
SummaryAttributes: [location]
InlineFilters:
  - All: []
Tests:
  - Name: starts
    ExpectedResult: true
    Mocks:
      - objectName: ALLOWED
        returnValue: [a]
    Log: {operationName: START, when: 2024-01-01, flag: yes}
`;
const PYTHON = 'def rule(event):\n    return True\n';

/** One file and its Python. */
function loadRule(yaml: string, more: Readonly<Record<string, string>> = {}): LoadOutcome {
  const [outcome] = load('r/a.yml', { 'r/a.yml': yaml, 'r/capture.py': PYTHON, ...more }) ?? [];
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

function ruleOf(outcome: LoadOutcome | undefined): Omit<Rule, 'logic'> & { readonly logic: PythonProgram } {
  if (outcome?.status !== 'loaded') throw new Error(JSON.stringify(outcome));
  const { rule } = outcome;
  const logic = pythonOf(rule);
  if (logic === undefined) throw new Error('not Python');
  return { ...rule, logic };
}

/** The status, and the code with the text that it points at, of each diagnostic. */
function problems(yaml: string): unknown {
  const outcome = loadRule(yaml);
  return [
    outcome.status,
    ...outcome.diagnostics.map((found) => {
      const span = primarySpan(found);
      return `${found.code} ${span === undefined ? '' : JSON.stringify(yaml.slice(span.start, span.end).split('\n')[0])}`;
    }),
  ];
}

describe('rules', () => {
  test('everything the description says', () => {
    const outcome = loadRule(RULE);
    expect(outcome.diagnostics).toEqual([]);
    const rule = ruleOf(outcome);
    expect(rule).toMatchObject({
      id: 'Azure.Capture',
      name: 'Packet capture',
      file: 'r/a.yml',
      format: 'panther',
      language: 'python',
      description: 'Someone captures packets.',
      severity: 'medium',
      enabled: false,
      tags: ['Network', 'Credential Access'],
      techniques: ['T1040', 'T1552.004'],
      tactics: ['TA0006', 'TA0009'],
      references: ['https://example.com/a'],
      schema: 'panther',
    });
    expect(rule.logic).toEqual({
      kindOfRule: 'rule',
      module: { name: 'capture', file: 'r/capture.py', code: PYTHON },
      bundle: { modules: [], dataModels: [] },
      logTypes: ['Azure.MonitorActivity'],
      defaults: {
        severity: 'MEDIUM',
        runbook: '',
        summaryAttributes: ['location'],
      },
    });
  });

  test('tests keep YAML 1.2: yes and dates are text', () => {
    const [only] = ruleOf(loadRule(RULE)).tests;
    expect(only).toMatchObject({
      name: 'starts',
      expected: true,
      mocks: [{ objectName: 'ALLOWED', returnValue: ['a'] }],
      event: { operationName: 'START', when: '2024-01-01', flag: 'yes' },
    });
    expect(only && RULE.slice(only.span.start, only.span.end)).toBe('starts');
  });

  test('defaults', () => {
    const rule = ruleOf(
      loadRule('AnalysisType: rule\nRuleID: A\nFilename: capture.py\nLogTypes: [T]\nSeverity: info\n'),
    );
    expect(rule).toMatchObject({ name: 'A', enabled: true, severity: 'informational', tests: [] });
    expect(rule.logic.defaults).toMatchObject({ severity: 'INFO' });
    expect(rule.alert).toEqual({
      context: [],
      severities: [],
      group: { by: 'dedup', fields: [], missing: 'match', period: '36000000000' },
      createAlert: true,
    });
  });

  test('policies and scheduled rules', () => {
    const policy = ruleOf(
      loadRule(
        'AnalysisType: policy\nPolicyID: P\nFilename: capture.py\nResourceTypes: [AWS.S3.Bucket]\nSeverity: Low\nTests: [{Name: t, ExpectedResult: false, Resource: {a: 1}}]\n',
      ),
    );
    expect([policy.id, policy.logic.kindOfRule, policy.logic.logTypes, policy.tests[0]?.event]).toEqual([
      'P',
      'policy',
      ['AWS.S3.Bucket'],
      { a: 1 },
    ]);
    const scheduled = ruleOf(
      loadRule('AnalysisType: scheduled_rule\nRuleID: S\nFilename: capture.py\nScheduledQueries: [q]\nSeverity: Low\n'),
    );
    expect([scheduled.logic.kindOfRule, scheduled.logic.logTypes]).toEqual(['scheduled_rule', ['q']]);
  });
});

describe('what is wrong', () => {
  const base = 'AnalysisType: rule\nRuleID: A\nFilename: capture.py\nLogTypes: [T]\nSeverity: Low\n';

  test.each([
    ['Enabled: yes\n', ['invalid', 'input/wrong-type "yes"']],
    ['Tags: text\n', ['invalid', 'input/wrong-type "text"']],
    ['Tags: [a, {b: 1}]\n', ['invalid', 'input/wrong-type "{b: 1}"']],
    ['Threshold: [1]\n', ['invalid', 'input/wrong-type "[1]"']],
    ['Tests: [{Name: a, ExpectedResult: "true", Log: {}}]\n', ['invalid', 'input/wrong-type "\\"true\\""']],
    ['Tests: [{Name: a, ExpectedResult: true}]\n', ['invalid', 'input/missing-key "{Name: a, ExpectedResult: true}"']],
    ['Tests: [5]\n', ['invalid', 'input/wrong-type "5"']],
    [
      'Tests: [{Name: a, ExpectedResult: true, Log: {}, Mocks: [{objectName: x}]}]\n',
      ['invalid', 'input/missing-key "{objectName: x}"'],
    ],
    ['Reports: {MITRE ATT&CK: ["TA003:"]}\n', ['loaded', 'panther/attack-id "\\"TA003:\\""']],
    ['Severty: Low\n', ['loaded', 'panther/unknown-key "Severty"']],
    ['InlineFilters: [{All: [{Key: a, Condition: Exists}]}]\n', ['loaded']],
    ['InlineFilters: [{Key: a, Condition: Exist}]\n', ['invalid', 'panther/condition "Exist"']],
    ['InlineFilters: [a]\n', ['invalid', 'input/wrong-type "a"']],
    ['Detection: [{Key: a, Condition: Exists}]\n', ['invalid', 'panther/both-logics "capture.py"']],
    [
      'BaseDetection: B\n',
      ['invalid', 'panther/derived-key "capture.py"', 'panther/derived-key "[T]"', 'panther/base-missing "B"'],
    ],
    ['AlertTitle: "{a} {b"\n', ['invalid', 'panther/title-template "\\"{a} {b\\""']],
    ['GroupBy: [{KeyPath: "a..b"}]\n', ['invalid', 'panther/key-path "\\"a..b\\""']],
    ['DynamicSeverities: [{ChangeTo: Huge, Conditions: []}]\n', ['invalid', 'panther/severity "Huge"']],
  ])('%j', (added, expected) => {
    expect(problems(base + added)).toEqual(expected);
  });

  test('keys that are missing, values that are not of the list, files that are not there', () => {
    expect(problems('AnalysisType: rule\nFilename: capture.py\n')).toEqual([
      'invalid',
      'input/missing-key "AnalysisType: rule"',
      'input/missing-key "AnalysisType: rule"',
      'input/missing-key "AnalysisType: rule"',
    ]);
    expect(problems(base.replace('Low', 'Urgent'))).toEqual(['invalid', 'panther/severity "Urgent"']);
    expect(problems(base.replace('capture.py', 'gone.py'))).toEqual(['invalid', 'panther/missing-file "gone.py"']);
    expect(problems(base.replace(': rule', ': rul'))).toEqual(['invalid', 'panther/analysis-type "rul"']);
    expect(loadRule(base.replace(': rule', ': rul')).diagnostics[0]?.hints[0]).toContain('`rule`');
  });

  test('YAML that cannot be read is an invalid rule', () => {
    const outcome = loadRule('AnalysisType: rule\nRuleID: A\nTags: [a\nSeverity: Low\n');
    expect(outcome.status).toBe('invalid');
    expect(outcome.diagnostics[0]?.code).toBe('input/yaml');
  });
});

describe('files that are no rules', () => {
  test('are read as parts, and say which', () => {
    const lookup = 'LookupName: L\nEnabled: true\nRefresh: {PeriodMinutes: 5}\nLogTypeMap: {PrimaryKey: id}\n';
    for (const [type, more] of [
      ['pack', 'PackID: P\nPackDefinition: {IDs: []}\n'],
      ['lookup_table', lookup],
      ['scheduled_prompt', ''],
    ]) {
      const [outcome] = load('a.yml', { 'a.yml': `AnalysisType: ${type}\n${more}` }) ?? [];
      expect(outcome).toMatchObject({ status: 'part', part: type, diagnostics: [] });
    }
    expect(load('.versions.yml', { '.versions.yml': 'AnalysisType: rule\n' })).toEqual([]);
    expect(load('a.yml', { 'a.yml': 'title: x\ndetection: {}\n' })).toBeUndefined();
  });

  test('queries say in which language they are', () => {
    const told = (yaml: string): unknown => {
      const [outcome] = load('q.yml', { 'q.yml': yaml }) ?? [];
      if (outcome === undefined || outcome.status === 'loaded') throw new Error('a query cannot be loaded');
      return [outcome.status, outcome.identity.id, outcome.identity.language, outcome.diagnostics[0]?.params];
    };
    expect(told('AnalysisType: saved_query\nQueryName: q\nQuery: SELECT 1\n')).toEqual([
      'unsupported',
      'q',
      'sql',
      { dialect: 'Snowflake SQL' },
    ]);
    expect(
      told('AnalysisType: saved_query\nQueryName: q\nQuery: |\n  // all\n  panther_logs.x\n  | limit 1\n'),
    ).toEqual(['unsupported', 'q', 'pantherflow', { dialect: 'PantherFlow' }]);
    expect(told('AnalysisType: scheduled_query\nQueryName: q\nAthenaQuery: SELECT 1\n')).toEqual([
      'invalid',
      'q',
      'sql',
      { key: 'Schedule' },
    ]);
  });

  test('a pack that names what is not there is told', () => {
    const [outcome] =
      load('r/p.yml', {
        'r/p.yml': 'AnalysisType: pack\nPackID: P\nPackDefinition: {IDs: [A.Rule, A.Ruel]}\n',
        'r/a.yml': 'AnalysisType: rule\nRuleID: "A.Rule" # its id\n',
      }) ?? [];
    expect(outcome?.status).toBe('part');
    expect(outcome?.diagnostics.map((found) => [found.code, found.hints[0]])).toEqual([
      ['panther/unknown-reference', 'did you mean `A.Rule`?'],
    ]);
  });

  test('are told when they are wrong', () => {
    const outcomes = load('d.yml', {
      'd.yml': 'AnalysisType: datamodel\nDataModelID: D\nLogTypes: [T]\nMappings: [{Name: a}, {Name: b, Method: m}]\n',
    });
    expect(outcomes?.map((outcome) => [outcome.status, ...outcome.diagnostics.map((each) => each.code)])).toEqual([
      ['invalid', 'input/missing-key', 'panther/method-without-file'],
    ]);
    expect(load('g.yml', { 'g.yml': 'AnalysisType: global\nGlobalID: g\nFilename: g.py\n' })?.[0]?.status).toBe(
      'invalid',
    );
  });
});

describe('the repository around a rule', () => {
  const repository = {
    'repo/global_helpers/h.yml': 'AnalysisType: global\nGlobalID: my_helpers\nFilename: h.py\n',
    'repo/global_helpers/h.py': 'X = 1',
    'repo/global_helpers/not_shared.py': '',
    'repo/more/own_helpers/o.yml': 'AnalysisType: global\nGlobalID: own\nFilename: o.py\n',
    'repo/more/own_helpers/o.py': 'Y = 1',
    'repo/data_models/m.yml':
      'AnalysisType: datamodel\nDataModelID: M\nEnabled: true\nFilename: m.py\nLogTypes: [T]\nMappings:\n  - {Name: ip, Path: $.a.b}\n  - {Name: who, Method: who}\n',
    'repo/data_models/m.py': 'def who(event): ...',
    'repo/rules/x/a.yml': 'AnalysisType: rule\nRuleID: A\nFilename: a.py\nLogTypes: [T]\nSeverity: Low\n',
    'repo/rules/x/a.py': PYTHON,
    'repo/rules/b.yml': 'AnalysisType: rule\nRuleID: B\nFilename: x/a.py\nLogTypes: [T]\nSeverity: Low\n',
  };

  test('gives its shared modules and data models, one bundle for all rules', () => {
    const context = files(repository);
    const first = ruleOf(load('repo/rules/x/a.yml', repository, context)?.[0]);
    const second = ruleOf(load('repo/rules/b.yml', repository, context)?.[0]);
    expect(first.logic.bundle).toEqual({
      repository: 'repo',
      modules: [
        { name: 'my_helpers', file: 'repo/global_helpers/h.py', code: 'X = 1' },
        { name: 'own', file: 'repo/more/own_helpers/o.py', code: 'Y = 1' },
      ],
      dataModels: [
        {
          id: 'M',
          logTypes: ['T'],
          enabled: true,
          module: { name: 'm', file: 'repo/data_models/m.py', code: 'def who(event): ...' },
          mappings: [unifiedName('ip', '$.a.b'), { name: 'who', method: 'who' }],
        },
      ],
    });
    expect(second.logic.bundle).toBe(first.logic.bundle);
  });

  test('without one, imported files beside the rule are taken', () => {
    const rule = ruleOf(
      loadRule(RULE, {
        'r/capture.py': 'import json\nfrom near import x\n',
        'r/near.py': 'import nearer',
        'r/nearer.py': '',
        'r/far.py': '',
      }),
    );
    expect(rule.logic.bundle.modules.map((module) => module.name)).toEqual(['near', 'nearer']);
  });
});

test('no file makes it throw', () => {
  const key = fc.constantFrom(
    'AnalysisType',
    'RuleID',
    'Filename',
    'LogTypes',
    'Severity',
    'Tests',
    'Mocks',
    'Reports',
    'InlineFilters',
    'Mappings',
    'Enabled',
    'Log',
    'AnalysisType',
    'Detection',
    'Key',
    'DeepKey',
    'KeyPath',
    'Condition',
    'Value',
    'Values',
    'Expressions',
    'All',
    'OnlyOne',
    'AlertTitle',
    'AlertContext',
    'GroupBy',
    'DynamicSeverities',
    'BaseDetection',
    'Group',
    'Sequence',
    'Transitions',
    'MatchCriteria',
    'RuleOutputs',
    'Matches',
    'ID',
    'LogTypeMap',
    'PackDefinition',
    'IDs',
    'Query',
    'Schedule',
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(
        'rule',
        'policy',
        'datamodel',
        'global',
        'correlation_rule',
        'lookup_table',
        'pack',
        'saved_query',
        'AnyElement',
        'OnlyOneElement',
        'Equals',
        'IsIn',
        'IsIPAddressInCIDR',
        'a[0].b[*]',
        '{a} {',
        'capture.py',
        'yes',
        '{',
        '*a',
        '&a',
        '<<',
        'MITRE ATT&CK',
      ),
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(key, tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  const shaped = fc.dictionary(key, value).map((map) =>
    Object.entries(map)
      .map(([name, held]) => `${name}: ${JSON.stringify(held)}`)
      .join('\n'),
  );
  const cut = fc
    .tuple(fc.constant(RULE), fc.nat(RULE.length), fc.nat(40), fc.string())
    .map(([text, at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
  fc.assert(
    fc.property(
      fc.oneof(
        shaped,
        cut,
        fc.string(),
        fc.string().map((text) => `AnalysisType: rule\n${text}`),
      ),
      (text) => {
        const outcomes = load('a.yml', { 'a.yml': text, 'capture.py': PYTHON });
        for (const outcome of outcomes ?? []) {
          if (outcome.status !== 'loaded' && outcome.status !== 'part')
            expect(outcome.diagnostics.length).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 10_000 },
  );
});
