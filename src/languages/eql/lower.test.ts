import { describe, expect, test } from 'vitest';
import { plain } from '../../../test/plain-records.ts';
import type { JsonObject } from '../../base/json.ts';
import { sourceText } from '../../base/source-text.ts';
import { compilePipeline, rowOf } from '../../engines/memory/index.ts';
import { bind } from '../../passes/bind.ts';
import { ecsSchema } from '../../schemas/ecs.ts';
import { readIndexMapping } from '../../schemas/index-mapping-file.ts';
import { indexSchema } from '../../schemas/index-mapping-schema.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { type EqlSettings, lowerEql } from './lower.ts';
import { parseEql } from './parser.ts';

const MAPPING: JsonObject = {
  index: {
    mappings: {
      properties: {
        '@timestamp': { type: 'date' },
        name: { type: 'keyword' },
        kind: { type: 'alias', path: 'name' },
        title: { type: 'text', fields: { keyword: { type: 'keyword' } } },
        message: { type: 'text' },
        pid: { type: 'long' },
        score: { type: 'double' },
        on: { type: 'boolean' },
        ip: { type: 'ip' },
        version: { type: 'version' },
        day: { type: 'date', format: 'dd-MM-yyyy||yyyy-MM-dd' },
        state: { type: 'keyword', null_value: 'none' },
        event: { properties: { category: { type: 'keyword' } } },
      },
    },
  },
};

const { mapping } = readIndexMapping('mapping.json', JSON.stringify(MAPPING), ecsSchema);
if (mapping === undefined) throw new Error('the mapping is one');

const settings: EqlSettings = {
  schema: indexSchema(mapping),
  isMapping: true,
  source: { kind: 'records', logType: 'test' },
  category: 'event.category',
  timestamp: '@timestamp',
  tiebreaker: null,
  samples: 1,
};

function holds(condition: string, event: JsonObject, given: Partial<EqlSettings> = {}): boolean {
  const lowered = lowerEql(parseEql(sourceText('q', `any where ${condition}`)).ast, {
    ...settings,
    source: { kind: 'source', schema: 'ecs', scope: null },
    ...given,
  });
  if (!lowered.ok) throw new Error(lowered.diagnostics.map(({ message }) => message).join('; '));
  const plan = bind(lowered.value.plan, plain);
  return compilePipeline(plan, { now: fromEpochMs(0) })(rowOf(event)).length === 1;
}

function refusals(query: string, given: Partial<EqlSettings> = {}): readonly string[] {
  const { ast, diagnostics } = parseEql(sourceText('q', query));
  expect(diagnostics).toEqual([]);
  const lowered = lowerEql(ast, { ...settings, ...given });
  return lowered.ok ? [] : lowered.diagnostics.map(({ code }) => code);
}

describe('what a field without a value gives', () => {
  test.each([
    ['name == "a"', false],
    // Each comparison is a search: what it does not find, its contrary finds.
    ['name != "a"', true],
    ['not name : "a*"', true],
    ['not (name == "a" and pid == 1)', true],
    ['name not in ("a", "b")', true],
    ['pid > 1 or pid <= 1', false],
    ['length(name) > 0', false],
    ['not length(name) > 0', true],
    // But a computed value that is null differs from nothing.
    ['length(name) != 3', false],
    ['name == null', true],
    ['name != null', false],
    ['length(name) == null', true],
    ['(pid > 1) == null', true],
    ['null == (pid > 1 and on)', true],
    ['concat(name, "x") == null', true],
    ['on', false],
    ['on == false', false],
    ['on != true', true],
    ['null', false],
    ['pid > null', false],
    ['string(pid > 1) == null', true],
  ])('%s', (condition, expected) => {
    expect(holds(condition, {})).toBe(expected);
    expect(holds(condition, { name: null, pid: null, on: null })).toBe(expected);
  });
});

describe('several values', () => {
  test.each([
    ['name == "b"', true],
    ['name != "b"', false],
    ['name != "c"', true],
    ['length(name) == 3', true],
    ['startsWith(name, "bcd")', false],
    ['concat(name, "-", name) == "a-bbb"', true],
    ['pid + 1 == 3', true],
    ['pid in (7, 2)', true],
  ])('%s', (condition, expected) => {
    expect(holds(condition, { name: ['a', 'b', 'bbb'], pid: [1, 2] })).toBe(expected);
  });
});

describe('operators', () => {
  test.each([
    ['name : "CMD.exe"', true],
    ['name == "CMD.exe"', false],
    ['name : ("x", "c?d*")', true],
    ['name like "cmd*"', true],
    ['name like "CMD*"', false],
    ['name like~ "CMD*"', true],
    ['name in ("cmd*", "cmd.exe")', true],
    ['name in~ ("CMD.EXE")', true],
    ['name in~ ("CMD*")', false],
    ['name regex "c.d[.]exe"', true],
    ['name regex "cmd"', false],
    ['name regex~ ("x", "CMD.*")', true],
    ['name < "d" and "c" < name', true],
    ['kind == "cmd.exe"', true],
    ['title : "system idle process"', true],
    ['pid == 4', true],
    ['4.0 == pid', true],
    ['-4 == -pid', true],
    ['pid / 3 == 1', true],
    ['pid / 3.0 == 1', false],
    ['pid % 3 == 1 and pid * 2 - 1 == 7', true],
    ['add(pid, 1) == 5', true],
    ['score / 2 == 0.25', true],
    ['on and on == true and (on == false) == false', true],
    ['ip == "10.0.0.1" and ip != "10.0.0.2"', true],
    ['cidrMatch(ip, "192.168.0.0/16", "10.0.0.0/8") == true', true],
    ['cidrMatch(ip, "192.168.0.0/16")', false],
    ['version > "1.9" and version < "1.10.1-rc1"', true],
    ['@timestamp >= "2024-01-31" and @timestamp < "2024-02"', true],
    ['@timestamp == "2024-01"', true],
    ['@timestamp == 1706702400000', true],
    ['day == "2022-12-17"', true],
    ['state == "none"', true],
    ['?nothing == null and ?nothing != "x"', true],
    ['?nothing == null or not ?nothing : "x"', true],
    ['not ?nothing : "x"', false],
    ['not ?nothing in ("x", "y")', false],
    ['not pid > null', false],
    ['indexof(name, "m") == 1 and LENGTH(name) == 7', true],
  ])('%s', (condition, expected) => {
    const event = {
      '@timestamp': '2024-01-31T12:00:00Z',
      name: 'cmd.exe',
      title: 'System Idle Process',
      pid: 4,
      score: 0.5,
      on: true,
      ip: '10.0.0.1',
      version: '1.10.0',
      day: '17-12-2022',
      state: null,
    };
    expect(holds(condition, event)).toBe(expected);
  });
});

describe('what Elasticsearch refuses is refused', () => {
  test.each([
    ['any where nmae == "x"', 'eql/unknown-field'],
    ['any where pid : "4"', 'eql/wrong-type'],
    ['any where pid == "four"', 'eql/bad-value'],
    ['any where ip == "10.0.0"', 'eql/bad-value'],
    ['any where @timestamp > "yesterday"', 'eql/bad-value'],
    ['any where on > true', 'eql/bad-value'],
    ['any where name', 'eql/not-a-condition'],
    ['any where 1 + 2', 'eql/not-a-condition'],
    ['any where name + 1 == 2', 'eql/wrong-type'],
    ['any where length(pid) == 2', 'eql/wrong-type'],
    ['any where length(name) == "x"', 'eql/wrong-type'],
    ['any where length(name, name) == 2', 'eql/argument-count'],
    ['any where length~(name) == 2', 'eql/no-case-form'],
    ['any where lenght(name) == 2', 'eql/unknown-function'],
    ['any where name == kind', 'eql/field-to-field'],
    ['any where length(name) == pid', 'eql/field-to-field'],
    ['any where message == "x"', 'eql/no-exact-values'],
    ['any where event == "x"', 'eql/wrong-type'],
    ['any where name regex "("', 'eql/bad-regex'],
    ['any where name : 5', 'eql/wrong-type'],
    ['any where cidrMatch(ip, "10.0.0.0/99")', 'eql/bad-network'],
    ['any where cidrMatch(ip, name)', 'eql/not-constant'],
    ['sequence [any where true] by name [any where true] by pid', 'eql/key-types'],
    ['sequence by nmae [any where true] [any where true]', 'eql/unknown-field'],
  ])('%s', (query, code) => {
    expect(refusals(query)).toEqual([code]);
  });

  test('a near name is told, and where it stands', () => {
    const lowered = lowerEql(parseEql(sourceText('q', 'any where nmae == "x"')).ast, settings);
    expect(lowered.diagnostics[0]).toMatchObject({
      hints: ['did you mean `name`?'],
      labels: [{ span: { start: 10, end: 14 } }],
    });
  });

  test('without a mapping a field that ECS lacks is what the record has', () => {
    const given = { isMapping: false };
    expect(refusals('any where nmae == "x"', given)).toEqual([]);
    expect(holds('my_field == "x" and other_field + 1 == 3', { my_field: 'x', other_field: '2' }, given)).toBe(true);
  });
});
