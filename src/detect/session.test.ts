import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../base/json.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { readLogs } from '../logs/input/index.ts';
import { logType } from '../logs/registry.ts';
import { loadRules } from '../rules/load-rules.ts';
import type { Checkpoint } from '../state/checkpoint.ts';
import { parseDateTime } from '../values/date-time.ts';
import { type AlertSession, createSession } from './alerts/alert-session.ts';
import { createScheduledSession } from './schedule/scheduled-session.ts';
import type { InputRecord } from './session.ts';

const root = mkdtempSync(join(tmpdir(), 'dragoman-session-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

async function load(files: Readonly<Record<string, string>>): Promise<readonly Rule[]> {
  folders += 1;
  const folder = join(root, `${folders}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { rules, outcomes } = await loadRules([folder]);
  expect(outcomes.flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message))).toEqual([]);
  return rules;
}

const picks = (name: string, value: string): string =>
  `title: ${name}\nid: ${name}\nname: ${name}\nlogsource: {}\ndetection: {s: {x: ${value}}, condition: s}\n`;
const counts = (name: string, of: string, most = 2): string =>
  `title: ${name}\nid: ${name}\ncorrelation: {type: event_count, rules: [${of}], timespan: 1h, condition: {gte: ${most}}, generate: true}\n`;
const both = {
  'a.yml': `${picks('a', 'a')}---\n${counts('as', 'a')}`,
  'b.yml': `${picks('b', 'b')}---\n${counts('bs', 'b')}`,
};

const record = (second: number, x: string): InputRecord => ({
  event: { time: new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString(), x },
  source: { file: 'f', line: second },
});

async function matched(session: AlertSession, records: readonly InputRecord[], isEnd: boolean): Promise<string[]> {
  const found = [...(await session.process(records)), ...(isEnd ? await session.advance('end') : [])];
  return found.map(({ rule, record: of }) => `${rule.name} ${of?.source.line}`);
}

function copyOf(checkpoint: Checkpoint): Checkpoint {
  return JSON.parse(JSON.stringify(checkpoint));
}

describe('restore', () => {
  test('drops what a rule remembered that has changed, and says its name; the rest goes on', async () => {
    const session = createSession(await load(both));
    expect(await matched(session, [record(1, 'a'), record(2, 'b')], false)).toEqual(['a 1', 'b 2']);
    const checkpoint = copyOf(session.snapshot());
    await session.close();
    const changed = { ...both, 'b.yml': `${picks('b', 'b')}---\n${counts('bs', 'b', 1)}` };
    const next = createSession(await load(changed));
    expect(next.restore(checkpoint).map(({ code, severity, params }) => [code, severity, params['rule']])).toEqual([
      ['checkpoint/dropped', 'warning', 'bs'],
    ]);
    expect(await matched(next, [record(3, 'a'), record(4, 'b')], true)).toEqual(['a 3', 'b 4', 'as 3', 'bs 4']);
    await next.close();
  });

  test('a rule is the same whatever else its file says, and another where a rule that it uses is', async () => {
    const session = createSession(await load(both));
    await session.process([record(1, 'a'), record(2, 'b')]);
    const checkpoint = copyOf(session.snapshot());
    await session.close();
    const files = {
      'a.yml': `${picks('a', 'a')}description: why\nlevel: low\n---\n${counts('as', 'a')}`,
      'b.yml': `${picks('b', 'other')}---\n${counts('bs', 'b')}`,
    };
    const next = createSession(await load(files));
    expect(next.restore(checkpoint).map(({ params }) => params['rule'])).toEqual(['bs', 'b']);
    await next.close();
  });

  test('refuses another version, and takes up nothing', async () => {
    const rules = await load(both);
    const session = createSession(rules);
    await session.process([record(1, 'a')]);
    const checkpoint = { ...session.snapshot(), version: 0 };
    const next = createSession(rules);
    expect(next.restore(checkpoint).map(({ code, severity }) => [code, severity])).toEqual([
      ['checkpoint/version', 'error'],
    ]);
    expect(await matched(next, [record(3, 'a')], true)).toEqual(['a 3']);
  });

  test('whatever stands in a checkpoint, it is refused as a whole or taken up', async () => {
    const rules = await load({
      ...both,
      'n.yaml':
        'id: n\nname: n\nkind: Scheduled\nseverity: Low\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: lt\ntriggerThreshold: 9\nquery: |\n  AzureActivity | summarize n = count() by Caller\n',
      'p.yml':
        'AnalysisType: rule\nRuleID: p\nLogTypes: [T]\nSeverity: Low\nDetection: [{Key: x, Condition: Equals, Value: a}]\nThreshold: 2\n',
    });
    const whole: Json[] = [];
    for (const make of [createSession, createScheduledSession]) {
      const session = make(rules, { keepAlerts: true });
      await session.process([
        record(1, 'a'),
        { ...record(2, 'a'), event: { ...record(2, 'a').event, p_log_type: 'T' } },
      ]);
      whole.push(JSON.parse(JSON.stringify(session.snapshot())));
    }
    const junk = fc.oneof(
      fc.constantFrom<Json>(null, {}, [], 'x', -1, true, { is: 'object', of: 1 }, [[]]),
      fc.constant(undefined),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(1), fc.array(fc.nat(30), { maxLength: 12 }), junk, async (which, path, put) => {
        const make = which === 0 ? createSession : createScheduledSession;
        const session = make(rules, { keepAlerts: true });
        const damaged: Checkpoint = JSON.parse(JSON.stringify(replacedAt(whole[which] ?? null, path, put) ?? null));
        const said = session.restore(damaged);
        const isRefused = said.some(({ severity }) => severity === 'error');
        if (isRefused) {
          const fresh = make(rules, { keepAlerts: true });
          expect(session.snapshot()).toEqual(fresh.snapshot());
        }
        await session.process([record(3, 'a')]);
        await session.advance('end');
      }),
      { numRuns: 200 },
    );
  });

  test('records of a log type that nobody declared need that log type', async () => {
    const rules = await load({ 'a.yml': `${picks('a', 'a')}---\n${counts('as', 'a')}` });
    const type = { ...logType('aws.cloudtrail'), name: 'my.trail' };
    const [shape] = type.shapes;
    if (shape === undefined) throw new Error('a log type has a shape');
    const session = createSession(rules);
    await session.process([{ ...record(1, 'a'), as: { type, shape } }]);
    const checkpoint = copyOf(session.snapshot());
    expect(
      createSession(rules)
        .restore(checkpoint)
        .map(({ code, severity }) => [code, severity]),
    ).toEqual([['checkpoint/log-type', 'error']]);
    const next = createSession(rules, { logTypes: [type] });
    expect(next.restore(checkpoint)).toEqual([]);
    expect(next.recordsByType).toEqual(new Map([['my.trail', 1]]));
  });

  test('a session that has ended stays so', async () => {
    const rules = await load(both);
    const session = createSession(rules);
    await matched(session, [record(1, 'a')], true);
    const next = createSession(rules);
    expect(next.restore(copyOf(session.snapshot()))).toEqual([]);
    expect(await next.advance('end')).toEqual([]);
    await expect(next.process([record(2, 'a')])).rejects.toThrow('takes no more records');
  });
});

/** A value with something else where a path ends, which is followed as far as it goes. */
function replacedAt(whole: Json, path: readonly number[], put: Json | undefined): Json | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return put;
  if (Array.isArray(whole) && whole.length > 0) {
    const at = first % whole.length;
    return whole.map((one: Json, place) => (place === at ? (replacedAt(one, rest, put) ?? null) : one));
  }
  const keys = isJsonObject(whole) ? Object.keys(whole) : [];
  const key = keys[first % Math.max(1, keys.length)];
  if (!isJsonObject(whole) || key === undefined) return put;
  const { [key]: old = null, ...others } = whole;
  const made = replacedAt(old, rest, put);
  return made === undefined ? others : { ...whole, [key]: made };
}

describe('replaceRules', () => {
  test('goes on with what rules remember that mean the same, and says which lost it', async () => {
    const session = createSession(await load(both));
    await session.process([record(1, 'a'), record(2, 'b')]);
    const files = { 'a.yml': both['a.yml'], 'c.yml': `${picks('c', 'b')}---\n${counts('cs', 'c')}` };
    const said = await session.replaceRules(await load(files));
    expect(said.map(({ code, params }) => [code, params['rule']])).toEqual([
      ['checkpoint/dropped', 'bs'],
      ['checkpoint/dropped', 'b'],
    ]);
    expect(await matched(session, [record(3, 'a'), record(4, 'b')], true)).toEqual(['a 3', 'c 4', 'as 3']);
    expect(session.recordsByType).toEqual(new Map([['generic', 4]]));
    await session.close();
  });

  test('holds for lines that a scanner has read ahead, too', { tags: 'large' }, async () => {
    const file = join(root, 'log.ndjson');
    const lines = Array.from({ length: 20_000 }, (_, at) =>
      JSON.stringify({ x: at % 2 === 0 ? 'a' : 'b', fill: 'y'.repeat(90) }),
    );
    writeFileSync(file, `${lines.join('\n')}\n`);
    const [as, bs] = [await load({ 'a.yml': picks('a', 'a') }), await load({ 'b.yml': picks('b', 'b') })];
    const session = createSession(as);
    const found: string[] = [];
    let read = 0;
    let until = 0;
    for await (const batch of readLogs([file], { scanner: session.scanner })) {
      read += batch.lines;
      found.push(
        ...(await session.process(batch.events)).map(({ rule, record: of }) => `${rule.name} ${of?.source.line}`),
      );
      if (until > 0) continue;
      until = read;
      await session.replaceRules(bs);
    }
    await session.close();
    expect([until > 0, until < lines.length]).toEqual([true, true]);
    const wanted = lines.flatMap((_, at) => {
      const rule = at < until ? 'a' : 'b';
      return (at % 2 === 0) === (rule === 'a') ? [`${rule} ${at + 1}`] : [];
    });
    expect(found).toEqual(wanted);
    expect(session.recordsByType).toEqual(new Map([['generic', lines.length]]));
  });

  test('judges a batch that was scanned for other rules by those that are there now', async () => {
    const file = join(root, 'few.ndjson');
    writeFileSync(file, '{"x":"a","y":"b"}\n{"x":"a"}\n');
    const session = createSession(await load({ 'a.yml': picks('a', 'a') }));
    const found: string[] = [];
    for await (const { events } of readLogs([file], { scanner: session.scanner })) {
      if (events.length > 0)
        await session.replaceRules(await load({ 'c.yml': picks('c', 'a').replace('x: a', 'y: b') }));
      found.push(...(await session.process(events)).map(({ rule, record: of }) => `${rule.name} ${of?.source.line}`));
    }
    await session.close();
    expect(found).toEqual(['c 1']);
  });
});

test('the watermark can be moved by the caller alone, and does not go back', async () => {
  const session = createSession(await load({ 'a.yml': `${picks('a', 'a')}---\n${counts('as', 'a')}` }));
  expect(await matched(session, [record(9, 'a'), record(5, 'a')], false)).toEqual(['a 9', 'a 5']);
  const to = async (text: string): Promise<readonly JsonObject['time'][]> => {
    const moment = parseDateTime(text);
    if (moment === undefined) throw new Error('a time');
    return (await session.advance(moment)).map(({ record: of }) => of?.source.line ?? null);
  };
  expect(await to('2026-01-01T00:00:08Z')).toEqual([]);
  expect(await to('2026-01-01T00:00:10Z')).toEqual([9]);
  expect(await to('2026-01-01T00:00:01Z')).toEqual([]);
  await session.process([record(7, 'a')]);
  await session.advance('end');
  expect(session.diagnostics.map(({ code }) => code)).toEqual(['correlation/late']);
  await session.close();
});
