import { pantherFormat } from '../../src/formats/panther/panther.ts';
import { CONDITIONS } from '../../src/languages/panther/conditions.ts';
import { contextOf, holdOutcomes } from './rule-file.ts';
import { textTargetOf } from './target-of.ts';

const KEYS =
  'AnalysisType RuleID DisplayName Enabled Filename LogTypes Severity Description Detection Key DeepKey KeyPath Condition Value Values All OnlyOne AnyElement Expressions InlineFilters DynamicSeverities ChangeTo Conditions GroupBy AlertTitle AlertContext DedupPeriodMinutes Threshold Tests Name ExpectedResult Log Mocks Tags Reports Sequence Transitions Group MinMatchCount MatchCriteria LookbackWindowMinutes Schedule RateMinutes';

const rule = 'AnalysisType: rule\nRuleID: A\nEnabled: true\nLogTypes: [T]\nSeverity: Low\n';

export default textTargetOf({
  name: 'panther-rule',
  about:
    "Panther's YAML: rules in YAML and Python, correlations, data models, packs: a rule loads, or it is said why not",
  seeds: [
    `${rule}Filename: a.py\nDedupPeriodMinutes: 15\nThreshold: 3\nTests:\n  - Name: t\n    ExpectedResult: true\n    Log: {a: 1, when: 2026-01-01}\n`,
    `${rule}Detection:\n  - Key: a\n    Condition: Equals\n    Value: b\n  - All:\n      - KeyPath: "a[*].b"\n        Condition: IsIn\n        Values: [1, {Key: c}]\n      - DeepKey: [d, 0]\n        Condition: AnyElement\n        Expressions:\n          - {Condition: IContains, Value: x}\nAlertTitle: "{a} of {b.c}"\nGroupBy: [{Key: a}]\nDynamicSeverities:\n  - ChangeTo: High\n    Conditions: [{Key: e, Condition: Exists}]\n`,
    'AnalysisType: correlation_rule\nRuleID: C\nEnabled: true\nSeverity: High\nDetection:\n  - Sequence:\n      - {ID: x, RuleID: A, MinMatchCount: 2}\n      - {ID: y, RuleID: B}\n    Transitions:\n      - {ID: x to y, From: x, To: y, WithinTimeFrameMinutes: 5, Match: [{On: u}]}\n    LookbackWindowMinutes: 60\n    Schedule: {RateMinutes: 30, TimeoutMinutes: 1}\n',
    'AnalysisType: datamodel\nDataModelID: D\nLogTypes: [T]\nEnabled: true\nMappings:\n  - {Name: source_ip, Path: "$.a.b[0]"}\n  - {Name: m, Method: get_m}\nFilename: a.py\n',
    'AnalysisType: pack\nPackID: P\nPackDefinition: {IDs: [A, B]}\n',
  ],
  words: [
    ...KEYS.split(' ').map((key) => `${key}: `),
    ...CONDITIONS.keys(),
    ...[
      'rule',
      'policy',
      'scheduled_rule',
      'correlation_rule',
      'datamodel',
      'pack',
      'global',
      'lookup_table',
      '- ',
      ': ',
      '[',
      ']',
      '{',
      '}',
      '\n  ',
      '\n    ',
    ],
    ...['a[*].b', '$.a', '10.0.0.0/8', 'null', 'true', '5', "''", '{a}', 'Info', 'Critical', '%', '&x', '*x'],
  ],
  functions: { load: pantherFormat },
  // What is wrong with a condition on elements is not said.
  planted: (own) => ({
    load: {
      load: (file, context) =>
        own.load
          .load(file, context)
          ?.map((outcome) =>
            outcome.status !== 'loaded' && /Condition: (?:AnyElement|AllElements)/.test(file.source.text)
              ? { ...outcome, diagnostics: [] }
              : outcome,
          ),
    },
  }),
  check(text, { load }) {
    holdOutcomes(
      load,
      'r/a.yml',
      text,
      contextOf({ 'r/a.yml': text, 'r/a.py': 'def rule(event):\n    return True\ndef get_m(event):\n    return 1\n' }),
    );
  },
});
