import { describe, expect, test } from 'vitest';
import { sourceText } from '../base/source-text.ts';
import type { Row } from '../engines/memory/index.ts';
import { pipeline } from '../engines/pipeline.ts';
import { sigmaFormat } from '../formats/sigma.ts';
import type { Rule } from '../ir/rule.ts';

import { resolveRules } from '../rules/resolve-rules.ts';
import { sigmaSchema } from '../schemas/sigma.ts';
import { fromEpochMs } from '../values/date-time.ts';
import { createEngine } from './engine.ts';
import { RuleCorrelation } from './rule-correlation.ts';

const START = Date.UTC(2026, 0, 1);
const clock = { now: fromEpochMs(0) };

async function load(correlation: string): Promise<Rule[]> {
  const text = `title: r\nname: r\nlogsource: {}\ndetection: {s: {x: 1}, condition: s}\n---\ntitle: c\ncorrelation: ${correlation}`;
  const context = { readText: () => undefined, listFiles: () => [], schema: () => sigmaSchema };
  const read = sigmaFormat.load({ path: 'r.yml', source: sourceText('r.yml', text) }, context) ?? [];
  const { outcomes } = await resolveRules(read);
  return outcomes.map((outcome) => {
    if (outcome.status !== 'loaded') throw new Error(outcome.diagnostics.map((found) => found.message).join());
    return outcome.rule;
  });
}

const record = (seconds: number, user = 'u') => ({
  event: { time: new Date(START + seconds * 1000).toISOString(), x: 1, user },
  source: { file: 'f', line: seconds },
});

describe('records in order', () => {
  test('a match comes out with the first record after it, not at the end', async () => {
    const engine = createEngine(await load('{type: event_count, rules: r, timespan: 1m, condition: {gte: 2}}'), {
      inOrder: { slack: 0 },
    });
    expect(await engine.process([record(0), record(1)])).toEqual([]);
    const found = await engine.process([{ event: { time: record(2).event.time }, source: { file: 'f', line: 2 } }]);
    expect(found.map((match) => match.record?.source.line)).toEqual([1]);
    expect(await engine.finish()).toEqual([]);
    await engine.close();
  });

  test('a window that must be over gives its match when it is', async () => {
    const engine = createEngine(await load('{type: event_count, rules: r, timespan: 10s, condition: {lt: 2}}'), {
      inOrder: { slack: 5 },
    });
    expect(await engine.process([record(0), record(15)])).toEqual([]);
    expect((await engine.process([record(16)])).map((match) => match.record?.source.line)).toEqual([0]);
    await engine.close();
  });

  test('records that are later than the slack are counted and told', async () => {
    const engine = createEngine(await load('{type: event_count, rules: r, timespan: 1m, condition: {gte: 2}}'), {
      inOrder: { slack: 1 },
    });
    await engine.process([record(0), record(100), record(98), record(99)]);
    await engine.finish();
    await engine.close();
    expect(engine.diagnostics.map(({ code, params }) => [code, params['rows']])).toEqual([['correlation/late', 1]]);
  });
});

test('a group-by that explodes stays within its limits, and the loss is told', async () => {
  const rules = await load('{type: event_count, rules: r, group-by: user, timespan: 1d, condition: {gte: 3}}');
  const rule = rules.find((one) => one.silent !== true);
  if (rule?.logic.kind !== 'plan') throw new Error('a plan');
  const { rest, feeds } = pipeline.prepare(rule.logic.plan, rule.logic.columns);
  const correlation = new RuleCorrelation(rule, rest, clock, { slack: 0 }, { rows: 500, groups: 100 });
  const found: Row[] = [];
  for (let at = 0; at < 2_000; at += 1) {
    const { event, source } = record(at, `u${at % 1_000}`);
    const columns = new Map([
      ['user', event.user],
      ['(event time)', event.time],
    ]);
    const origin = { record: { event, source, logType: 't', shape: 's' }, order: at };
    correlation.push(feeds[0]?.name ?? '', { event, columns, origin });
    found.push(...correlation.reach(fromEpochMs(START + at * 1000).ticks));
  }
  found.push(...correlation.finish());
  expect(found).toEqual([]);
  const [told] = correlation.diagnostics();
  expect(told?.code).toBe('correlation/forgotten');
  expect(told?.params['rows']).toBe(1_900);
  expect(told?.message).toContain('1,900 events');
});
