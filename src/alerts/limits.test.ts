import { expect, test } from 'vitest';
import { matchAt, ruleWith } from '../../test/alert-match.ts';
import { type Alert, inOrderOfTime } from './alert.ts';
import { AlertWindows } from './alert-windows.ts';
import { GroupThreshold } from './group-threshold.ts';

test('windows that are evicted before their time are counted; those that are over are not', () => {
  const windows = new AlertWindows(10n, 2);
  const open = (group: string, at: bigint): void => {
    windows.open(group, at, { id: group, first: null });
  };
  open('a', 0n);
  open('b', 1n);
  open('c', 20n);
  expect([windows.evicted, windows.find('a', 5n), windows.find('b', 5n)?.id]).toEqual([0, undefined, 'b']);
  open('d', 21n);
  open('e', 22n);
  expect([windows.evicted, windows.find('c', 25n)]).toEqual([1, undefined]);
});

test('matches that cannot be held are counted', () => {
  const threshold = new GroupThreshold(
    { of: 'group', operator: 'ge', count: 1, called: 'threshold' },
    null,
    undefined,
    2,
  );
  const rule = ruleWith();
  for (const order of [0, 1, 2]) threshold.take({ match: matchAt(rule, order, order), group: '', at: 0n, order });
  expect([threshold.overflown, threshold.finish().map(({ order }) => order)]).toEqual([1, [0, 1]]);
});

test('alerts are in the order of their first matches, whatever zone those are written in', () => {
  const alert = (id: string, first: string | null): Alert => ({
    id,
    rule: ruleWith(),
    title: '',
    severity: undefined,
    riskScore: undefined,
    dedup: undefined,
    first,
    last: first,
    count: 1,
    source: null,
  });
  const alerts = [
    alert('c', null),
    alert('b', '2026-01-01T10:00:00Z'),
    alert('d', null),
    alert('a', '2026-01-01T11:30:00+02:00'),
  ];
  expect(inOrderOfTime(alerts).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
});
