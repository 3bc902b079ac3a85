import { sentinelFormat } from '../../src/formats/sentinel/sentinel.ts';
import { contextOf, holdOutcomes } from './rule-file.ts';
import { textTargetOf } from './target-of.ts';

const KEYS =
  'id name description severity requiredDataConnectors connectorId dataTypes queryFrequency queryPeriod triggerOperator triggerThreshold tactics relevantTechniques query entityMappings entityType fieldMappings identifier columnName version kind alertDetailsOverride alertDisplayNameFormat customDetails suppressionDuration eventGroupingSettings aggregationKind incidentConfiguration';

export default textTargetOf({
  name: 'sentinel-rule',
  about: "Sentinel's and Defender's rules in YAML, queries in files of their own: a rule loads, or it is said why not",
  seeds: [
    'id: 11111111-1111-4111-8111-111111111111\nname: n\ndescription: d\nseverity: High\nqueryFrequency: 1h\nqueryPeriod: 1d\ntriggerOperator: gt\ntriggerThreshold: 0\ntactics: [Execution]\nrelevantTechniques: [T1059]\nquery: |\n  SecurityEvent\n  | where EventID == 4688\n  | summarize n = count() by Account\nentityMappings:\n  - entityType: Account\n    fieldMappings: [{identifier: FullName, columnName: Account}]\nversion: 1.0.0\nkind: Scheduled\n',
    'id: x\nname: n\nseverity: Low\nkind: NRT\nquery: AzureActivity | where OperationNameValue has "write"\nalertDetailsOverride: {alertDisplayNameFormat: "{{Caller}} did"}\ncustomDetails: {who: Caller}\n',
    '// a query\nDeviceProcessEvents | where FileName =~ "cmd.exe"\n\n// another\nprint 1\n',
  ],
  words: [
    ...KEYS.split(' ').map((key) => `${key}: `),
    ...[
      '| where ',
      '| summarize count() by ',
      '| project ',
      'SecurityEvent',
      'AzureActivity',
      'Scheduled',
      'NRT',
      'gt',
      'eq',
      'PT1H',
      '1d',
      '5m',
      '|\n  ',
      '>-\n  ',
    ],
    ...['- ', ': ', '[', ']', '{', '}', '{{a}}', 'null', 'true', '0', "''"],
  ],
  functions: { load: sentinelFormat },
  // What a near-real-time rule does not have is not said.
  planted: (own) => ({
    load: {
      load: (file, context) =>
        own.load
          .load(file, context)
          ?.map((outcome) =>
            outcome.status !== 'loaded' && /kind: NRT/.test(file.source.text)
              ? { ...outcome, diagnostics: [] }
              : outcome,
          ),
    },
  }),
  check(text, { load }) {
    holdOutcomes(load, 'r.yaml', text, contextOf({}));
    holdOutcomes(load, 'r.kql', text, contextOf({}));
  },
});
