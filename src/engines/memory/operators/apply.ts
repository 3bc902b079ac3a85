import type { Apply } from '../../../ir/plan/plan.ts';
import { keyOfAll } from '../../../values/key.ts';
import { compileExpr } from '../compile.ts';
import type { Clock, Row } from '../row.ts';

/** `run` gives the rows of the body over a group. */
export function* applyRows(
  plan: Apply,
  rows: Iterable<Row>,
  clock: Clock,
  run: (group: readonly Row[]) => Iterable<Row>,
): Generator<Row> {
  const keep = plan.keep.map(({ name, expr }) => ({ name, evaluate: compileExpr(expr, clock) }));
  for (const group of groupsOf(plan, rows, clock)) {
    const [first] = group;
    if (first === undefined) continue;
    const kept = keep.map(({ name, evaluate }) => [name, evaluate(first)] as const);
    for (const row of run(group)) yield { ...row, columns: new Map([...row.columns, ...kept]) };
  }
}

function* groupsOf({ by }: Apply, rows: Iterable<Row>, clock: Clock): Generator<readonly Row[]> {
  if (by === null) {
    for (const row of rows) yield [row];
    return;
  }
  const keys = by.map((expr) => compileExpr(expr, clock));
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const id = keyOfAll(keys.map((key) => key(row)));
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  yield* groups.values();
}
