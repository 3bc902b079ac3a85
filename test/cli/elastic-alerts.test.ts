import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { at, documents as lines, elasticRule as rule } from './elastic-rule.ts';
import { dragoman, folder } from './harness.ts';

type Alert = Readonly<Record<string, Json>>;

async function alertsOf(
  files: Readonly<Record<string, string>>,
  options: (root: string) => readonly string[],
): Promise<{ readonly alerts: readonly Alert[]; readonly err: string; readonly code: number }> {
  const root = folder(files);
  const { code, out, err } = await dragoman(['run', '--rules', root, '--format', 'ecs-alert', ...options(root)]);
  const found = out.split('\n').filter((line) => line !== '');
  return { alerts: found.map((line): Alert => JSON.parse(line)), err, code };
}

describe('indicators', () => {
  const threat = (keys: JsonObject): string =>
    rule({
      type: 'threat_match',
      threat_index: ['logs-ti_*'],
      threat_query: '@timestamp >= "now-30d/d"',
      threat_mapping: [{ entries: [{ field: 'source.ip', type: 'mapping', value: 'threat.indicator.ip' }] }],
      ...keys,
    });
  const mapping = JSON.stringify({ properties: { source: { properties: { ip: { type: 'ip' } } } } });
  const event = (id: string, source: JsonObject, more: JsonObject = {}): JsonObject => {
    return { _id: id, '@timestamp': at(1), source, ...more };
  };
  const indicator = (id: string, of: JsonObject, time = '2024-02-20T00:00:00Z'): JsonObject => {
    return { _id: id, '@timestamp': time, threat: { indicator: of, feed: { name: 'feed' } } };
  };
  const run = (keys: JsonObject, events: readonly JsonObject[], list: readonly JsonObject[], ...more: string[]) =>
    alertsOf({ 'rule.json': threat(keys), 'e.log': lines(events), 'i.log': lines(list) }, (root) => [
      ...['--index', `logs-x=${root}/e.log`, `logs-ti_x=${root}/i.log`],
      ...more,
    ]);
  const ids = (alerts: readonly Alert[]): readonly Json[] =>
    alerts.map((alert) => {
      const ancestors = alert['kibana.alert.ancestors'];
      return Array.isArray(ancestors) ? (ancestors[0]?.id ?? null) : null;
    });

  it('fit an event by any of its values, whenever the indicator was seen, and are told of', {
    tags: 'large',
  }, async () => {
    const events = [
      event('hit', { ip: ['10.0.0.1', '10.0.0.9'] }),
      event('miss', { ip: '10.0.0.2' }),
      event('network', { ip: '192.168.3.4' }),
      event('old', { ip: '10.0.0.3' }),
      event('several', { ip: '10.0.0.4' }),
    ];
    const list = [
      indicator('1', { ip: '10.0.0.9' }),
      indicator('2', { ip: '192.168.0.0/16' }),
      indicator('3', { ip: '10.0.0.3' }, '2023-01-01T00:00:00Z'),
      indicator('4', { ip: ['10.0.0.4', '10.0.0.5'] }),
    ];
    for (const more of [[], ['--at', at(3)], ['--schedule']]) {
      const { alerts, code } = await run({}, events, list, ...more);
      expect(code).toBe(0);
      expect(ids(alerts)).toEqual(['hit', 'network']);
      expect(alerts[0]?.['threat.enrichments']).toEqual([
        {
          indicator: { ip: '10.0.0.9' },
          feed: { name: 'feed' },
          matched: {
            atomic: '10.0.0.9',
            field: 'source.ip',
            id: '1',
            index: 'logs-ti_x',
            type: 'indicator_match_rule',
          },
        },
      ]);
    }
  });

  it('of an item all entries must hold with one indicator, of the items one', async () => {
    const entry = (name: string, value: string, negate = false): JsonObject => ({
      field: name,
      type: 'mapping',
      value: `threat.indicator.${value}`,
      ...(negate && { negate }),
    });
    const keys = {
      threat_mapping: [
        { entries: [entry('source.ip', 'ip'), entry('source.port', 'port')] },
        { entries: [entry('user.name', 'name'), entry('host.name', 'host', true)] },
      ],
    };
    const events = [
      event('both', { ip: '10.0.0.1', port: 80 }),
      event('of two indicators', { ip: '10.0.0.1', port: 443 }),
      event('other host', {}, { user: { name: 'ann' }, host: { name: 'b' } }),
      event('same host', {}, { user: { name: 'ann' }, host: { name: 'a' } }),
      event('no host', {}, { user: { name: 'ann' } }),
    ];
    const list = [
      indicator('1', { ip: '10.0.0.1', port: 80 }),
      indicator('2', { ip: '10.0.0.2', port: 443 }),
      indicator('3', { name: 'ann', host: 'a' }),
      indicator('4', { name: 'ann' }),
    ];
    const { alerts } = await run(keys, events, list);
    expect(ids(alerts)).toEqual(['both', 'other host', 'no host']);
    const [first] = alerts;
    const enrichments = first?.['threat.enrichments'];
    const told = Array.isArray(enrichments) ? enrichments.map(({ matched }) => [matched.field, matched.id]) : [];
    expect(told).toEqual([
      ['source.ip', '1'],
      ['source.port', '1'],
    ]);
  });

  it('that are not there are said', async () => {
    const { alerts, err } = await run({}, [event('1', { ip: '10.0.0.1' })], []);
    expect(alerts).toEqual([]);
    expect(err).toContain('A rule found no indicators');
  });

  it.each([
    [{ threat_mapping: [] }, 'must be a list with an item'],
    [{ threat_mapping: [{ entries: [{ field: 'a', type: 'mapping', value: 'b', negate: true }] }] }, 'not negated'],
    [{ threat_mapping: [{ entries: [{ field: 'a', type: 'other', value: 'b' }] }] }, 'must be `mapping`'],
    [{ threat_mapping: null }, '`threat_mapping`'],
    [{ threat_query: 'a: (' }, 'expected'],
    [{ threat_language: 'eql' }, 'kuery or lucene'],
  ])('%j is refused', async (keys, message) => {
    const { err, code } = await run(keys, [], []);
    expect(code).toBe(3);
    expect(err).toContain(message);
  });

  it('are found by the type of the event field', async () => {
    const events = [event('1', { ip: '::ffff:10.0.0.1' }), event('2', { ip: '10.0.0.1' })];
    const root = folder({ 'mapping.json': mapping });
    const list = [indicator('1', { ip: '10.0.0.1' })];
    const typed = await run({}, events, list, '--index-mapping', `${root}/mapping.json`);
    expect(ids(typed.alerts)).toEqual(['1', '2']);
  });
});

describe('sequences', () => {
  const sequence = (keys: JsonObject): string =>
    rule({
      type: 'eql',
      language: 'eql',
      query: 'sequence by host.name [any where event.action == "a"] [any where event.action == "b"]',
      ...keys,
    });
  const event = (minute: number, action: string, host: string, more: JsonObject = {}): JsonObject => ({
    _id: `${minute}`,
    '@timestamp': at(minute),
    event: { action },
    host: { name: host, ip: ['10.0.0.1', `10.0.1.${minute}`] },
    ...more,
  });
  const run = (keys: JsonObject, events: readonly JsonObject[], ...more: string[]) =>
    alertsOf({ 'rule.json': sequence(keys), 'e.log': lines(events) }, (root) => [
      ...['--index', `logs-x=${root}/e.log`, ...more],
    ]);

  it('are a building block for each event, and a shell with what they have in common', async () => {
    const keys = {
      severity_mapping: [{ field: 'event.action', operator: 'equals', value: 'b', severity: 'high' }],
      risk_score_mapping: [{ field: 'score', operator: 'equals', value: '' }],
    };
    const events = [event(1, 'a', 'x', { user: 'ann', score: 50 }), event(2, 'b', 'x', { user: 'ann' })];
    for (const more of [[], ['--at', at(3)]]) {
      const { alerts, err } = await run(keys, events, ...more);
      const [first, second, shell] = alerts;
      expect(alerts.length, err).toBe(3);
      expect(first).toMatchObject({
        user: 'ann',
        'kibana.alert.depth': 1,
        'kibana.alert.building_block_type': 'default',
        'kibana.alert.group.index': 0,
        'kibana.alert.severity': 'low',
        'kibana.alert.risk_score': 50,
        'kibana.alert.original_event.action': 'a',
        'kibana.alert.original_time': at(1),
      });
      expect(second).toMatchObject({ 'kibana.alert.severity': 'high', 'kibana.alert.risk_score': 21 });
      expect(shell).toMatchObject({
        user: 'ann',
        host: { name: 'x', ip: ['10.0.0.1'] },
        'kibana.alert.depth': 2,
        'kibana.alert.severity': 'low',
        'kibana.alert.risk_score': 21,
        'kibana.alert.group.id': first?.['kibana.alert.group.id'],
      });
      expect(shell).not.toHaveProperty('kibana.alert.building_block_type');
      expect(shell).not.toHaveProperty('event');
      const ancestors = shell?.['kibana.alert.ancestors'];
      expect(Array.isArray(ancestors) && ancestors.map(({ id, type, depth }) => [id, type, depth])).toEqual([
        ['1', 'event', 0],
        [first?.['kibana.alert.uuid'], 'signal', 1],
        ['2', 'event', 0],
        [second?.['kibana.alert.uuid'], 'signal', 1],
      ]);
    }
  });

  it('max_signals counts shells', async () => {
    const events = ['x', 'y', 'z'].flatMap((host, place) => [event(place, 'a', host), event(place + 3, 'b', host)]);
    const { alerts, err } = await run({ max_signals: 2 }, events);
    expect(alerts).toHaveLength(6);
    expect(err).toContain('max_signals of 2');
  });
});

describe('overrides of rules that make rows of their own', () => {
  it('a threshold can tell of its groups alone', async () => {
    const keys = {
      type: 'threshold',
      threshold: { field: ['host.name'], value: 1 },
      severity_mapping: [{ field: 'event.action', operator: 'equals', value: 'a', severity: 'high' }],
      risk_score_mapping: [{ field: 'score', operator: 'equals', value: '' }],
      rule_name_override: 'host.name',
    };
    const events = [{ '@timestamp': at(1), host: { name: 'x' }, event: { action: 'a' }, score: 99 }];
    const { alerts } = await alertsOf({ 'rule.json': rule(keys), 'e.log': lines(events) }, (root) => [
      ...['--index', `logs-x=${root}/e.log`],
    ]);
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatchObject({
      'kibana.alert.severity': 'low',
      'kibana.alert.risk_score': 21,
      'kibana.alert.rule.name': 'x',
    });
  });
});

describe('rules over alerts', () => {
  const over = (id: string, keys: JsonObject): string => {
    return rule({ rule_id: id, name: id, index: ['.alerts-security.*'], ...keys });
  };
  const events = lines([
    { _id: '1', '@timestamp': at(1), host: { name: 'x' }, event: { kind: 'event', action: 'a' } },
    { _id: '2', '@timestamp': at(2), host: { name: 'x' }, event: { kind: 'event', action: 'b' } },
  ]);
  const run = (rules: Readonly<Record<string, string>>, ...more: string[]) =>
    alertsOf({ ...rules, 'e.log': events }, (root) => ['--index', `logs-x=${root}/e.log`, ...more]);
  const base = {
    'a.json': rule({ rule_id: 'a', name: 'a', query: 'event.action: a' }),
    'b.json': rule({ rule_id: 'b', name: 'b', query: 'event.action: b', building_block_type: 'default' }),
  };
  const made = (alerts: readonly Alert[], id: string): readonly Alert[] =>
    alerts.filter((alert) => alert['kibana.alert.rule.rule_id'] === id);

  it('see in one run the alerts of the others, in the order in which they depend on each other', async () => {
    for (const more of [[], ['--at', at(5)], ['--schedule', '--now', at(5)]]) {
      const { alerts, err, code } = await run(
        {
          // By name before what it depends on.
          '0.json': over('second', { query: 'kibana.alert.rule.rule_id: first' }),
          '1.json': over('first', {
            type: 'threshold',
            query: 'event.kind: signal and kibana.alert.rule.rule_id: (a or b)',
            threshold: { field: ['host.name'], value: 2 },
          }),
          ...base,
        },
        ...more,
      );
      expect([code, err.includes('alert-cycle')]).toEqual([0, false]);
      expect(alerts.map((alert) => alert['kibana.alert.rule.rule_id'])).toEqual(['a', 'b', 'first', 'second']);
      const [second] = made(alerts, 'second');
      expect(second).toMatchObject({ 'kibana.alert.depth': 3, host: { name: 'x' } });
    }
  });

  it('see the documents as they are, with what they were made of', async () => {
    const { alerts } = await run({ '0.json': over('on', { query: 'kibana.alert.building_block_type: *' }), ...base });
    const [on] = made(alerts, 'on');
    const [b] = made(alerts, 'b');
    expect(made(alerts, 'on')).toHaveLength(1);
    expect(on).toMatchObject({
      'kibana.alert.depth': 2,
      'kibana.alert.ancestors': [
        { id: '2', type: 'event', index: 'logs-x', depth: 0 },
        { id: b?.['kibana.alert.uuid'], type: 'signal', depth: 1, rule: 'b' },
      ],
      'kibana.alert.original_event.kind': 'signal',
    });
  });

  it('may be the only ones about some logs', async () => {
    const event = {
      eventVersion: '1.08',
      eventTime: at(1),
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateUser',
      awsRegion: 'eu-west-1',
      userIdentity: { type: 'IAMUser', userName: 'u' },
    };
    const about = (index: string): Promise<string> => {
      const rules = {
        '0.json': over('both', { index: ['.alerts-security.*', index], query: 'event.action: CreateUser' }),
        'a.json': rule({ rule_id: 'a', index: ['winlogbeat-*'] }),
      };
      const root = folder({ ...rules, 'e.log': lines([event]) });
      return dragoman(['run', '--rules', root, '--logs', `${root}/e.log`]).then(({ err }) => err);
    };
    expect(await about('logs-okta*')).toContain('is about 1 record of aws.cloudtrail');
    expect(await about('logs-aws*')).not.toContain('is about');
  });

  it('see alerts on logs of any form, which say nothing of an index that the log could lie in', async () => {
    const event = {
      eventVersion: '1.08',
      eventTime: at(1),
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateUser',
      awsRegion: 'eu-west-1',
      userIdentity: { type: 'IAMUser', userName: 'u' },
    };
    const root = folder({
      'a.json': rule({ rule_id: 'a', name: 'a', index: ['logs-aws*'], query: 'event.action: CreateUser' }),
      'b.json': over('b', { query: 'event.kind: signal and kibana.alert.rule.rule_id: a' }),
      'e.log': lines([event]),
    });
    for (const more of [[], ['--schedule', '--now', at(5)]]) {
      const { out } = await dragoman([
        ...['run', '--rules', root, '--logs', `${root}/e.log`, '--format', 'ecs-alert', ...more],
      ]);
      const alerts = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(alerts.map((alert) => alert['kibana.alert.rule.rule_id'])).toEqual(['a', 'b']);
      expect(alerts.every((alert) => !('_index' in alert))).toBe(true);
    }
  });

  it('and over logs, and by the clock, find in lines that are not parsed what they find record by record', async () => {
    const actions = ['CreateUser', 'DeleteUser', 'GetUser', 'ListUsers', 'ListRoles'];
    // The last in time is neither the last in the file nor one that a rule wants.
    const logs = Array.from({ length: 300 }, (_, n) => ({
      eventVersion: '1.08',
      eventTime: at(n === 150 ? 59 : (n * 7) % 50),
      eventSource: 'iam.amazonaws.com',
      eventName: n === 150 ? 'ListRoles' : (actions[n % 5] ?? ''),
      awsRegion: 'eu-west-1',
      userIdentity: { type: 'IAMUser', userName: `u${n % 3}` },
    }));
    const aws = ['logs-aws*'];
    const root = folder({
      'a.json': rule({ rule_id: 'a', index: aws, query: 'event.action: CreateUser and user.name: u1' }),
      'b.json': rule({ rule_id: 'b', index: aws, query: '@timestamp >= "now-20m" and event.action: DeleteUser' }),
      'c.json': over('c', {
        index: ['.alerts-security.*', ...aws],
        query: 'user.name: u2 and event.action: ListUsers',
      }),
      'd.json': over('d', { index: ['.alerts-*', ...aws], query: '@timestamp >= "now-15m" and event.action: GetUser' }),
      'e.json': over('e', { index: ['.alerts-*', ...aws], query: 'event.action: Absent' }),
      'e.log': lines(logs),
    });
    const found = async (engine: string): Promise<{ rows: readonly string[]; err: string }> => {
      const { out, err } = await dragoman([
        ...['run', '--rules', root, '--logs', `${root}/e.log`, '--engine', engine, '--format', 'ndjson'],
      ]);
      return { rows: out.split('\n').sort(), err };
    };
    const stream = await found('stream');
    expect(stream).toEqual(await found('memory'));
    const ids = stream.rows.filter((row) => row !== '').map((row) => String(JSON.parse(row).rule_id));
    expect([...new Set(ids)].sort()).toEqual(['a', 'b', 'c', 'd']);
    const times = stream.rows.filter((row) => row.includes('"rule_id":"b"')).map((row) => String(JSON.parse(row).time));
    expect(times.every((time) => time >= at(39))).toBe(true);
  });

  it('a circle is said, and broken', async () => {
    const rules = {
      '0.json': over('p', { query: '*:*' }),
      '1.json': over('q', { query: '*:*' }),
      '2.json': over('r', { query: 'kibana.alert.rule.name: p' }),
      ...base,
    };
    const { alerts, err } = await run(rules);
    expect(err).toContain("3 rules read each other's alerts: p, q, r");
    expect(['p', 'q', 'r'].map((id) => made(alerts, id).length)).toEqual([2, 2, 0]);
  });

  it('do not match what they have made themselves', async () => {
    const own = (id: string, keys: JsonObject): JsonObject => ({ _id: id, '@timestamp': at(1), ...keys });
    const found = await alertsOf(
      {
        '0.json': over('me', { query: '*:*' }),
        'alerts.log': lines([
          own('1', { kibana: { alert: { rule: { uuid: 'me' }, depth: 1 } } }),
          own('2', { 'kibana.alert.rule.uuid': 'x', 'kibana.alert.ancestors': [{ id: 'y', rule: 'me', depth: 1 }] }),
          own('3', { 'kibana.alert.rule.uuid': 'x', 'kibana.alert.ancestors': [{ id: 'y', rule: 'z', depth: 1 }] }),
        ]),
      },
      (root) => ['--index', `.alerts-security.alerts-default=${root}/alerts.log`],
    );
    expect(found.alerts).toHaveLength(1);
  });
});
