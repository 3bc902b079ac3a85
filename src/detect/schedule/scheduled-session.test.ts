import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruleWith } from '../../../test/alert-match.ts';
import type { Match } from '../../alerts/match.ts';
import { isSeen, ScheduledRuns } from '../../alerts/schedule.ts';
import { stringifyJson } from '../../base/json.ts';
import { field, match } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { parseDateTime } from '../../values/date-time.ts';
import { ticks } from '../../values/duration.ts';
import { momentOf } from '../../values/moment.ts';
import type { DateTime } from '../../values/value.ts';
import { createSession } from '../alerts/alert-session.ts';
import type { InputRecord } from '../session.ts';
import { createScheduledSession, type ScheduledSession } from './scheduled-session.ts';

const failed: Plan = {
  kind: 'where',
  input: { kind: 'source', schema: 'ecs', scope: null },
  predicate: match(field('outcome'), { kind: 'equals', value: 'failure' }),
};

function atLeast(count: number): Expr {
  return {
    kind: 'compare',
    op: '>=',
    left: field('n'),
    right: { kind: 'literal', type: 'long', value: count },
    nulls: 'unknown',
    many: 'whole',
  };
}

const counted: Plan = {
  kind: 'where',
  input: {
    kind: 'summarize',
    input: failed,
    by: [{ name: 'user', expr: field('user') }],
    aggregates: [{ names: ['n'], fn: 'count', args: [] }],
  },
  predicate: atLeast(2),
};

const minutes = (count: number): string => ticks(count * 60).toString();

/** A rule of Sentinel, which finds a record in each run that sees it. */
function scheduled(plan: Plan, every: number, lookback: number, more: Partial<Rule> = {}): Rule {
  const columns =
    plan === failed ? undefined : [{ name: 'user', type: 'string' } as const, { name: 'n', type: 'long' } as const];
  return ruleWith(undefined, {
    format: 'sentinel',
    schema: 'ecs',
    logic: { kind: 'plan', plan, columns },
    schedule: { every: minutes(every), lookback: minutes(lookback), delay: '0', by: 'event', stated: true },
    ...more,
  });
}

interface Event {
  readonly minute: number | undefined;
  readonly user: string;
  readonly outcome: 'failure' | 'success';
}

function recordsOf(events: readonly Event[]): InputRecord[] {
  return events.map(({ minute, user, outcome }, index) => ({
    event: {
      ...(minute !== undefined && { '@timestamp': new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString() }),
      user,
      outcome,
    },
    source: { file: 'log', line: index + 1 },
  }));
}

interface Ran {
  readonly matches: readonly Match[];
  readonly session: ScheduledSession;
}

async function replay(rule: Rule, events: readonly Event[], now?: DateTime): Promise<Ran> {
  const session = createScheduledSession([rule], now && { now });
  try {
    return { matches: [...(await session.process(recordsOf(events))), ...(await session.advance('end'))], session };
  } finally {
    await session.close();
  }
}

async function asOneRange(rule: Rule, records: readonly InputRecord[]): Promise<readonly Match[]> {
  const session = createSession([rule]);
  try {
    return [...(await session.process(records)), ...(await session.advance('end'))];
  } finally {
    await session.close();
  }
}

const shown = ({ record, fields }: Match): string => stringifyJson([record?.source.line ?? null, fields ?? null]);

const anyEvents = fc.array(
  fc.record({
    minute: fc.integer({ min: 0, max: 90 }),
    user: fc.constantFrom('a', 'b'),
    outcome: fc.constantFrom('failure', 'success'),
  }),
  { minLength: 1, maxLength: 12 },
);

describe.each([
  ['a rule on records', failed],
  ['a rule on groups', counted],
])('%s', (_name, plan) => {
  test('each run finds what the rule finds in what it sees, as one range', { tags: 'large' }, async () => {
    const span = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(anyEvents, span, span, async (events, every, lookback) => {
        const rule = scheduled(plan, every, lookback);
        const { matches } = await replay(rule, events);
        const records = recordsOf(events).map((record) => ({ record, at: momentOf(record.event['@timestamp']) ?? 0n }));
        const times = records.map(({ at }) => at).sort((a, b) => (a < b ? -1 : 1));
        const range = { first: times[0] ?? 0n, last: times.at(-1) ?? 0n };
        const expected: string[] = [];
        for (const window of new ScheduledRuns(rule.schedule ?? never(), range).all()) {
          const seen = records
            .filter(({ at }) => isSeen(window, at))
            .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
          const found = await asOneRange(
            rule,
            seen.map(({ record }) => record),
          );
          expected.push(...found.map(shown));
        }
        expect(matches.map(shown)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('a run that sees everything finds what the whole range has, and misses nothing', { tags: 'large' }, async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, async (events) => {
        const rule = scheduled(plan, 300, 300);
        const { matches, session } = await replay(rule, events, parseDateTime('2026-01-01T12:00:00Z'));
        const whole = await asOneRange(rule, recordsOf(events));
        expect(matches.map(shown).sort()).toEqual(whole.map(shown).sort());
        expect(session.missed(rule)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

function never(): never {
  throw new Error('the rule has a schedule');
}

test('records without a time count as late as the latest before them, and are counted', async () => {
  const rule = scheduled(failed, 30, 30);
  const event = (minute: number | undefined): Event => ({ minute, user: 'a', outcome: 'failure' });
  const { matches, session } = await replay(rule, [event(undefined), event(10), event(50), event(undefined)]);
  expect(matches.map(({ record, run }) => [record?.source.line, run?.to.slice(11, 16)])).toEqual([
    [1, '10:30'],
    [2, '10:30'],
    [3, '11:00'],
    [4, '11:00'],
  ]);
  expect(session.diagnostics.map(({ code, params }) => [code, params])).toEqual([['schedule/untimed', { records: 2 }]]);
});

test('records of which none has a time are seen by one run', async () => {
  const { matches, session } = await replay(scheduled(failed, 30, 30), [
    { minute: undefined, user: 'a', outcome: 'failure' },
    { minute: undefined, user: 'b', outcome: 'failure' },
  ]);
  expect([matches.length, session.diagnostics.length]).toEqual([2, 1]);
});

test('a rule that asks for nothing has the runs that see nothing, too', async () => {
  const none = scheduled(failed, 30, 30, {
    alert: {
      context: [],
      severities: [],
      group: { by: 'all', fields: [], missing: 'match', period: null },
      threshold: { of: 'run', operator: 'lt', count: 1, called: 'trigger' },
      createAlert: true,
    },
  });
  const event = (minute: number, outcome: Event['outcome']): Event => ({ minute, user: 'a', outcome });
  const { matches, session } = await replay(none, [event(10, 'success'), event(40, 'failure'), event(130, 'success')]);
  // Runs end at 10:30, 11:00, 11:30, 12:00 and 12:30.
  expect(matches.map(({ run, fields }) => [run?.to.slice(11, 16), fields])).toEqual([
    ['10:30', { rows: 0 }],
    ['11:30', { rows: 0 }],
    ['12:00', { rows: 0 }],
    ['12:30', { rows: 0 }],
  ]);
  expect(session.drops(none).threshold).toBe(1);
});

test('more runs than are replayed are said', { tags: 'large' }, async () => {
  const total: Plan = {
    kind: 'summarize',
    input: failed,
    by: [],
    aggregates: [{ names: ['n'], fn: 'count', args: [] }],
  };
  const rule = scheduled(total, 1 / 60, 1, {});
  const { session } = await replay(rule, [
    { minute: 0, user: 'a', outcome: 'success' },
    { minute: 60 * 24 * 2, user: 'a', outcome: 'success' },
  ]);
  expect(session.diagnostics.map(({ code }) => code)).toEqual(['schedule/too-many-runs']);
});
