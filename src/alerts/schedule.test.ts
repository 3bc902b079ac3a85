import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruleWith } from '../../test/alert-match.ts';
import { pythonRule } from '../../test/python-rule.ts';
import { isSeen, replayedSchedule, ScheduledRuns } from './schedule.ts';

const schedule = (every: number, lookback: number) =>
  ({ every: String(every), lookback: String(lookback), delay: '0', by: 'event', stated: true }) as const;

const ends = (runs: Iterable<{ readonly to: bigint }>): number[] => [...runs].map(({ to }) => Number(to));

describe('runs of a schedule', () => {
  test('end at whole multiples, from the first that sees the start to the first that sees the end', () => {
    const runs = new ScheduledRuns(schedule(10, 15), { first: 12n, last: 41n });
    expect(ends(runs.all())).toEqual([20, 30, 40, 50]);
    expect(runs.count).toBe(4n);
    expect([...runs.all()][0]).toEqual({ from: 5n, to: 20n });
  });

  test('or so that one of them ends at the time that is given, which is the last', () => {
    expect(ends(new ScheduledRuns(schedule(10, 10), { first: 12n, last: 41n }, 33n).all())).toEqual([13, 23, 33]);
    expect(new ScheduledRuns(schedule(10, 10), { first: 40n, last: 41n }, 33n).count).toBe(0n);
  });

  test('a moment at the end of a run is seen by it, one at its start by the run before', () => {
    expect([10n, 11n, 20n, 21n].map((moment) => isSeen({ from: 10n, to: 20n }, moment))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('those that see any of some moments are all that do, each once', () => {
    const given = fc.record({
      every: fc.integer({ min: 1, max: 20 }),
      lookback: fc.integer({ min: 1, max: 60 }),
      moments: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1 }),
      anchor: fc.option(fc.integer({ min: 0, max: 250 })),
    });
    fc.assert(
      fc.property(given, ({ every, lookback, moments, anchor }) => {
        const sorted = moments.map(BigInt).sort((a, b) => Number(a - b));
        const range = { first: sorted[0] ?? 0n, last: sorted.at(-1) ?? 0n };
        const runs = new ScheduledRuns(schedule(every, lookback), range, anchor === null ? undefined : BigInt(anchor));
        const all = [...runs.all()];
        expect(BigInt(all.length)).toBe(runs.count);
        const seeing = all.filter((window) => sorted.some((moment) => isSeen(window, moment)));
        expect([...runs.seeing(sorted)]).toEqual(seeing);
      }),
    );
  });
});

test('a schedule is replayed for rules that are decided here', () => {
  const hourly = schedule(10, 10);
  expect(replayedSchedule(ruleWith(undefined, { schedule: hourly }))).toBe(hourly);
  expect(replayedSchedule(ruleWith())).toBeUndefined();
  expect(replayedSchedule(ruleWith(undefined, { schedule: schedule(0, 10) }))).toBeUndefined();
  expect(replayedSchedule({ ...pythonRule('p', ''), schedule: hourly })).toBeUndefined();
});
