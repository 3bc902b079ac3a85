import { sourceText } from '../../src/base/source-text.ts';
import { elasticFormat } from '../../src/formats/elastic/elastic.ts';
import { readJsonValues } from '../../src/formats/source/json-source.ts';
import { readToml } from '../../src/formats/source/toml-source.ts';
import { holdDiagnostics } from './oracles.ts';
import { contextOf, holdOutcomes } from './rule-file.ts';
import { textTargetOf } from './target-of.ts';

const KEYS =
  'rule_id name description severity risk_score type language query index filters threshold field value cardinality new_terms_fields history_window_start threat tactic technique tags from interval alert_suppression group_by duration missing_fields_strategy severity_mapping risk_score_mapping exceptions_list timestamp_override event_category_override tiebreaker_field data_view_id building_block_type';

const base = '[rule]\nrule_id = "i"\nname = "n"\ndescription = "d"\nseverity = "low"\nrisk_score = 21\n';

export default textTargetOf({
  name: 'elastic-rule',
  about: "Elastic's rules as TOML and as NDJSON exports: a rule loads with a sound plan, or it is said why not",
  seeds: [
    `${base}type = "query"\nlanguage = "kuery"\nindex = ["logs-*", "-x"]\nquery = '''\nevent.category:process and not user.name:root\n'''\n`,
    `${base}type = "eql"\nlanguage = "eql"\nquery = """\nsequence by user.id with maxspan=1m\n  [process where true]\n  [network where destination.port == 443]\n"""\n`,
    `${base}type = "threshold"\nlanguage = "kuery"\nquery = "a:b"\n[rule.threshold]\nfield = ["user.name"]\nvalue = 5\n[[rule.threshold.cardinality]]\nfield = "source.ip"\nvalue = 3\n`,
    `${base}type = "new_terms"\nlanguage = "lucene"\nquery = "a:[1 TO 5}"\nnew_terms_fields = ["user.name"]\nhistory_window_start = "now-7d"\nfrom = "now-6m"\ninterval = "5m"\n[rule.new_terms]\nfield = "new_terms_fields"\nvalue = ["user.id"]\n[[rule.new_terms.history_window_start]]\nfield = "history_window_start"\nvalue = "now-7d"\n`,
    '{"rule_id":"i","name":"n","description":"d","severity":"high","risk_score":73,"type":"query","language":"kuery","query":"a:b","index":["x-*"],"filters":[{"query":{"bool":{"must_not":[{"term":{"a":"b"}},{"range":{"c":{"gte":1}}}]}},"meta":{"negate":true}}],"alert_suppression":{"group_by":["a"],"duration":{"value":5,"unit":"m"}}}\n{"exported_count":1}\n',
    '{"rule_id":"j","name":"n","description":"d","severity":"low","risk_score":1,"type":"saved_query","query":"","threat":[{"framework":"MITRE ATT&CK","tactic":{"id":"TA0001","name":"x","reference":"u"},"technique":[]}]}\n',
  ],
  words: [
    ...KEYS.split(' ').flatMap((key) => [`"${key}":`, `\n${key} = `]),
    ...[
      '[rule]',
      '[[rule.threat]]',
      '"""',
      "'''",
      '{}',
      '[]',
      '{"',
      '":',
      'null',
      'true',
      '5',
      '"kuery"',
      '"lucene"',
      '"eql"',
      '"esql"',
      '"threshold"',
      '"new_terms"',
      '"threat_match"',
      '"machine_learning"',
    ],
    ...[
      '"exists"',
      '"match_phrase"',
      '"bool"',
      '"should"',
      '"must_not"',
      '"wildcard"',
      '"terms"',
      '"meta"',
      '"negate"',
      '"disabled"',
      '\\u0041',
      '\\n',
      '2026-01-01',
      'now-5m',
    ],
  ],
  functions: { elasticFormat, readToml, readJsonValues },
  // A rule of thresholds that was cut short is loaded all the same, and half of it is lost in silence.
  planted: (own) => ({
    ...own,
    elasticFormat: {
      load: (file, context) =>
        own.elasticFormat
          .load(file, context)
          ?.map((outcome) =>
            outcome.status === 'invalid' && file.source.text.includes('threshold')
              ? { ...outcome, diagnostics: [] }
              : outcome,
          ),
    },
  }),
  check(text, { elasticFormat, readToml, readJsonValues }) {
    const context = contextOf({});
    holdOutcomes(elasticFormat, 'r.toml', text, context);
    holdOutcomes(elasticFormat, 'r.ndjson', text, context);
    const toml = readToml(sourceText('r.toml', text));
    if (!toml.ok) holdDiagnostics(toml.diagnostics, text, 'r.toml');
    for (const item of readJsonValues(sourceText('r.ndjson', text))) {
      if (!item.ok) holdDiagnostics([item.diagnostic], text, 'r.ndjson');
    }
  },
});
