import { describe, expect, test } from 'vitest';
import { matchAt, ruleWith } from '../../test/alert-match.ts';
import type { AlertTemplate } from '../ir/rule/alert.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { momentOf } from '../values/moment.ts';
import { Alerting } from './alerting.ts';
import { dropsInWords } from './drops.ts';
import type { Match } from './match.ts';
import { type AlertingOptions, RuleAlerts } from './rule-alerts.ts';

const MINUTE = 600_000_000;

const byDedup = (minutes: number | null): AlertTemplate['group'] => ({
  by: 'dedup',
  fields: [],
  missing: 'match',
  period: minutes === null ? null : String(minutes * MINUTE),
});

const options: AlertingOptions = {
  momentOf: ({ time }) => momentOf(time),
  scheduled: false,
  keepAlerts: true,
};

/** `line: alert/count`, alerts numbered as they come. */
function shown(matches: readonly Match[]): string[] {
  const ids = [...new Set(matches.flatMap(({ alert }) => alert?.id ?? []))];
  return matches.map(({ record, alert }) => {
    const place = alert === null || alert === undefined ? 'none' : `${ids.indexOf(alert.id) + 1}/${alert.count}`;
    return `${record?.source.line ?? '-'}: ${place}`;
  });
}

function run(
  rule: Rule,
  matches: readonly Match[],
  given: Partial<AlertingOptions> = {},
): { found: string[]; alerts: RuleAlerts } {
  const alerts = new RuleAlerts(rule, { ...options, ...given });
  const found = matches.flatMap((match) => alerts.take(match));
  const rest = [...alerts.endRun(undefined), ...alerts.finish()];
  return { found: shown([...found, ...rest]), alerts };
}

describe('which matches are one alert', () => {
  test('without a template each by itself', () => {
    const rule = ruleWith();
    expect(run(rule, [matchAt(rule, 0, 1), matchAt(rule, 0, 2)]).found).toEqual(['1: 1/1', '2: 2/1']);
  });

  test('with one dedup text, within the period that the first begins: it does not grow', () => {
    const rule = ruleWith({ group: byDedup(60) });
    const matches = [
      matchAt(rule, 7, 1, { dedup: 'a' }),
      matchAt(rule, 30, 2, { dedup: 'b' }),
      matchAt(rule, 66, 3, { dedup: 'a' }),
      matchAt(rule, 67, 4, { dedup: 'a' }),
      matchAt(rule, 100, 5, { dedup: 'a' }),
    ];
    const { found, alerts } = run(rule, matches);
    expect(found).toEqual(['1: 1/1', '2: 2/1', '3: 1/2', '4: 3/1', '5: 3/2']);
    expect(alerts.alerts().map(({ first, last, count }) => [first, last, count])).toEqual([
      ['2026-01-01T10:07:00.000Z', '2026-01-01T11:06:00.000Z', 2],
      ['2026-01-01T10:30:00.000Z', '2026-01-01T10:30:00.000Z', 1],
      ['2026-01-01T11:07:00.000Z', '2026-01-01T11:40:00.000Z', 2],
    ]);
  });

  test('a match that comes late joins the period it falls into, or opens an earlier one', () => {
    const rule = ruleWith({ group: byDedup(10) });
    const matches = [20, 50, 25, 5, 55, 45].map((minute, line) => matchAt(rule, minute, line, { dedup: '' }));
    expect(run(rule, matches).found).toEqual(['0: 1/1', '1: 2/1', '2: 1/2', '3: 3/1', '4: 2/2', '5: 4/1']);
  });

  test('a match without a time happened when the latest before it did', () => {
    const rule = ruleWith({ group: byDedup(10) });
    const matches = [matchAt(rule, 0, 1), matchAt(rule, 30, 2), matchAt(rule, 0, 3, { time: undefined })];
    expect(run(rule, matches).found).toEqual(['1: 1/1', '2: 2/1', '3: 2/2']);
  });

  test('by fields; a match that lacks one stands alone where the rule says so', () => {
    const rule = ruleWith({ group: { by: 'fields', fields: [], missing: 'match', period: null } });
    const matches = [
      matchAt(rule, 0, 1, { group: 'x' }),
      matchAt(rule, 0, 2),
      matchAt(rule, 1, 3, { group: 'x' }),
      matchAt(rule, 0, 4),
    ];
    expect(run(rule, matches).found).toEqual(['1: 1/1', '2: 2/1', '3: 1/2', '4: 3/1']);
  });

  test('all of one run; the next run begins another, unless they share a period', () => {
    const group = { by: 'all', fields: [], missing: 'match', period: null } as const;
    const runs = (rule: Rule): string[] => {
      const alerts = new RuleAlerts(rule, options);
      const first = [
        ...alerts.take(matchAt(rule, 0, 1)),
        ...alerts.take(matchAt(rule, 1, 2)),
        ...alerts.endRun(undefined),
      ];
      return shown([...first, ...alerts.take(matchAt(rule, 2, 3)), ...alerts.endRun(undefined)]);
    };
    expect(runs(ruleWith({ group }))).toEqual(['1: 1/1', '2: 1/2', '3: 2/1']);
    expect(runs(ruleWith({ group: { ...group, period: String(60 * MINUTE) } }))).toEqual([
      '1: 1/1',
      '2: 1/2',
      '3: 1/3',
    ]);
  });

  test('signals make no alert', () => {
    const rule = ruleWith({
      createAlert: false,
      threshold: { of: 'group', operator: 'ge', count: 5, called: 'threshold' },
    });
    const { found, alerts } = run(rule, [matchAt(rule, 0, 1)]);
    expect([found, alerts.alerts()]).toEqual([['1: none'], []]);
  });

  test('an id says which alert it is, whoever runs the rule', () => {
    const rule = ruleWith({ group: byDedup(60) });
    const ids = (dedup: string): readonly (string | undefined)[] => {
      const alerts = new RuleAlerts(rule, options);
      return alerts.take(matchAt(rule, 0, 1, { dedup })).map(({ alert }) => alert?.id);
    };
    expect(ids('a')).toEqual(ids('a'));
    expect(ids('a')).not.toEqual(ids('b'));
    expect(ids('a')[0]).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('thresholds', () => {
  const threshold = { of: 'group', operator: 'ge', count: 3, called: 'threshold' } as const;

  test('of a group: periods that do not reach it drop, in whatever order matches come', () => {
    const rule = ruleWith({ group: byDedup(60), threshold });
    const minutes = [0, 50, 61, 62, 130, 63];
    for (const order of [
      [0, 1, 2, 3, 4, 5],
      [5, 3, 4, 0, 2, 1],
    ]) {
      const matches = order.map((place) => matchAt(rule, minutes[place] ?? 0, place, { dedup: 'a' }));
      const { found, alerts } = run(rule, matches);
      expect(found.map((one) => one.split(':')[0]).sort()).toEqual(['2', '3', '5']);
      expect(alerts.drops.threshold).toBe(3);
      expect(dropsInWords(rule, alerts.drops)).toEqual(['3 matches under the threshold of 3']);
      expect(alerts.alerts().map(({ count }) => count)).toEqual([3]);
    }
  });

  test('of a group: each dedup text by itself', () => {
    const rule = ruleWith({ group: byDedup(60), threshold });
    const matches = ['a', 'b', 'a', 'b', 'b'].map((dedup, line) => matchAt(rule, line, line, { dedup }));
    expect(run(rule, matches).found).toEqual(['1: 1/1', '3: 1/2', '4: 1/3']);
  });

  test('of a group: distinct values where the rule says what is unique', () => {
    const rule = ruleWith({ group: byDedup(60), threshold });
    const matches = (unique: readonly string[]): Match[] =>
      unique.map((one, line) => matchAt(rule, line, line, { unique: one }));
    expect(run(rule, matches(['x', 'x', 'y', 'y'])).found).toEqual([]);
    expect(run(rule, matches(['x', 'x', 'y', 'z'])).found.length).toBe(4);
  });

  test.each([
    ['gt', 2, 2, 0],
    ['gt', 2, 3, 3],
    ['lt', 3, 2, 2],
    ['lt', 3, 3, 0],
    ['eq', 2, 2, 2],
    ['eq', 2, 3, 0],
    ['ne', 2, 2, 0],
    ['ne', 2, 1, 1],
    ['ne', 2, 4, 4],
  ] as const)('of a run: %s %i of %i rows gives %i', (operator, count, rows, expected) => {
    const rule = ruleWith({ threshold: { of: 'run', operator, count, called: 'trigger' } });
    const { found, alerts } = run(
      rule,
      Array.from({ length: rows }, (_, line) => matchAt(rule, line, line)),
    );
    expect([found.length, alerts.drops.threshold]).toEqual([expected, rows - expected]);
  });

  test('of a run: what is sure comes out at once', () => {
    const rule = ruleWith({ threshold: { of: 'run', operator: 'gt', count: 1, called: 'trigger' } });
    const alerts = new RuleAlerts(rule, options);
    expect([1, 2, 3].map((line) => alerts.take(matchAt(rule, line, line)).length)).toEqual([0, 2, 1]);
  });

  test.each([
    ['lt', 1, 1],
    ['eq', 0, 1],
    ['ne', 3, 1],
    ['gt', 3, 0],
    ['ne', 0, 0],
  ] as const)('of a run: no rows, and it asks for %s %i', (operator, count, expected) => {
    const rule = ruleWith({ threshold: { of: 'run', operator, count, called: 'trigger' } });
    const alerts = new RuleAlerts(rule, options);
    const found = alerts.endRun('2026-01-01T00:00:00Z');
    expect(found.map(({ record, fields, time }) => [record, fields, time])).toEqual(
      expected === 0 ? [] : [[undefined, { rows: 0 }, '2026-01-01T00:00:00Z']],
    );
  });

  test('of a run: it is counted anew in the next', () => {
    const rule = ruleWith({ threshold: { of: 'run', operator: 'gt', count: 1, called: 'trigger' } });
    const alerts = new RuleAlerts(rule, options);
    const found = [0, 1].flatMap((line) => [...alerts.take(matchAt(rule, line, line)), ...alerts.endRun(undefined)]);
    expect([found, alerts.drops.threshold]).toEqual([[], 2]);
  });

  test.each([
    ['gt', 5, '2 rows under the trigger of > 5'],
    ['lt', 1, '2 rows outside the trigger of < 1'],
    ['ne', 2, '2 rows outside the trigger of != 2'],
  ] as const)('in words: %s %i', (operator, count, expected) => {
    const rule = ruleWith({ threshold: { of: 'run', operator, count, called: 'trigger' } });
    const { alerts } = run(rule, [matchAt(rule, 0, 1), matchAt(rule, 0, 2)]);
    expect(dropsInWords(rule, alerts.drops)).toEqual([expected]);
  });
});

test('a scheduled run makes so many alerts and no more; matches of the alerts it has are none of them', () => {
  const rule = ruleWith({
    group: { by: 'fields', fields: [], missing: 'match', period: null },
    mostPerRun: { alerts: 2, stated: true },
  });
  const groups = ['a', 'b', 'a', 'c', 'd', 'b'];
  const matches = (): Match[] => groups.map((group, line) => matchAt(rule, line, line, { group }));
  const limited = run(rule, matches(), { scheduled: true });
  expect(limited.found).toEqual(['0: 1/1', '1: 2/1', '2: 1/2', '5: 2/2']);
  expect(dropsInWords(rule, limited.alerts.drops)).toEqual(['2 matches over max_signals of 2']);
  expect(run(rule, matches()).found.length).toBe(6);
});

test('records that exceptions keep out are counted on the rule', () => {
  const rule = ruleWith();
  const alerting = new Alerting(options);
  const found = alerting.take(matchAt(rule, 0, 1));
  alerting.except(rule);
  alerting.except(rule);
  expect([shown(found), dropsInWords(rule, alerting.drops(rule))]).toEqual([['1: 1/1'], ['2 records excepted']]);
});
