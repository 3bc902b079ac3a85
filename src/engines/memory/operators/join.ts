import type { Join } from '../../../ir/plan.ts';
import type { JoinFlavour, JoinTimes } from '../../../ir/relational.ts';
import { keyOfAll } from '../../../values/key.ts';
import { momentOf } from '../../../values/moment.ts';
import { compileExpr, compilePredicate } from '../compile.ts';
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
};

/** Right rows are held by their keys, left rows pass by. */
export function* joinRows(plan: Join, left: Iterable<Row>, right: Iterable<Row>, clock: Clock): Generator<Row> {
  const gives = GIVES[plan.flavour];
  const keyOf = compileKeys(plan, clock);
  const make = compileColumns(plan, clock);
  const holds = plan.residual === undefined ? () => true : compilePredicate(plan.residual, clock);
  const isNear = plan.within === undefined ? () => true : compileNear(plan.within, clock);
  const all: Row[] = [];
  for (const row of right) {
    clock.budget?.keep();
    all.push(row);
  }
  const byKey = new Map<string, Row[]>();
  for (const row of all) {
    const key = keyOf.right(row);
    if (key === undefined) continue;
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [row]);
    else same.push(row);
  }
  const paired = new Set<Row>();
  for (const row of plan.flavour === 'inner-unique' ? firstOfEach(left, keyOf.left) : left) {
    const key = keyOf.left(row);
    let isPaired = false;
    for (const other of key === undefined ? [] : (byKey.get(key) ?? [])) {
      clock.budget?.step();
      const pair = make(row, other);
      if (!isNear(row, other) || holds(pair) !== true) continue;
      isPaired = true;
      paired.add(other);
      if (!gives.pairs) continue;
      clock.budget?.make(1);
      yield pair;
    }
    if (gives.left === (isPaired ? 'some' : 'none')) yield gives.pairs ? make(row, undefined) : row;
  }
  for (const row of gives.right === undefined ? [] : all) {
    if (gives.right === (paired.has(row) ? 'some' : 'none')) yield gives.pairs ? make(undefined, row) : row;
  }
}

type KeyOf = (row: Row) => string | undefined;

/** Undefined: the row's keys are equal to none. */
function compileKeys({ on, nulls }: Join, clock: Clock): { readonly left: KeyOf; readonly right: KeyOf } {
  const compile = (side: 'left' | 'right'): KeyOf => {
    const keys = on.map((pair) => compileExpr(pair[side], clock));
    return (row) => {
      const values = keys.map((key) => key(row) ?? null);
      return nulls === 'differ' && values.includes(null) ? undefined : keyOfAll(values);
    };
  };
  return { left: compile('left'), right: compile('right') };
}

function* firstOfEach(rows: Iterable<Row>, keyOf: KeyOf): Generator<Row> {
  const seen = new Set<string>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined || seen.has(key)) continue;
    seen.add(key);
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
