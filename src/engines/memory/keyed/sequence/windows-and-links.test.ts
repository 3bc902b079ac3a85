import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { raw } from '../../../../ir/construct.ts';
import type { Link } from '../../../../ir/plan/keyed.ts';
import type { Sequence, Step } from '../../../../ir/plan/plan.ts';
import type { MatchRow } from '../../../../state/state-row.ts';
import { compileOperator, type Operator } from '../operator.ts';
import { batch, clock, cut, type Push, push, secondOf, seconds, stream } from '../streaming.fixture.ts';

/** Sequences in any order and by links, against what their documentation says, word by word and as slowly as can be. */

const MINUTE = 60;
const NAMES = ['a', 'b', 'c'];

/** `keys`: for each key of the sequence the column that the step reads, or null. */
function step(place: number, count: Step['count'], keys: readonly (string | null)[]): Step {
  const name = NAMES[place] ?? '';
  return {
    name,
    plan: { kind: 'input', name, columns: [] },
    time: raw('time'),
    keys: keys.map((key) => (key === null ? null : raw(key))),
    keep: ['f', 'g'].map((one) => ({ name: one, expr: raw(one) })),
    count,
  };
}

function sequence(steps: readonly Step[], order: Sequence['order']): Sequence {
  return {
    kind: 'sequence',
    steps,
    by: (steps[0]?.keys ?? []).map((_, place) => ({ name: `k${place}`, missing: 'drop', many: 'each' })),
    order,
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
const arbitraryCount: fc.Arbitrary<Step['count']> = fc
  .record({ absent: fc.boolean(), least: fc.integer({ min: 1, max: 2 }), most: fc.constantFrom(null, null, 2) })
  .map(({ absent, least, most }) => (absent ? { atLeast: 0, atMost: least - 1 } : { atLeast: least, atMost: most }));
const arbitraryCounts = fc
  .array(arbitraryCount, { minLength: 3, maxLength: 3 })
  .filter((counts) => counts.some(({ atLeast }) => atLeast > 0));
const column = fc.constantFrom('f', 'g');
const within = fc.constantFrom(2, 5, 10).map((minutes) => seconds(minutes * MINUTE));

/** Each key is asked of some of the steps, at least of one that is not absent. */
const arbitraryGroup = fc
  .record({
    counts: arbitraryCounts,
    keys: fc.array(fc.tuple(fc.subarray([0, 1, 2], { minLength: 1 }), column), { maxLength: 2 }),
    within,
  })
  .map(({ counts, keys, within: length }) => {
    const asked = keys.filter(([of]) => of.some((place) => (counts[place]?.atLeast ?? 0) > 0));
    const steps = counts.map((count, place) =>
      step(
        place,
        count,
        asked.map(([of, name]) => (of.includes(place) ? name : null)),
      ),
    );
    return sequence(steps, { kind: 'any', within: length });
  });
const arbitraryLinked = fc
  .record({
    counts: arbitraryCounts,
    links: fc.uniqueArray(
      fc.record({
        pair: fc.constantFrom([0, 1] as const, [1, 2] as const, [0, 2] as const),
        minutes: fc.constantFrom(1, 3, 10),
        share: fc.option(fc.record({ from: column, to: column })),
      }),
      { maxLength: 3, selector: ({ pair }) => pair.join() },
    ),
    within,
  })
  .map(({ counts, links, within: length }) => {
    const made = links.map(({ pair: [from, to], minutes, share }): Link => {
      return { from, to, within: seconds(minutes * MINUTE), share };
    });
    return sequence(
      counts.map((count, place) => step(place, count, [])),
      { kind: 'linked', within: length, links: made },
    );
  });

function minutesOf(ticks: string | null): number {
  return ticks === null ? Number.POSITIVE_INFINITY : Number(ticks) / 1e7 / MINUTE;
}

function valuesOf(signal: Said, name: string): readonly string[] {
  return name === 'f' ? signal.f : signal.g;
}

function isPresent({ count }: Step): boolean {
  return count.atLeast > 0;
}

function fits({ count }: Step, rows: number): boolean {
  return rows >= count.atLeast && (count.atMost === null || rows <= count.atMost);
}

function bruteForce(plan: Sequence, signals: readonly Said[]): string[] {
  const inTime = [...signals].sort((a, b) => a.minute - b.minute);
  const found = plan.order.kind === 'linked' ? bruteLinks(plan, inTime) : bruteWindows(plan, inTime);
  return found.sort();
}

/** For all values that keys may have: each window that begins with a row of a present step. */
function bruteWindows(plan: Sequence, signals: readonly Said[]): string[] {
  if (plan.order.kind !== 'any') throw new Error('in any order');
  const length = minutesOf(plan.order.within);
  const columns = plan.by.map((_, at) =>
    plan.steps.flatMap(({ keys }) => {
      const key = keys[at];
      return key?.kind === 'raw' ? [key.paths.flat().join('.')] : [];
    }),
  );
  const found: string[] = [];
  for (const values of tuples(columns.map(([name = 'f']) => (name === 'f' ? ['x', 'y'] : ['p', 'q'])))) {
    const of = (place: number): Said[] =>
      signals.filter((signal) => {
        const { keys = [] } = plan.steps[place] ?? {};
        const agrees = keys.every(
          (key, at) => key?.kind !== 'raw' || valuesOf(signal, key.paths.flat().join('.')).includes(values[at] ?? ''),
        );
        return signal.member === place && agrees;
      });
    const rows = plan.steps.map((_, place) => of(place));
    const present = plan.steps.flatMap((one, place) => (isPresent(one) ? (rows[place] ?? []) : []));
    let ended = Number.NEGATIVE_INFINITY;
    for (const start of new Set(present.map(({ minute }) => minute).sort((a, b) => a - b))) {
      if (start <= ended) continue;
      const inside = present.filter(({ minute }) => minute >= start && minute <= start + length);
      const last = Math.max(...inside.map(({ minute }) => minute));
      const holds = plan.steps.every((one, place) => {
        const [from, to] = isPresent(one) ? [start, start + length] : [last - length, start + length];
        return fits(one, (rows[place] ?? []).filter(({ minute }) => minute >= from && minute <= to).length);
      });
      if (!holds) continue;
      ended = start + length;
      found.push(`${values} ${inside.length} ${start * MINUTE}-${last * MINUTE}`);
    }
  }
  return found;
}

/** For each row of the first step the first choice of rows for the others, of all there are. */
function bruteLinks(plan: Sequence, signals: readonly Said[]): string[] {
  const { order, steps } = plan;
  if (order.kind !== 'linked') throw new Error('by links');
  const length = minutesOf(order.within);
  const places = searchOrder(plan);
  const follows = (a: Said, b: Said, { within: most, share }: Link): boolean => {
    const apart = b.minute - a.minute;
    if (apart < 0 || apart > minutesOf(most)) return false;
    return share === null || valuesOf(a, share.from).some((value) => valuesOf(b, share.to).includes(value));
  };
  const linksHold = (chosen: ReadonlyMap<number, Said>): boolean =>
    order.links.every((link) => {
      const [a, b] = [chosen.get(link.from), chosen.get(link.to)];
      return a === undefined || b === undefined || follows(a, b, link);
    });
  const isInWindow = (chosen: readonly Said[]): boolean => {
    const times = chosen.map(({ minute }) => minute);
    return Math.max(...times) - Math.min(...times) <= length;
  };
  const isGood = (chosen: ReadonlyMap<number, Said>): boolean =>
    steps.every((one, place) => {
      const own = signals.filter(({ member }) => member === place);
      if (!isPresent(one)) {
        const reached = own.filter((signal) =>
          order.links.some((link) => {
            if (link.from === place) {
              const other = chosen.get(link.to);
              return other !== undefined && follows(signal, other, link);
            }
            const other = link.to === place ? chosen.get(link.from) : undefined;
            return other !== undefined && follows(other, signal, link);
          }),
        );
        return fits(one, reached.length);
      }
      const alike = own.filter((signal) => {
        const instead = new Map(chosen).set(place, signal);
        return isInWindow([...chosen.values(), signal]) && linksHold(instead);
      });
      return fits(one, alike.length);
    });
  const found: string[] = [];
  const ended = new Map<string, number>();
  for (const start of signals.filter(({ member }) => member === places[0])) {
    const ways = tuples([[start], ...places.slice(1).map((place) => signals.filter(({ member }) => member === place))]);
    const way = ways.find((rows) => {
      const chosen = new Map(rows.map((row, at) => [places[at] ?? 0, row]));
      return isInWindow(rows) && linksHold(chosen) && isGood(chosen);
    });
    if (way === undefined) continue;
    const chosen = new Map(way.map((row, at) => [places[at] ?? 0, row]));
    const values = new Set<string>();
    for (const { from, to, share } of order.links) {
      const [a, b] = [chosen.get(from), chosen.get(to)];
      if (a === undefined || b === undefined || share === null) continue;
      for (const value of valuesOf(a, share.from)) if (valuesOf(b, share.to).includes(value)) values.add(value);
    }
    const key = [...values].join();
    const times = way.map(({ minute }) => minute);
    const [first, last] = [Math.min(...times), Math.max(...times)];
    if (first <= (ended.get(key) ?? Number.NEGATIVE_INFINITY)) continue;
    ended.set(key, first + length);
    found.push(`${key} ${way.length} ${first * MINUTE}-${last * MINUTE}`);
  }
  return found;
}

/** Steps that have rows, each that a link leads to after the one it leads from, where that is possible. */
function searchOrder({ steps, order }: Sequence): readonly number[] {
  const links = order.kind === 'linked' ? order.links : [];
  const left = [...steps.entries()].flatMap(([place, one]) => (isPresent(one) ? [place] : []));
  const within = links.filter(({ from, to }) => left.includes(from) && left.includes(to));
  const placed: number[] = [];
  while (left.length > 0) {
    const next = left.findIndex((place) => within.some(({ from, to }) => to === place && placed.includes(from)));
    const free = left.findIndex((place) => within.every(({ to }) => to !== place));
    placed.push(...left.splice(next >= 0 ? next : Math.max(0, free), 1));
  }
  return placed;
}

/** One of each, the last changing first. */
function tuples<T>(parts: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return parts.reduce<readonly (readonly T[])[]>(
    (made, part) => made.flatMap((one) => part.map((next) => [...one, next])),
    [[]],
  );
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
  ['windows', arbitraryGroup],
  ['links', arbitraryLinked],
])('%s', (_, arbitrary) => {
  const compiled = (plan: Sequence): Operator => compileOperator(plan, clock);

  test('a batch gives what a brute-force evaluation says', () => {
    fc.assert(
      fc.property(arbitrary, arbitrarySignals, (plan, signals) => {
        expect(told(batch(compiled(plan), pushes(signals)))).toEqual(bruteForce(plan, signals));
      }),
      { numRuns: 2_000 },
    );
  });

  test('a stream, also one that is cut and goes on elsewhere, gives what a batch gives', () => {
    fc.assert(
      fc.property(arbitrary, arbitrarySignals, fc.nat(300), fc.nat(20), (plan, signals, late, after) => {
        const whole = told(batch(compiled(plan), pushes(signals)));
        expect(told(stream(compiled(plan), pushes(signals), late))).toEqual(whole);
        expect(told(cut(() => compiled(plan), pushes(signals), late, after))).toEqual(whole);
      }),
      { numRuns: 1_000 },
    );
  });
});
