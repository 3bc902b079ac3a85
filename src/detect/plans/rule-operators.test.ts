import { describe, expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import { sigmaFormat } from '../../formats/sigma/sigma.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { typingOf } from '../../logs/typing.ts';
import { resolveRules } from '../../rules/resolve-rules.ts';
import { sigmaSchema } from '../../schemas/sigma.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { createRuleSession } from '../rule-session.ts';
import { PlanRules } from './plan-rules.ts';
import type { RuleRow } from './rule-row.ts';
import { withUsed } from './with-used.ts';

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
    const session = createRuleSession(await load('{type: event_count, rules: r, timespan: 1m, condition: {gte: 2}}'), {
      allowedLateness: 0,
    });
    expect(await session.process([record(0), record(1)])).toEqual([]);
    const found = await session.process([{ event: { time: record(2).event.time }, source: { file: 'f', line: 2 } }]);
    expect(found.map((match) => match.record?.source.line)).toEqual([1]);
    expect(await session.advance('end')).toEqual([]);
    await session.close();
  });

  test('a window that must be over gives its match when it is', async () => {
    const session = createRuleSession(await load('{type: event_count, rules: r, timespan: 10s, condition: {lt: 2}}'), {
      allowedLateness: 5,
    });
    expect(await session.process([record(0), record(15)])).toEqual([]);
    expect((await session.process([record(16)])).map((match) => match.record?.source.line)).toEqual([0]);
    await session.close();
  });

  test('records that are later than is allowed are counted and told', async () => {
    const session = createRuleSession(await load('{type: event_count, rules: r, timespan: 1m, condition: {gte: 2}}'), {
      allowedLateness: 1,
    });
    await session.process([record(0), record(100), record(98), record(99)]);
    await session.advance('end');
    await session.close();
    expect(session.diagnostics.map(({ code, params }) => [code, params['rows']])).toEqual([['correlation/late', 1]]);
  });
});

test('a group-by that explodes stays within its limits, and the loss is told', { tags: 'large' }, async () => {
  const rules = await load('{type: event_count, rules: r, group-by: user, timespan: 1d, condition: {gte: 3}}');
  const limits = { rows: 500, keys: 100, weight: 1e9 };
  const plans = new PlanRules(withUsed(rules), clock, { engine: 'memory', limits });
  const typeOf = typingOf({}, rules);
  const found: RuleRow[] = [];
  for (let at = 0; at < 2_000; at += 1) {
    const { event, source } = record(at, `u${at % 1_000}`);
    const { type, shape } = typeOf(event);
    found.push(...plans.process({ event, source, logType: type.name, shape: shape.name }, type, shape));
    found.push(...plans.advance(fromEpochMs(START + at * 1000).ticks));
  }
  found.push(...plans.end(clock));
  expect(found).toEqual([]);
  const [told] = plans.diagnostics();
  expect(told?.code).toBe('correlation/evicted');
  expect(told?.params['rows']).toBe(1_900);
  expect(told?.message).toContain('1,900 events');
});

test('records that weigh much stay within their limit, and the loss is told', async () => {
  const rules = await load('{type: temporal, rules: [r], group-by: user, timespan: 1d, condition: {gte: 2}}');
  const limits = { rows: 1_000, keys: 1_000, weight: 100_000 };
  const plans = new PlanRules(withUsed(rules), clock, { engine: 'memory', limits });
  const typeOf = typingOf({}, rules);
  for (let at = 0; at < 200; at += 1) {
    const { event, source } = record(at, `u${at}`);
    const large = { ...event, blob: 'b'.repeat(10_000) };
    const { type, shape } = typeOf(large);
    plans.process({ event: large, source, logType: type.name, shape: shape.name }, type, shape);
    plans.advance(fromEpochMs(START + at * 1000).ticks);
  }
  const [told] = plans.diagnostics();
  expect(told?.code).toBe('correlation/evicted');
  expect(Number(told?.params['rows'])).toBeGreaterThan(180);
});

test('what correlations remember together is bounded, too', async () => {
  const [used, correlation] = await load(
    '{type: event_count, rules: r, group-by: user, timespan: 1d, condition: {gte: 2}}',
  );
  if (used === undefined || correlation === undefined) throw new Error('two rules');
  const limits = { rows: 1_000, keys: 1_000, weight: 100_000 };
  const stateOf = (count: number): { readonly size: number; readonly lost: number } => {
    const rules = [used, ...Array.from({ length: count }, (_, at) => ({ ...correlation, name: `c${at}` }))];
    const plans = new PlanRules(withUsed(rules), clock, { engine: 'memory', limits });
    const typeOf = typingOf({}, rules);
    for (let at = 0; at < 200; at += 1) {
      const { event, source } = record(at, `${at} ${'u'.repeat(1_000)}`);
      const { type, shape } = typeOf(event);
      plans.process({ event, source, logType: type.name, shape: shape.name }, type, shape);
      plans.advance(fromEpochMs(START + at * 1000).ticks);
    }
    return { size: JSON.stringify(plans.snapshot()).length, lost: plans.diagnostics().length };
  };
  const one = stateOf(1);
  expect(one).toMatchObject({ lost: 1 });
  const ten = stateOf(10);
  expect(ten.lost).toBe(10);
  expect(ten.size).toBeLessThan(4 * one.size);
});

test('a rule that several correlations use runs once, and without them it gives its own matches', async () => {
  const [used, correlation] = await load('{type: event_count, rules: r, timespan: 1m, condition: {gte: 2}}');
  if (used === undefined || correlation === undefined) throw new Error('two rules');
  const lines = async (rules: readonly Rule[]): Promise<unknown> => {
    const session = createRuleSession(rules);
    const found = [...(await session.process([record(0), record(1)])), ...(await session.advance('end'))];
    await session.close();
    return found.map((match) => [match.rule.name, match.record?.source.line]);
  };
  // What a correlation uses comes with it.
  expect(await lines([correlation])).toEqual([['c', 1]]);
  expect(await lines([used, correlation, { ...correlation, name: 'd' }])).toEqual([
    ['c', 1],
    ['d', 1],
  ]);
  const { silent: _, ...told } = used;
  expect(await lines([told, correlation])).toEqual([
    ['r', 0],
    ['r', 1],
    ['c', 1],
  ]);
});
