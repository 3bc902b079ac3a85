import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { at, documents as lines, elasticRule as rule } from './elastic-rule.ts';
import { dragoman, folder } from './harness.ts';

describe('documents of an index', () => {
  const mapping = JSON.stringify({ properties: { port: { type: 'integer' }, name: { type: 'keyword' } } });
  const documents = lines([
    { '@timestamp': at(0), port: '80', name: 'Ann', user: { name: 'x' } },
    { '@timestamp': at(1), port: 'many', name: 'bob' },
  ]);

  it('are explained', async () => {
    const root = folder({ 'r.json': rule({ query: 'port >= 80' }), 'd.log': documents, 'm.json': mapping });
    const options = ['--index', `logs-x=${root}/d.log`, '--index-mapping', `${root}/m.json`, '--format', 'json'];
    const { code, out } = await dragoman(['explain', '--rule', `${root}/r.json`, ...options]);
    expect(code).toBe(0);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).matches),
    ).toEqual([true, false]);
    const other = await dragoman(['explain', '--rule', `${root}/r.json`, '--index', `other=${root}/d.log`]);
    expect(other.out).toContain('does not match');
  });

  it('explain says why an indicator fits an event or does not', async () => {
    const threat = rule({
      type: 'threat_match',
      threat_index: ['logs-ti'],
      threat_query: '*:*',
      threat_mapping: [{ entries: [{ field: 'name', type: 'mapping', value: 'threat.indicator.name' }] }],
    });
    const list = lines([{ threat: { indicator: { name: 'Ann' } } }]);
    const root = folder({ 'r.json': threat, 'd.log': documents, 'i.log': list });
    const options = ['--index', `logs-x=${root}/d.log`, `logs-ti=${root}/i.log`, '--format', 'json'];
    const { out, err } = await dragoman(['explain', '--rule', `${root}/r.json`, ...options]);
    const found = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).matches);
    expect(found, err).toEqual([true, false, expect.any(Boolean)]);
  });

  it('are queried', async () => {
    const root = folder({ 'd.log': documents, 'm.json': mapping });
    const query = (language: string, text: string) =>
      dragoman([
        ...['query', '--language', language, text, '--index', `logs-x=${root}/d.log`],
        ...['--index-mapping', `${root}/m.json`, '--format', 'ndjson'],
      ]);
    expect((await query('kuery', 'port: 80')).out.trim().split('\n')).toHaveLength(1);
    expect((await query('eql', 'any where port == 80')).out.trim().split('\n')).toHaveLength(1);
    const refused = await query('kusto', 'T');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("--index is for queries of Elastic's")]);
  });

  it('show lint what differs only in case', async () => {
    const root = folder({ 'r.json': rule({ query: 'name: ann' }), 'd.log': documents });
    const { out } = await dragoman(['lint', `${root}/r.json`, '--index', `logs-x=${root}/d.log`]);
    expect(out).toContain('lint/case-only');
  });

  it('that contradict their mapping are said', async () => {
    const root = folder({ 'r.json': rule({}), 'd.log': documents, 'm.json': mapping });
    const options = ['--index', `logs-x=${root}/d.log`, '--index-mapping', `logs-x=${root}/m.json`];
    const { code, err } = await dragoman(['run', '--rules', `${root}/r.json`, ...options]);
    expect(code).toBe(0);
    expect(err).toContain('a document of logs-x has in `port` what is no integer, such as "many"');
    expect(err).not.toContain('`name`');
  });
});

describe('check', () => {
  it('names the fields that neither ECS nor a mapping knows', async () => {
    const root = folder({
      'a.json': rule({ rule_id: 'a', query: 'own.field: 1 and process.name: x and process.parent: *' }),
      'b.json': rule({ rule_id: 'b', type: 'eql', language: 'eql', query: 'any where own.other == "x"' }),
      'm.txt': JSON.stringify({ properties: { own: { properties: { other: { type: 'keyword' } } } } }),
    });
    const unknown = async (...options: string[]): Promise<unknown> => {
      const { out } = await dragoman(['check', root, '--format', 'json', ...options]);
      return JSON.parse(out).rules.map((one: JsonObject) => one['unknown_fields']);
    };
    expect(await unknown()).toEqual([['own.field'], ['own.other']]);
    expect(await unknown('--index-mapping', `${root}/m.txt`)).toEqual([['own.field'], undefined]);
    expect((await dragoman(['check', root])).out).toContain('knows: 2, in 2 rules');
  });

  it('a rule with two types is refused, and those beside it load', async () => {
    const twice = rule({}).replace('"type":"query"', '"type":"query","type":"eql"');
    const root = folder({ 'a.ndjson': `${twice}\n${rule({ rule_id: 'b' })}` });
    const { out, err, code } = await dragoman(['check', root, '--format', 'json']);
    expect(JSON.parse(out).totals).toMatchObject({ loaded: 1, invalid: 1 });
    expect([code, err]).toEqual([1, expect.stringContaining('`type` is written twice')]);
  });

  it.each([
    ['[rule]\ntype = "query"\ntype = "eql"\nrule_id = "x"', 'input/toml'],
    ['[rule]\nrule_id = "x"\nname = 5\ntype = "query"\nquery = "*:*"\nindex = "logs-*"', 'input/wrong-type'],
    ['rule = 5\n', 'input/wrong-type'],
  ])('%j is invalid', async (text, code) => {
    const root = folder({ 'x.toml': text });
    const { out } = await dragoman(['check', root, '--format', 'json']);
    expect(JSON.parse(out).rules[0]).toMatchObject({ status: 'invalid', codes: expect.arrayContaining([code]) });
  });
});

describe('exceptions', () => {
  const events = lines(['ann', 'bob', 'cid'].map((name, minute) => ({ '@timestamp': at(minute), user: { name } })));
  const listed = { exceptions_list: [{ id: 'x', list_id: 'lists', namespace_type: 'single', type: 'detection' }] };
  const item = (entries: readonly JsonObject[], keys: JsonObject = {}): JsonObject => ({
    item_id: 'i',
    list_id: 'lists',
    namespace_type: 'single',
    entries,
    ...keys,
  });
  const isAnn = { field: 'user.name', operator: 'included', type: 'match', value: 'ann' };
  const inList = { field: 'user.name', operator: 'included', type: 'list', list: { id: 'names', type: 'keyword' } };
  const matched = async (files: Readonly<Record<string, string>>, ...options: string[]) => {
    const root = folder({ ...files, 'd.log': events });
    const given = ['run', '--rules', root, '--index', `logs-x=${root}/d.log`, '--format', 'ndjson', ...options];
    const { out, err } = await dragoman(given);
    const found = out.split('\n').filter((line) => line !== '');
    return { names: found.map((line) => JSON.parse(line).event.user.name), err };
  };

  it('stand in the folder of a repository, as its command line writes them', async () => {
    const toml = `[metadata]
list_name = "l"

[[exceptions]]
[exceptions.container]
list_id = "lists"
namespace_type = "single"
type = "detection"

[[exceptions.items]]
item_id = "i"
list_id = "lists"
namespace_type = "single"
[[exceptions.items.entries]]
field = "user.name"
operator = "included"
type = "match"
value = "ann"
`;
    const { names, err } = await matched({ 'rules/r.json': rule(listed), 'exceptions/l.toml': toml });
    expect(names).toEqual(['bob', 'cid']);
    expect(err).not.toContain('not-a-rule');
  });

  it('a list that is nowhere is said, and the rule runs', async () => {
    const { names, err } = await matched({ 'r.json': rule(listed) });
    expect(names).toEqual(['ann', 'bob', 'cid']);
    expect(err).toContain('lists');
  });

  it('value lists stand in the same file or beside it', async () => {
    const values = ['ann', 'bob'].map((value) => ({ list_id: 'names', type: 'keyword', value }));
    const inFile = [rule(listed), JSON.stringify(item([inList])), lines(values)].join('\n');
    expect((await matched({ 'r.ndjson': inFile })).names).toEqual(['cid']);
    const beside = [rule(listed), JSON.stringify(item([inList]))].join('\n');
    expect((await matched({ 'r.ndjson': beside, 'names.txt': 'ann\n\nbob\n' })).names).toEqual(['cid']);
    const { names, err } = await matched({ 'r.ndjson': beside });
    expect([names, err]).toEqual([['ann', 'bob', 'cid'], expect.stringContaining('exception lists kept elsewhere')]);
    expect(err).not.toContain('lint/never');
  });

  it('expire by the time of the run', async () => {
    const file = [rule({ ...listed, from: 'now-1h' }), JSON.stringify(item([isAnn], { expire_time: at(30) }))].join(
      '\n',
    );
    expect((await matched({ 'r.ndjson': file }, '--at', at(20))).names).toEqual(['bob', 'cid']);
    expect((await matched({ 'r.ndjson': file }, '--at', at(40))).names).toEqual(['ann', 'bob', 'cid']);
    expect((await matched({ 'r.ndjson': file }, '--at', at(30))).names).toEqual(['ann', 'bob', 'cid']);
  });

  it('are about operating systems, and about elements of nested fields', async () => {
    const onLinux = [rule(listed), JSON.stringify(item([isAnn], { os_types: ['linux'] }))].join('\n');
    expect((await matched({ 'r.ndjson': onLinux })).names).toEqual(['ann', 'bob', 'cid']);
    const nested = { field: 'user', type: 'nested', entries: [{ ...isAnn, field: 'name' }] };
    const inside = [rule(listed), JSON.stringify(item([nested]))].join('\n');
    expect((await matched({ 'r.ndjson': inside })).names).toEqual(['bob', 'cid']);
  });
});
