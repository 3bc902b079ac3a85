import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import type { Match } from '../../src/alerts/match.ts';
import { type JsonObject, stringifyJson } from '../../src/base/json.ts';
import { createSession } from '../../src/detect/alerts/alert-session.ts';
import { createScheduledSession } from '../../src/detect/schedule/scheduled-session.ts';
import type { InputRecord, SessionOptions } from '../../src/detect/session.ts';
import type { ColumnType } from '../../src/ir/plan/plan.ts';
import type { Rule } from '../../src/ir/rule/rule.ts';
import { columnsOf, columnTypes } from '../../src/passes/columns.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { Checkpoint } from '../../src/state/checkpoint.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import type { DateTime } from '../../src/values/value.ts';
import { ruleWith } from '../alert-match.ts';
import { arbitraryEvent } from './arbitrary-ir.ts';
import { arbitraryPlan, withoutShared } from './arbitrary-plan.ts';
import { RULES } from './session-rules.ts';

/** A run that is cut and goes on in another session gives what a run gives that nobody disturbed. */

const folder = mkdtempSync(join(tmpdir(), 'dragoman-session-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The same rules twice, as two processes read them. */
let rules: readonly Rule[] = [];
let again: readonly Rule[] = [];

beforeAll(async () => {
  for (const [name, text] of Object.entries(RULES)) writeFileSync(join(folder, name), text);
  const load = async (): Promise<readonly Rule[]> => {
    const set = await loadRules([folder]);
    const refused = set.outcomes.filter(({ status }) => status !== 'loaded');
    expect(refused.flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message))).toEqual([]);
    return set.rules;
  };
  [rules, again] = [await load(), await load()];
});

const START = Date.UTC(2026, 0, 1, 10);

const plain = fc
  .record({
    at: fc.nat(90),
    x: fc.constantFrom('a', 'a', 'b', 'b', 'c', 'd'),
    user: fc.constantFrom('u', 'v'),
    n: fc.constantFrom(0, 1, 2, 3.5, '2', 2n ** 60n),
    isPanther: fc.boolean(),
    hasTime: fc.integer({ min: 0, max: 9 }).map((one) => one > 0),
  })
  .map(({ at, x, user, n, isPanther, hasTime }): JsonObject => {
    const time = new Date(START + at * 1000).toISOString();
    return {
      ...(hasTime && { '@timestamp': time, p_event_time: time }),
      x,
      user,
      n,
      ...(isPanther && { p_log_type: 'T' }),
    };
  });

const azure = fc
  .record({ at: fc.nat(90), caller: fc.constantFrom('u', 'v'), ip: fc.nat(2), group: fc.constantFrom('R', 'S') })
  .map(
    ({ at, caller, ip, group }): JsonObject => ({
      time: new Date(START + at * 1000).toISOString(),
      operationName: 'MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE',
      category: 'Administrative',
      resultType: 'Success',
      resourceId: `/SUBSCRIPTIONS/S/RESOURCEGROUPS/${group}/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/V`,
      identity: { claims: { appid: caller } },
      callerIpAddress: `203.0.113.${ip}`,
    }),
  );

/** Records in about the order of their times, or in any. */
const events = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: plain }, azure, arbitraryEvent), { maxLength: 24, size: 'max' }),
    fc.boolean(),
  )
  .map(([all, isSorted]) => (isSorted ? [...all].sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1)) : all));

function timeOf(event: JsonObject): string {
  return String(event['time'] ?? event['@timestamp'] ?? '');
}

/** A way to run: in batches of so many records, with cuts between some of them. */
const ways = fc.record({
  kind: fc.constantFrom('range', 'range', 'scheduled'),
  engine: fc.constantFrom('memory', 'stream'),
  /** What goes on after a cut. */
  other: fc.constantFrom('memory', 'stream'),
  allowedLateness: fc.constantFrom(undefined, 0, 5, 30),
  batch: fc.integer({ min: 1, max: 5 }),
  cuts: fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 3 }),
  /** After which batch the caller says itself how far time has come, and how far. */
  advance: fc.option(fc.tuple(fc.nat(6), fc.nat(90)), { nil: undefined }),
});

type Way = typeof ways extends fc.Arbitrary<infer W> ? W : never;

interface Told {
  readonly matches: readonly string[];
  readonly rest: unknown;
}

function sessionOf(of: readonly Rule[], { kind }: Way, options: SessionOptions) {
  const all = { ...options, keepAlerts: true };
  return kind === 'range' ? createSession(of, all) : createScheduledSession(of, all);
}

async function run(
  sets: readonly (readonly Rule[])[],
  given: readonly JsonObject[],
  way: Way,
  isCut: boolean,
): Promise<Told> {
  const { allowedLateness } = way;
  const options = (engine: 'memory' | 'stream'): SessionOptions => ({
    engine,
    ...(allowedLateness !== undefined && { allowedLateness }),
  });
  let [current = []] = sets;
  let session = sessionOf(current, way, options(way.engine));
  const records = given.map((event, line): InputRecord => ({ event, source: { file: 'f', line: line + 1 } }));
  const matches: Match[] = [];
  let cuts = 0;
  for (let batch = 0; batch * way.batch < records.length; batch += 1) {
    if (isCut && way.cuts.includes(batch)) {
      const stored = JSON.stringify(session.snapshot({ batch }));
      await session.close();
      cuts += 1;
      current = sets[cuts % sets.length] ?? [];
      session = sessionOf(current, way, options(cuts % 2 === 0 ? way.engine : way.other));
      const checkpoint: Checkpoint = JSON.parse(stored);
      expect(checkpoint.positions).toEqual({ batch });
      expect(session.restore(checkpoint)).toEqual([]);
      expect(JSON.stringify(session.snapshot({ batch }))).toBe(stored);
    }
    matches.push(...(await session.process(records.slice(batch * way.batch, (batch + 1) * way.batch))));
    if (way.advance?.[0] === batch) matches.push(...(await session.advance(momentAt(way.advance[1]))));
  }
  matches.push(...(await session.advance('end')));
  await session.close();
  const rest = {
    alerts: session.alerts().map(shownAlert),
    drops: current.map((rule) => session.drops(rule)),
    diagnostics: session.diagnostics.map(({ message }) => message),
    records: [...session.recordsByType],
    sources: session.sourceReport(),
  };
  return { matches: matches.map(shown), rest };
}

function momentAt(second: number): DateTime {
  return fromEpochMs(START + second * 1000);
}

function shown({
  rule,
  record,
  members = [],
  time,
  fields,
  title,
  severity,
  riskScore,
  dedup,
  ...rest
}: Match): string {
  const { alertContext, unique, group, alert, run: span } = rest;
  const told: JsonObject = {
    rule: rule.id,
    record: record === undefined ? null : [record.event, record.logType, record.shape, { ...record.source }],
    alert: alert === null || alert === undefined ? null : [alert.id, alert.first, alert.count],
    fields: fields ?? null,
    members: members.map(({ event, source }) => [event, { ...source }]),
    context: alertContext ?? null,
    rest: [time, title, severity, riskScore, dedup, unique, group, span?.from, span?.to].map((one) => one ?? null),
  };
  return stringifyJson(told);
}

function shownAlert({ rule, ...alert }: Alert): unknown {
  return { ...alert, rule: rule.id };
}

function ruleOf(match: string): string {
  const { rule }: { rule: string } = JSON.parse(match);
  return rule;
}

function some(all: readonly Rule[], picked: readonly number[]): readonly Rule[] {
  return all.filter((_, place) => picked.includes(place));
}

describe('a run that is cut anywhere and goes on elsewhere', () => {
  test('gives the same matches and alerts in the same order, rules of every dialect', async () => {
    const found = new Set<string>();
    const picks = fc.uniqueArray(fc.nat(rules.length - 1), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(picks, events, ways, async (picked, given, way) => {
        const sets = [some(rules, picked), some(again, picked)];
        const whole = await run(sets.slice(0, 1), given, way, false);
        expect(await run(sets, given, way, true)).toEqual(whole);
        for (const match of whole.matches) found.add(ruleOf(match));
      }),
      { numRuns: 1_000 },
    );
    // A property over nothing proves nothing.
    if (Number(process.env['DRAGOMAN_PROPERTY_RUNS'] ?? 1_000) >= 300) {
      expect(rules.filter(({ id }) => !found.has(id)).map(({ id }) => id)).toEqual([]);
    }
  });

  test('gives the same rows, whatever plan a rule is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryPlan.map(withoutShared), { minLength: 1, maxLength: 3 }),
        events,
        ways,
        async (plans, given, way) => {
          const made = plans.map((plan, at): Rule => {
            const columns: readonly ColumnType[] = columnTypes(columnsOf(plan));
            return ruleWith(undefined, { id: `plan ${at}`, schema: 'ecs', logic: { kind: 'plan', plan, columns } });
          });
          const whole = await run([made], given, way, false);
          expect(await run([made, made.map((rule) => ({ ...rule }))], given, way, true)).toEqual(whole);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
