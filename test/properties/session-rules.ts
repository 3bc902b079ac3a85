/** Rules of every dialect that remember something, and some that do not, over the records that `session.test.ts` makes. */

const sigma = (name: string, rest: string): string =>
  `title: ${name}\nid: ${name}\nname: ${name}\nlogsource: {}\n${rest}\n`;
const picks = (name: string, value: string): string =>
  sigma(name, `detection: {s: {x: ${value}}, condition: s}\nlevel: low`);
const correlation = (name: string, body: string): string =>
  `title: ${name}\nid: ${name}\nname: ${name}\ncorrelation: {${body}, generate: true}\nlevel: high\n`;

const SIGMA = [
  picks('a', 'a'),
  picks('b', 'b'),
  picks('c', 'c'),
  sigma('legacy', 'detection: {s: {x: a}, condition: s | count() by user > 1, timeframe: 60s}'),
  correlation('count', 'type: event_count, rules: [a], group-by: [user], timespan: 10s, condition: {gte: 2}'),
  correlation('few', 'type: event_count, rules: [a, b], group-by: [user], timespan: 10s, condition: {lt: 2}'),
  correlation(
    'values',
    'type: value_count, rules: [a], group-by: [user], timespan: 30s, condition: {gte: 2, field: n}',
  ),
  correlation('sum', 'type: value_sum, rules: [a, b], timespan: 10s, condition: {gte: 3, field: n}'),
  correlation('mean', 'type: value_avg, rules: [a, b], timespan: 30s, condition: {gte: 1, field: n}'),
  correlation('median', 'type: value_median, rules: [a], timespan: 30s, condition: {gte: 1, field: n}'),
  correlation('any', 'type: temporal, rules: [a, b], group-by: [user], timespan: 10s'),
  correlation('ordered', 'type: temporal_ordered, rules: [a, b, c], group-by: [user], timespan: 30s'),
  correlation('above', 'type: temporal_ordered, rules: [count, b], group-by: [user], timespan: 60s'),
].join('---\n');

const elastic = (name: string, body: string): string =>
  `[metadata]\nmaturity = "production"\n\n[rule]\nname = "${name}"\nrule_id = "${name}"\nrisk_score = 21\nseverity = "low"\nlanguage = "kuery"\n${body}\n`;

/** Of the ES|QL type, over whatever there is. */
const esql = (name: string, query: string): string =>
  elastic(name, `type = "esql"\nquery = '''FROM * METADATA _id | ${query}'''`).replace('"kuery"', '"esql"');

const sentinel = (name: string, head: string, ...query: readonly string[]): string =>
  [
    `id: ${name}`,
    `name: ${name}`,
    'kind: Scheduled',
    'severity: Medium',
    head,
    'query: |',
    ...query.map((one) => `  ${one}`),
    '',
  ].join('\n');
const NO_TRIGGER = 'triggerOperator: gt\ntriggerThreshold: 0';

const panther = (name: string, value: string, more: string): string =>
  `AnalysisType: rule\nRuleID: ${name}\nLogTypes: [T]\nSeverity: Low\nDetection: [{Key: x, Condition: Equals, Value: ${value}}]\n${more}\n`;
const among = (name: string, body: string): string =>
  `AnalysisType: correlation_rule\nRuleID: ${name}\nSeverity: High\nDetection:\n  - ${body}\n`;

export const RULES: Readonly<Record<string, string>> = {
  'sigma.yml': SIGMA,
  'threshold.toml': elastic(
    'threshold',
    'type = "threshold"\nquery = "x: a"\n[rule.threshold]\nfield = ["user"]\nvalue = 2\n[[rule.threshold.cardinality]]\nfield = "n"\nvalue = 2',
  ),
  'new.toml': elastic(
    'new',
    'type = "new_terms"\nquery = "x: a or x: c"\n[rule.new_terms]\nfield = "new_terms_fields"\nvalue = ["user"]\n[[rule.new_terms.history_window_start]]\nfield = "history_window_start"\nvalue = "now-30s"',
  ),
  'recent.toml': elastic('recent', 'type = "query"\nquery = "x: b and @timestamp >= now-20s"'),
  'excepted.toml': elastic(
    'suppressed',
    'type = "query"\nquery = "x: *"\n[rule.alert_suppression]\ngroup_by = ["user"]\nmissing_fields_strategy = "suppress"\n[rule.alert_suppression.duration]\nvalue = 1\nunit = "m"',
  ),
  'esql-rows.toml': esql(
    'esql rows',
    'WHERE x == "a" | EVAL both = [user, "w"], t = DATE_TRUNC(10 seconds, @timestamp) | MV_EXPAND both',
  ),
  'esql-groups.toml': esql(
    'esql groups',
    'STATS n = COUNT(*), all = VALUES(x), most = MAX(n::double) WHERE x != "c", users = COUNT_DISTINCT(user) BY x | WHERE n > 1 | SORT n DESC, x',
  ),
  'esql-inline.toml': esql(
    'esql inline',
    'WHERE x IS NOT NULL | INLINE STATS n = COUNT(*) BY user | WHERE n > 2 | KEEP _id, user, n',
  ),
  'esql-in.toml': esql('esql in', 'WHERE user IN (FROM * | WHERE x == "b" | KEEP user) | STATS n = COUNT(*)'),
  'made.yaml': sentinel(
    'made',
    NO_TRIGGER,
    'AzureActivity',
    '| summarize n = count(), callers = make_set(Caller), all = make_list(ResourceGroup), last = arg_max(TimeGenerated, Caller),',
    '    odd = countif(CallerIpAddress == "203.0.113.0"), groups = dcount(ResourceGroup), first = min(TimeGenerated), one = take_any(Caller),',
    '    whole = sum(strlen(Caller)), mean = avg(0.3 * datetime_part("second", TimeGenerated)) by CallerIpAddress',
  ),
  'newest.yaml': sentinel(
    'newest',
    NO_TRIGGER,
    'AzureActivity',
    '| order by TimeGenerated desc, Caller asc',
    '| take 2',
  ),
  'different.yaml': sentinel('different', NO_TRIGGER, 'AzureActivity', '| distinct Caller, CallerIpAddress'),
  'today.yaml': sentinel(
    'today',
    'queryFrequency: 1m\nqueryPeriod: 2m\ntriggerOperator: gt\ntriggerThreshold: 0',
    'AzureActivity',
    '| where TimeGenerated > ago(20s)',
    '| summarize n = count() by Caller',
  ),
  'rare.yaml': sentinel(
    'rare',
    'queryFrequency: 1m\nqueryPeriod: 1m\ntriggerOperator: lt\ntriggerThreshold: 3',
    'AzureActivity',
    '| where CallerIpAddress == "203.0.113.0"',
  ),
  'many.yaml': sentinel(
    'many',
    'triggerOperator: gt\ntriggerThreshold: 1',
    'AzureActivity',
    '| where CallerIpAddress == "203.0.113.1"',
  ),
  'p.yml': panther('p', 'a', 'Threshold: 2\nDedupPeriodMinutes: 15\nGroupByKeys: [user]'),
  'q.yml': panther('q', 'b', 'DedupPeriodMinutes: 1'),
  'r.yml': panther('r', 'c', ''),
  'group.yml': among('group', 'Group: [{RuleID: p}, {RuleID: q}]\n    LookbackWindowMinutes: 1'),
  'sequence.yml': among(
    'sequence',
    'Sequence: [{ID: 1, RuleID: p}, {ID: 2, RuleID: r}]\n    Transitions: [{ID: t, From: 1, To: 2, WithinTimeFrameMinutes: 1, Match: [{From: user, To: user}]}]\n    LookbackWindowMinutes: 5',
  ),
  'missing.yml': among('missing', 'Group: [{RuleID: p}, {RuleID: r, Absence: true}]\n    LookbackWindowMinutes: 1'),
};
