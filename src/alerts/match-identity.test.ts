import { expect, test } from 'vitest';
import { matchAt, ruleWith } from '../../test/alert-match.ts';
import { call, field, text } from '../ir/construct.ts';
import type { Plan } from '../ir/plan/plan.ts';
import type { Match } from './match.ts';
import { matchIdentity } from './match-identity.ts';

const source: Plan = { kind: 'source', schema: 'kusto', table: 'T', scope: null };
const counted: Plan = {
  kind: 'summarize',
  input: source,
  by: [{ name: 'user', expr: field('user') }],
  aggregates: [{ names: ['n'], fn: 'count', args: [] }],
};

function rowOf(plan: Plan, fields: NonNullable<Match['fields']>): Match {
  const rule = ruleWith(undefined, { logic: { kind: 'plan', plan, columns: [] } });
  return { rule, record: undefined, time: undefined, fields };
}

/** Whether two rows of one plan are the same match. */
function same(plan: Plan, a: NonNullable<Match['fields']>, b: NonNullable<Match['fields']>): boolean {
  return matchIdentity(rowOf(plan, a)) === matchIdentity(rowOf(plan, b));
}

test('a match of a record is known by where it stands', () => {
  const rule = ruleWith();
  expect(matchIdentity(matchAt(rule, 0, 1))).toBe(matchIdentity(matchAt(rule, 5, 1)));
  expect(matchIdentity(matchAt(rule, 0, 1))).not.toBe(matchIdentity(matchAt(rule, 0, 2)));
});

test('a row of a group is known by its group, whatever it counts', () => {
  expect(same(counted, { user: 'a', n: 3 }, { user: 'a', n: 5 })).toBe(true);
  expect(same(counted, { user: 'a', n: 3 }, { user: 'b', n: 3 })).toBe(false);
});

test('columns that are made of the group alone are part of it, those made of numbers are not', () => {
  const columns = [
    { name: 'who', expr: call('text.concat', [text('user '), field('user')]) },
    { name: 'n', expr: field('n') },
    { name: 'fixed', expr: text('x') },
  ];
  for (const plan of [
    { kind: 'project', input: counted, columns },
    { kind: 'limit', count: 5, input: { kind: 'project', input: counted, columns } },
  ] satisfies Plan[]) {
    expect(same(plan, { who: 'user a', n: 1, fixed: 'x' }, { who: 'user a', n: 2, fixed: 'y' })).toBe(true);
    expect(same(plan, { who: 'user a', n: 1 }, { who: 'user b', n: 1 })).toBe(false);
  }
  const extended: Plan = { kind: 'extend', input: counted, columns: [{ name: 'user', expr: field('n') }] };
  expect(same(extended, { user: '1', n: 1 }, { user: '2', n: 2 })).toBe(true);
});

test('of a whole that has no groups there is one', () => {
  const total: Plan = { ...counted, by: [] };
  expect(same(total, { n: 1 }, { n: 2 })).toBe(true);
});
