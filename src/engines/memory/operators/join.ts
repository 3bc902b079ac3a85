import type { Join } from '../../../ir/plan/plan.ts';
import type { JoinFlavour, JoinTimes } from '../../../ir/plan/relational.ts';
import { elementsOf } from '../../../values/elements.ts';
import { keyOf, keyOfAll } from '../../../values/key.ts';
import { momentOf } from '../../../values/moment.ts';
import { toJson } from '../../../values/text-of.ts';
import type { Value } from '../../../values/value.ts';
import { compileExpr, compilePredicate } from '../compile.ts';
import { combinations } from '../keyed/rows/key-values.ts';
import type { Clock, Row } from '../row.ts';

/** What comes out of a join of each flavour: pairs, and of a side rows that are in one (`some`) or in none. */
const GIVES: Readonly<Record<JoinFlavour, { pairs: boolean; left?: 'some' | 'none'; right?: 'some' | 'none' }>> = {
  inner: { pairs: true },
  'inner-unique': { pairs: true },
  cross: { pairs: true },
  left: { pairs: true, left: 'none' },
  right: { pairs: true, right: 'none' },
  full: { pairs: true, left: 'none', right: 'none' },
  'left-semi': { pairs: false, left: 'some' },
  'left-anti': { pairs: false, left: 'none' },
  'right-semi': { pairs: false, right: 'some' },
  'right-anti': { pairs: false, right: 'none' },
  'left-nest': { pairs: false },
};

/** Right rows are held by their keys, left rows pass by. */
export function* joinRows(plan: Join, left: Iterable<Row>, right: Iterable<Row>, clock: Clock): Generator<Row> {
  const gives = GIVES[plan.flavour];
  const keys = compileKeys(plan, clock);
  const make = compileColumns(plan, clock);
  const holds = plan.residual === undefined ? () => true : compilePredicate(plan.residual, clock);
  const isNear = plan.within === undefined ? () => true : compileNear(plan.within, clock);
  const all: Row[] = [];
  for (const row of right) {
    clock.budget?.keep(row);
    all.push(row);
  }
  const byKey = new Map<string, Row[]>();
  for (const row of all) {
    for (const key of keys.right(row)) {
      const same = byKey.get(key);
      if (same === undefined) byKey.set(key, [row]);
      else same.push(row);
    }
  }
  const paired = new Set<Row>();
  for (const row of plan.flavour === 'inner-unique' ? firstOfEach(left, keys.left) : left) {
    let isPaired = false;
    const nested: Value[] = [];
    // Where the right has no keys, those of the left need not be made: indicators are often missing.
    for (const other of byKey.size === 0 ? [] : othersOf(keys.left(row), byKey)) {
      clock.budget?.step();
      const pair = make(row, other);
      if (!isNear(row, other) || holds(pair) !== true) continue;
      isPaired = true;
      paired.add(other);
      if (plan.into !== undefined) {
        clock.budget?.make(1);
        nested.push(Object.fromEntries([...pair.columns].map(([name, value]) => [name, toJson(value)])));
      }
      if (!gives.pairs) continue;
      clock.budget?.make(1);
      yield pair;
    }
    if (plan.into !== undefined) yield { ...row, columns: new Map([...row.columns, [plan.into, nested]]) };
    if (gives.left === (isPaired ? 'some' : 'none')) yield gives.pairs ? make(row, undefined) : row;
  }
  for (const row of gives.right === undefined ? [] : all) {
    if (gives.right === (paired.has(row) ? 'some' : 'none')) yield gives.pairs ? make(undefined, row) : row;
  }
}

/** The keys by which a row is found: none where it is equal to nothing, several where lists have any of their elements. */
type KeysOf = (row: Row) => readonly string[];

function compileKeys({ on, nulls }: Join, clock: Clock): { readonly left: KeysOf; readonly right: KeysOf } {
  const compile = (side: 'left' | 'right'): KeysOf => {
    const keys = on.map((pair) => ({ evaluate: compileExpr(pair[side], clock), elements: pair.elements }));
    const isPlain = keys.every(({ elements }) => elements === undefined);
    return (row) => {
      const values = keys.map(({ evaluate }) => evaluate(row) ?? null);
      if (nulls === 'differ' && values.includes(null)) return [];
      if (isPlain) return [keyOfAll(values)];
      const ways = values.map((value, at) => {
        return keys[at]?.elements === 'any' && Array.isArray(value) ? distinct(elementsOf(value)) : [value];
      });
      return combinations(ways).map(keyOfAll);
    };
  };
  return { left: compile('left'), right: compile('right') };
}

function distinct(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}

/** The right rows with any of some keys, each once, in their order by the keys. */
function othersOf(keys: readonly string[], byKey: ReadonlyMap<string, readonly Row[]>): Iterable<Row> {
  const [only] = keys;
  if (only !== undefined && keys.length === 1) return byKey.get(only) ?? [];
  return new Set(keys.flatMap((key) => byKey.get(key) ?? []));
}

function* firstOfEach(rows: Iterable<Row>, keysOf: KeysOf): Generator<Row> {
  const seen = new Set<string>();
  for (const row of rows) {
    const fresh = keysOf(row).filter((key) => !seen.has(key));
    if (fresh.length === 0) continue;
    for (const key of fresh) seen.add(key);
    yield row;
  }
}

/** The row of a pair, or of one side alone. */
function compileColumns({ columns }: Join, clock: Clock): (left: Row | undefined, right: Row | undefined) => Row {
  const compiled = columns.map(({ name, side, expr }) => ({ name, side, evaluate: compileExpr(expr, clock) }));
  return (left, right) => {
    const cells = new Map(
      compiled.map(({ name, side, evaluate }) => {
        const row = side === 'left' ? left : right;
        return [name, row === undefined ? null : (evaluate(row) ?? null)];
      }),
    );
    return { event: undefined, columns: cells };
  };
}

function compileNear(within: JoinTimes, clock: Clock): (left: Row, right: Row) => boolean {
  const start = compileExpr(within.left, clock);
  const end = compileExpr(within.right, clock);
  const least = BigInt(within.least);
  const most = BigInt(within.most);
  return (left, right) => {
    const from = momentOf(start(left));
    const to = momentOf(end(right));
    if (from === undefined || to === undefined) return false;
    return to - from >= least && to - from <= most;
  };
}
