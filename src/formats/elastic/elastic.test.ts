import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainly } from '../../../test/plain-records.ts';
import { primarySpan } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import { compilePredicate, rowOf } from '../../engines/memory/index.ts';
import { printPlan } from '../../ir/print/print-plan.ts';
import { ecsSchema } from '../../schemas/ecs.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import type { LoadContext, LoadOutcome } from '../rule-file.ts';
import { elasticFormat } from './elastic.ts';

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => ecsSchema };

function load(text: string, path = 'rules/some_rule.toml'): readonly LoadOutcome[] | undefined {
  return elasticFormat.load({ path, source: sourceText(path, text) }, context);
}

function one(text: string, path?: string): LoadOutcome {
  const [only, ...more] = load(text, path) ?? [];
  if (only === undefined || more.length > 0) throw new Error('not one outcome');
  return only;
}

/** A rule whose keys can be replaced or, with undefined, left out. */
function toml(keys: Readonly<Record<string, string | undefined>> = {}, more = ''): string {
  const all: Record<string, string | undefined> = {
    rule_id: '"id-1"',
    name: '"A rule"',
    description: '"What it finds."',
    severity: '"medium"',
    risk_score: '47',
    type: '"query"',
    language: '"kuery"',
    query: "'event.action:a'",
    ...keys,
  };
  const lines = Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}`]));
  return `[metadata]\nmaturity = "production"\n\n[rule]\n${lines.join('\n')}\n${more}`;
}

function loaded(text: string, path?: string): LoadOutcome & { status: 'loaded' } {
  const outcome = one(text, path);
  if (outcome.status !== 'loaded') throw new Error(outcome.diagnostics.map((found) => found.message).join('\n'));
  return outcome;
}

function planOf(text: string, path?: string): string {
  const { logic } = loaded(text, path).rule;
  if (logic.kind !== 'plan') throw new Error('no plan');
  return printPlan(logic.plan);
}

/** What an outcome says: codes with the text they point at. */
function said(text: string, path?: string): readonly (readonly (string | undefined)[])[] {
  return one(text, path).diagnostics.map((found) => {
    const span = primarySpan(found);
    return [found.code, text.slice(span?.start, span?.end)];
  });
}

describe('rules in TOML', () => {
  test('a query rule is a plan over ECS, in the scope of its indices', () => {
    expect(planOf(toml({ index: '["logs-azure*", "filebeat-8.0", "-logs-azure.other-*"]' }))).toBe(
      '(where (match event.action exact equals "a")\n' +
        '  (source ecs scope (and (or (match _index exact wildcard "logs-azure*") (match _index exact equals "filebeat-8.0")) ' +
        '(not (match _index exact wildcard "-logs-azure.other-*"))))'.replace('"-logs', '"logs') +
        ')',
    );
    expect(planOf(toml())).toBe('(where (match event.action exact equals "a")\n  (source ecs))');
  });

  test('metadata', () => {
    const { rule } = loaded(
      toml(
        {
          tags: '["x", "y"]',
          references: '["https://example.org"]',
          false_positives: '["""\nsome\n"""]',
          enabled: 'false',
        },
        `
[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = "T1552"
[[rule.threat.technique.subtechnique]]
id = "T1552.004"
[rule.threat.tactic]
id = "TA0006"
[[rule.threat]]
[rule.threat.tactic]
id = "TA0007"
`,
      ),
    );
    expect(rule).toMatchObject({
      id: 'id-1',
      name: 'A rule',
      file: 'rules/some_rule.toml',
      format: 'elastic',
      language: 'kuery',
      description: 'What it finds.',
      severity: 'medium',
      enabled: false,
      tags: ['x', 'y'],
      techniques: ['T1552', 'T1552.004'],
      tactics: ['TA0006', 'TA0007'],
      references: ['https://example.org'],
      falsePositives: ['some'],
      schema: 'ecs',
    });
  });

  test.each([
    ['machine_learning', undefined, 'unsupported/elastic-machine-learning'],
    ['saved_query', undefined, 'unsupported/elastic-saved-query'],
  ])('type %s is unsupported, and keeps its identity', (type, language, code) => {
    const text = toml({ type: `"${type}"`, language: language && `"${language}"`, query: undefined });
    const outcome = one(text);
    expect(outcome.status).toBe('unsupported');
    expect(said(text)).toEqual([[code, `"${type}"`]]);
    expect(outcome.status === 'unsupported' && outcome.identity.id).toBe('id-1');
  });

  test('an EQL rule is a filter over its events, or a sequence', () => {
    const eql = { type: '"eql"', language: '"eql"' };
    const single = loaded(toml({ ...eql, query: '\'process where process.name : "cmd*"\'' })).rule;
    expect(single).toMatchObject({ language: 'eql', logic: { columns: undefined, plan: { kind: 'where' } } });
    const query = "'sequence by host.id with maxspan=1m [process where true] [any where process.pid == 4]'";
    const keys = {
      event_category_override: '"kind"',
      timestamp_field: '"event.created"',
      tiebreaker_field: '"event.sequence"',
    };
    const plan = planOf(toml({ ...eql, ...keys, query, index: '["logs-*"]' }));
    expect(plan).toContain('kind');
    expect(plan).toContain('tie event.sequence');
    expect(plan).toContain('event.created');
    expect(plan).not.toContain('event.category');
  });

  test('an EQL query that Elasticsearch refuses is an invalid rule, with the place', () => {
    const text = toml({ type: '"eql"', language: '"eql"', query: "'process where process.name == 1 + '" });
    expect(one(text).status).toBe('invalid');
    expect(said(text)[0]?.[0]).toBe('eql/expected');
    const piped = toml({ type: '"eql"', language: '"eql"', query: "'process where true | head 5'" });
    expect(one(piped).status).toBe('unsupported');
    expect(said(piped)).toEqual([['unsupported/eql-pipe', 'head 5']]);
  });

  test('the exceptions of an EQL rule are kept from its events', () => {
    const query = "'sequence by a [any where b == 1] [any where c == 2]'";
    const filters = '[[rule.filters]]\nquery.exists.field = "d"\n[rule.filters.meta]\nnegate = false\n';
    expect(planOf(toml({ type: '"eql"', language: '"eql"', query }, filters)).match(/exists d/g)?.length ?? 0).toBe(2);
  });

  test('a saved query that is in the file runs as a query', () => {
    expect(one(toml({ type: '"saved_query"' })).status).toBe('loaded');
  });

  test('a Lucene query runs, and what its language has no word for is said', () => {
    expect(one(toml({ language: '"lucene"', query: '"a: b"' })).status).toBe('loaded');
    expect(said(toml({ language: '"lucene"', query: '"a: b~"' }))).toEqual([['unsupported/lucene', 'a: b~']]);
    expect(said(toml({ language: '"lucene"', query: '"a: (b"' }))[0]?.[0]).toBe('lucene/expected');
    const words = Array.from({ length: 5_000 }, (_, at) => `word${at}`).join(' OR ');
    expect(said(toml({ language: '"lucene"', query: `"${words}"` })).map(([code]) => code)).toEqual([
      'kuery/too-large',
    ]);
    expect(said(toml({ language: '"painless"' }))).toEqual([['unsupported/elastic-language', '"painless"']]);
  });

  test.each([
    [toml({ type: undefined }), 'input/missing-key', 'rule'],
    [toml({ severity: '"grave"' }), 'input/wrong-type', '"grave"'],
    [toml({ severity: '3' }), 'input/wrong-type', '3'],
    [toml({ risk_score: '"high"' }), 'input/wrong-type', '"high"'],
    [toml({ type: '"querry"' }), 'input/wrong-type', '"querry"'],
    [toml({ tags: '"x"' }), 'input/wrong-type', '"x"'],
    [toml({ tags: '["x", 1]' }), 'input/wrong-type', '1'],
    [toml({ index: '"logs-*"' }), 'input/wrong-type', '"logs-*"'],
    [toml({ query: '1' }), 'input/wrong-type', '1'],
    [toml({ query: undefined }), 'input/missing-key', 'rule'],
    [toml({ threat: '[1]' }), 'input/wrong-type', '1'],
    [toml({ query: "'event.action:a b:c'" }), 'kuery/expected', ':'],
    [
      toml({ query: '"""\nevent.action:(a or\n  \\"b\\") and\n  source.ip:abc"""' }),
      'kuery/bad-value',
      'source.ip:abc',
    ],
    ['[rule]\nname = ', 'input/toml', ''],
    ['rule = 1', 'input/wrong-type', '1'],
  ])('%# is invalid', (text, code, at) => {
    expect(one(text).status).toBe('invalid');
    expect(said(text)).toContainEqual([code, at]);
  });

  test('files of other kinds are left alone', () => {
    expect(load('[project]\nname = "x"')).toBeUndefined();
    expect(load('[hunt]\nname = "x"')).toBeUndefined();
    expect(load('= broken')).toBeUndefined();
    expect(load('{"name": "x", "version": "1"}', 'package.json')).toBeUndefined();
    expect(load('not json', 'x.json')).toBeUndefined();
    expect(load('', 'x.ndjson')).toBeUndefined();
  });

  test('exception lists are named as not applied', () => {
    const text = toml(
      {},
      '[[rule.exceptions_list]]\nid = "endpoint_list"\nlist_id = "endpoint_list"\ntype = "endpoint"',
    );
    expect(one(text).status).toBe('loaded');
    expect(one(text).diagnostics.map((found) => [found.code, found.params])).toEqual([
      ['elastic/exceptions-not-applied', { lists: ['endpoint_list'] }],
    ]);
  });

  test('lint points into the file, and its fix is written as the file needs it', () => {
    const text = toml({ query: '"""\nevent.action:\\"C:\\\\\\\\x\\\\\\\\*\\"\n"""' });
    const [found] = loaded(text).lint();
    const span = found && primarySpan(found);
    expect(found?.code).toBe('kuery/quoted-wildcard');
    expect(text.slice(span?.start, span?.end)).toBe('\\"C:\\\\\\\\x\\\\\\\\*\\"');
    const edit = found?.fixes[0]?.edits[0];
    const fixed = text.slice(0, edit?.span.start) + edit?.text + text.slice(edit?.span.end);
    expect(planOf(fixed)).toContain('(match event.action exact wildcard "C:\\\\\\\\x\\\\\\\\*")');
  });
});

describe('filters', () => {
  const filter = (query: string, meta = ''): string =>
    toml({}, `[[rule.filters]]\n[rule.filters.meta]\n${meta}\n[rule.filters.query]\n${query}`);

  test.each([
    ['exists = { field = "user.name" }', '(exists user.name)'],
    ['match_phrase = { "event.code" = "1" }', '(match event.code exact equals "1")'],
    ['match_phrase = { "message" = { query = "a b" } }', '(match message exact analysed phrase "a b")'],
    ['match = { "message" = "a b" }', '(match message exact analysed any "a b")'],
    ['term = { "event.code" = { value = "a", case_insensitive = true } }', '(match event.code ignore-case equals "a")'],
    ['term = { "source.ip" = "10.0.0.0/8" }', '(match source.ip exact cidr 10.0.0.0/8)'],
    [
      'terms = { "event.code" = ["a", 1] }',
      '(or (match event.code exact equals "a") (match event.code exact equals "1"))',
    ],
    ['prefix = { "file.path" = "C:" }', '(match file.path exact wildcard "C:*")'],
    [
      "wildcard = { 'file.path' = { case_insensitive = true, value = '?:\\\\x\\*\\\\*' } }",
      '(match file.path ignore-case wildcard "?:\\\\\\\\x\\\\*\\\\\\\\*")',
    ],
    ['range = { "destination.port" = { gte = 5, lt = 10 } }', '(match destination.port exact range >= 5 < 10)'],
    [
      'range = { "@timestamp" = { gte = "now-1d", lt = "now" } }',
      '(elastic.date-range @timestamp ">=" "now-1d" "<" "now")',
    ],
    [
      'bool = { filter = [{ exists = { field = "a" } }], must_not = { exists = { field = "b" } }, should = [{ exists = { field = "c" } }] }',
      '(exists a) (not (exists b))',
    ],
    [
      'bool = { should = [{ exists = { field = "a" } }, { exists = { field = "b" } }], minimum_should_match = 1 }',
      '(or (exists a) (exists b))',
    ],
    ['match_all = {}', 'true'],
    [
      'query_string = { query = "user.name: a* AND NOT user.name: ab" }',
      '(match user.name exact wildcard "a*") (not (match user.name exact equals "ab"))',
    ],
    [
      'query_string = { query = "a", fields = ["user.name", "host.name"] }',
      '(or (match user.name exact equals "a") (match host.name exact equals "a"))',
    ],
    [
      'multi_match = { query = "a b", type = "phrase", fields = ["message"] }',
      '(match message exact analysed phrase "a b")',
    ],
    [
      'match = { "message" = { query = "a b", operator = "and" } }',
      '(match message exact analysed any "a") (match message exact analysed any "b")',
    ],
    ['match = { "message" = { query = "a b", type = "phrase" } }', '(match message exact analysed phrase "a b")'],
    [
      'regexp = { "user.name" = { value = "a.*", case_insensitive = true } }',
      '(match user.name ignore-case regex lucene anchored "a.*")',
    ],
    ['ids = { values = ["1", "2"] }', '(match _id exact one-of ["1" "2"])'],
    ['constant_score = { filter = { exists = { field = "a" } } }', '(exists a)'],
    [
      'bool = { should = [{ exists = { field = "a" } }, { exists = { field = "b" } }, { exists = { field = "c" } }], minimum_should_match = 2 }',
      '(at-least 2 (exists a) (exists b) (exists c))',
    ],
  ])('%s', (query, expected) => {
    expect(planOf(filter(query)).split('\n')[0]).toBe(`(where (and (match event.action exact equals "a") ${expected})`);
  });

  test('negated, disabled', () => {
    expect(planOf(filter('exists = { field = "a" }', 'negate = true'))).toContain('(not (exists a))');
    expect(planOf(filter('script = { x = 1 }', 'disabled = true'))).toContain(
      '(where (match event.action exact equals "a")\n',
    );
  });

  test.each([
    ['query_string = { query = "a~" }', 'unsupported', 'unsupported/lucene'],
    ['query_string = { query = "a", fuzziness = 2 }', 'unsupported', 'unsupported/elastic-filter'],
    ['script = { script = { source = "true" } }', 'unsupported', 'unsupported/elastic-filter'],
    ['term = { "message" = "a" }', 'unsupported', 'unsupported/elastic-filter'],
    ['range = { "@timestamp" = { gte = "2024", time_zone = "+01:00" } }', 'unsupported', 'unsupported/elastic-filter'],
    [
      'bool = { should = [{ match_all = {} }], minimum_should_match = "50%" }',
      'unsupported',
      'unsupported/elastic-filter',
    ],
    ['wildcard = { "destination.port" = "8*" }', 'invalid', 'elastic/bad-filter'],
    ['exists = { }', 'invalid', 'elastic/bad-filter'],
    ['term = { "source.ip" = "abc" }', 'invalid', 'kuery/bad-value'],
  ])('%s makes the rule %s', (query, status, code) => {
    const outcome = one(filter(query));
    expect(outcome.status).toBe(status);
    expect(outcome.diagnostics.map((found) => found.code)).toContain(code);
  });

  test('a backslash that escapes nothing is pointed out', () => {
    const outcome = one(filter("wildcard = { 'file.path' = { value = 'C:\\Windows\\*' } }"));
    expect(outcome.diagnostics.map((found) => found.code)).toEqual(['elastic/filter-escape']);
  });
});

describe('rules in JSON', () => {
  const rule = {
    rule_id: 'id-1',
    name: 'A rule',
    description: 'x',
    severity: 'low',
    risk_score: 21,
    type: 'query',
    language: 'kuery',
    query: 'event.action:"a*" or x:"\u00e9"',
    index: ['logs-*'],
    filters: [],
    threat: [],
    data_view_id: null,
  };
  const line = (keys: object = {}): string => JSON.stringify({ ...rule, ...keys });

  test('an export: one rule a line, lists and the summary beside them', () => {
    const text = [
      line(),
      line({ rule_id: 'id-2', type: 'machine_learning' }),
      '{"rule_id": "id-3", "name":',
      line({ rule_id: 'id-4', severity: 1 }),
      '{"list_id":"l","name":"list","type":"detection"}',
      '{"list_id":"l","item_id":"i","entries":[]}',
      '{"what":"ever"}',
      '{"exported_count":4,"exported_rules_count":3}',
    ].join('\n');
    const outcomes = load(text, 'export.ndjson') ?? [];
    expect(outcomes.map((outcome) => [outcome.status, outcome.diagnostics[0]?.code])).toEqual([
      ['loaded', undefined],
      ['unsupported', 'unsupported/elastic-machine-learning'],
      ['invalid', 'input/json'],
      ['invalid', 'input/wrong-type'],
      ['invalid', 'input/not-a-rule'],
    ]);
  });

  test('a file cut off inside its only rule is a broken rule, not another kind of file', () => {
    expect(said(line().slice(0, -20), 'x.ndjson').map(([code]) => code)).toEqual(['input/json']);
  });

  test('what the API gives: a rule, a list, a page; what packages hold', () => {
    const pretty = JSON.stringify(rule, undefined, 2);
    const forms = [
      pretty,
      `[${line()},${line()}]`,
      `{"data":[${line()}],"total":1,"page":1}`,
      `{"attributes":${line()},"id":"x","type":"security-rule"}`,
    ];
    expect(forms.map((text) => load(text, 'x.json')?.map((outcome) => outcome.status))).toEqual([
      ['loaded'],
      ['loaded', 'loaded'],
      ['loaded'],
      ['loaded'],
    ]);
  });

  test('lint points into the JSON string, and its fix fits there', () => {
    const text = `\n${line()}`;
    const [found] = loaded(text, 'x.ndjson').lint();
    const span = found && primarySpan(found);
    expect(text.slice(span?.start, span?.end)).toBe('\\"a*\\"');
    expect(found?.fixes[0]?.edits[0]?.text).toBe('a*');
  });
});

test('a loaded rule decides events', () => {
  const { logic } = loaded(toml({ query: "'event.action:(A* or b) and not user.name:root'" })).rule;
  if (logic.kind !== 'plan' || logic.plan.kind !== 'where') throw new Error('no plan');
  const decide = compilePredicate(plainly(logic.plan.predicate), { now: fromEpochMs(0) });
  expect(decide(rowOf({ event: { action: 'Abc' } }))).toBe(true);
  expect(decide(rowOf({ event: { action: 'abc' } }))).toBe(false);
  expect(decide(rowOf({ event: { action: 'b' }, user: { name: 'root' } }))).toBe(false);
});

test('never throws on any values of the keys', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('query', 'kuery', 'low', 'a:b', 'a:(', { query: { bool: { must: [1] } } }),
  );
  const keys = [
    'rule_id',
    'name',
    'description',
    'severity',
    'risk_score',
    'type',
    'language',
    'query',
    'index',
    'filters',
    'threat',
    'tags',
    'exceptions_list',
  ];
  const query = fc.record(
    Object.fromEntries(
      ['exists', 'term', 'terms', 'range', 'bool', 'wildcard', 'match'].map((key) => [key, fc.jsonValue()]),
    ),
    { requiredKeys: [] },
  );
  const fields = fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: ['rule_id'] });
  fc.assert(
    fc.property(fields, fc.array(query), (made, filters) => {
      const base = { name: 'n', description: 'd', severity: 'low', risk_score: 1, type: 'query', query: 'a:b' };
      const text = JSON.stringify({ ...base, filters: filters.map((each) => ({ query: each })), ...made });
      for (const outcome of load(text, 'x.json') ?? []) {
        expect(outcome.status === 'loaded' || outcome.diagnostics.some((found) => found.severity === 'error')).toBe(
          true,
        );
      }
    }),
    { numRuns: 10_000 },
  );
});
