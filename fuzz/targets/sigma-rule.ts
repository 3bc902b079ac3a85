import { sigmaFormat } from '../../src/formats/sigma/sigma.ts';
import type { Random } from '../engine/random.ts';
import { contextOf, holdOutcomes } from './rule-file.ts';
import { SIGMA_WORDS, sigmaRule } from './sigma-grammar.ts';
import { textTargetOf } from './target-of.ts';

export default textTargetOf({
  name: 'sigma-rule',
  about:
    'Sigma rules with every modifier, correlations and filters: a rule loads with a sound plan, or it is said why not',
  seeds: [
    "title: a\nid: 11111111-1111-4111-8111-111111111111\nstatus: test\nlogsource: {product: windows, category: process_creation}\ndetection:\n  sel:\n    Image|endswith: '\\cmd.exe'\n    CommandLine|contains|all: [a, b*]\n  filter: {User: null}\n  condition: sel and not filter\nlevel: high\ntags: [attack.t1059.001, attack.execution]\n",
    'title: b\nlogsource: {product: linux}\ndetection:\n  keywords:\n    - foo\n    - \'|all\': [bar, baz]\n  sel|re|i: "a.*b"\n  condition: 1 of them\n',
    'title: c\nname: c\nlogsource: {service: x}\ndetection: {sel: {a|cidr: 10.0.0.0/8, b|gte: 5, c|exists: true, d|fieldref: e, f|base64offset|contains: http}, condition: sel}\n---\ntitle: many\ncorrelation: {type: event_count, rules: [c], group-by: [a], timespan: 5m, condition: {gte: 10}}\n',
    'title: d\nlogsource: {category: proxy}\ndetection:\n  sel:\n    - a|windash|contains: " -f"\n    - b|utf16le|base64: x\n      c|wide|base64offset: y\n  timeframe: 5m\n  condition: sel | count(b) by c > 3\n',
    'title: e\nlogsource: {product: windows}\nfilter: {rules: [c], selection: {a: b}, condition: not selection}\n',
  ],
  words: SIGMA_WORDS,
  make: (random: Random) => sigmaRule(random),
  functions: { load: sigmaFormat },
  // A rule with a network in it is invalid, and nothing says why.
  planted: (own) => ({
    ...own,
    load: {
      load: (file, context) =>
        own.load
          .load(file, context)
          ?.map((outcome) =>
            outcome.status === 'loaded' && file.source.text.includes('|cidr')
              ? { status: 'invalid', identity: outcome.rule, diagnostics: [] }
              : outcome,
          ),
    },
  }),
  check(text, { load }) {
    holdOutcomes(load, 'r.yml', text, contextOf({}));
  },
});
