import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correlate, type Signal } from '../../../alerts/panther-correlation.ts';
import { field } from '../../../ir/construct.ts';
import type { Link } from '../../../ir/keyed.ts';
import type { Sequence, Step } from '../../../ir/plan.ts';
import type { SignalCorrelation, SignalMember } from '../../../ir/rule.ts';
import type { MatchRow } from '../../../state/state-row.ts';
import { compileOperator, type Operator } from './operator.ts';
import { batch, clock, cut, type Push, push, secondOf, seconds, stream } from './streaming.fixture.ts';

/** Panther's correlations as they were, as an oracle: the same signals give the same matches. */

const MINUTE = 60;
const span = { source: 'r.yml', start: 0, end: 0 };

function step(member: SignalMember, keys: Step['keys']): Step {
  const { id, absent, minimum, maximum = null } = member;
  return {
    name: id,
    plan: { kind: 'input', name: id, columns: [] },
    time: field('time'),
    keys,
    keep: ['f', 'g'].map((name) => ({ name, expr: field(name) })),
    count: absent ? { atLeast: 0, atMost: minimum - 1 } : { atLeast: minimum, atMost: maximum },
  };
}

function sequence(correlation: SignalCorrelation): Sequence {
  const { members, criteria, transitions, lookbackMinutes } = correlation;
  const within = seconds(lookbackMinutes * MINUTE);
  const place = (id: string): number => members.findIndex((member) => member.id === id);
  const isPresent = (id: string): boolean => members.some((member) => member.id === id && !member.absent);
  const by = criteria.filter(({ fields }) => fields.some(({ member }) => isPresent(member)));
  const steps = members.map((member) =>
    step(
      member,
      by.map(({ fields }) => {
        const own = fields.find((one) => one.member === member.id);
        return own === undefined ? null : field(own.field);
      }),
    ),
  );
  const links = transitions.map(
    ({ from, to, withinMinutes, match }): Link => ({
      from: place(from),
      to: place(to),
      within: seconds(withinMinutes * MINUTE),
      share: match ?? null,
    }),
  );
  return {
    kind: 'sequence',
    steps,
    by: by.map(({ name }) => ({ name, missing: 'drop', many: 'each' })),
    order: correlation.kind === 'group' ? { kind: 'any', within } : { kind: 'linked', within, links },
    emit: { how: 'once-per-window', rows: 'all', mostRows: 0 },
    summary: { shared: 'values', count: 'signals', first: 'first_time', last: 'last_time', inputs: 'rules' },
  };
}

interface Said {
  readonly member: number;
  readonly minute: number;
  readonly f: readonly string[];
  readonly g: readonly string[];
}

const arbitrarySignals = fc.array(
  fc.record({
    member: fc.nat(2),
    minute: fc.nat(24),
    f: fc.uniqueArray(fc.constantFrom('x', 'y'), { maxLength: 2 }),
    g: fc.uniqueArray(fc.constantFrom('p', 'q'), { maxLength: 2 }),
  }),
  { maxLength: 14 },
);
const arbitraryMember = fc.record({
  absent: fc.boolean(),
  minimum: fc.integer({ min: 1, max: 2 }),
  maximum: fc.constantFrom(undefined, undefined, 2),
});
const arbitraryMembers = fc
  .array(arbitraryMember, { minLength: 3, maxLength: 3 })
  .filter((members) => members.some(({ absent }) => !absent))
  .map((members) =>
    members.map(
      ({ absent, minimum, maximum }, place): SignalMember => ({
        id: `m${place}`,
        rule: `r${place}`,
        minimum,
        ...(maximum !== undefined && { maximum }),
        absent,
        span,
      }),
    ),
  );
const fieldOf = fc.constantFrom('f', 'g');
const arbitraryGroup = fc
  .record({
    members: arbitraryMembers,
    criteria: fc.array(fc.tuple(fc.subarray(['m0', 'm1', 'm2'], { minLength: 1 }), fieldOf), { maxLength: 2 }),
    lookbackMinutes: fc.constantFrom(2, 5, 10),
  })
  .map(
    ({ members, criteria, lookbackMinutes }): SignalCorrelation => ({
      kind: 'group',
      members,
      criteria: criteria.map(([of, name], place) => ({
        name: `c${place}`,
        fields: of.map((member) => ({ member, field: name })),
      })),
      transitions: [],
      lookbackMinutes,
    }),
  );
const arbitrarySequence = fc
  .record({
    members: arbitraryMembers,
    links: fc.uniqueArray(
      fc.record({
        pair: fc.constantFrom([0, 1], [1, 2], [0, 2]),
        within: fc.constantFrom(1, 3, 10),
        match: fc.option(fc.record({ from: fieldOf, to: fieldOf }), { nil: undefined }),
      }),
      { maxLength: 3, selector: ({ pair }) => pair.join() },
    ),
    lookbackMinutes: fc.constantFrom(2, 5, 10),
  })
  .map(
    ({ members, links, lookbackMinutes }): SignalCorrelation => ({
      kind: 'sequence',
      members,
      criteria: [],
      transitions: links.map(({ pair: [from, to], within, match }) => ({
        from: `m${from}`,
        to: `m${to}`,
        withinMinutes: within,
        ...(match !== undefined && { match }),
      })),
      lookbackMinutes,
    }),
  );

function was(correlation: SignalCorrelation, signals: readonly Said[]): string[] {
  const byMember = new Map<string, Signal[]>();
  for (const { member, minute, f, g } of signals) {
    const values = new Map([
      ['f', new Set(f)],
      ['g', new Set(g)],
    ]);
    const id = correlation.members[member]?.id ?? '';
    byMember.set(id, [...(byMember.get(id) ?? []), { time: minute * MINUTE, values }]);
  }
  return correlate(
    {
      ...correlation,
      lookbackMinutes: correlation.lookbackMinutes / 1000,
      transitions: correlation.transitions.map((one) => ({ ...one, withinMinutes: one.withinMinutes / 1000 })),
    },
    byMember,
    'lookback',
  )
    .map(({ values, signals: found, first, last }) => `${values} ${found.length} ${first}-${last}`)
    .sort();
}

function told(matches: readonly MatchRow[]): string[] {
  return matches
    .map(({ columns, at }) => {
      const first = columns.get('first_time');
      const from =
        typeof first === 'object' && first !== null && 'ticks' in first ? secondOf(BigInt(String(first.ticks))) : 0;
      return `${columns.get('values')} ${columns.get('signals')} ${from}-${secondOf(at)}`;
    })
    .sort();
}

function pushes(signals: readonly Said[]): readonly Push[] {
  return signals.map(({ member, minute, f, g }, order) => push(member, order, minute * MINUTE, { f, g }));
}

describe.each([
  ['groups', arbitraryGroup],
  ['sequences', arbitrarySequence],
])('%s', (_, arbitrary) => {
  const compiled = (correlation: SignalCorrelation): Operator => compileOperator(sequence(correlation), clock);

  test('a batch gives what was given', () => {
    fc.assert(
      fc.property(arbitrary, arbitrarySignals, (correlation, signals) => {
        expect(told(batch(compiled(correlation), pushes(signals)))).toEqual(was(correlation, signals));
      }),
      { numRuns: 5_000 },
    );
  });

  test('a stream, also one that is cut and goes on elsewhere, gives what a batch gives', () => {
    fc.assert(
      fc.property(arbitrary, arbitrarySignals, fc.nat(300), fc.nat(20), (correlation, signals, late, after) => {
        const whole = told(batch(compiled(correlation), pushes(signals)));
        expect(told(stream(compiled(correlation), pushes(signals), late))).toEqual(whole);
        expect(told(cut(() => compiled(correlation), pushes(signals), late, after))).toEqual(whole);
      }),
      { numRuns: 2_000 },
    );
  });
});
