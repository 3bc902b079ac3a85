import type { ColumnType } from '../ir/plan/plan.ts';
import { type Query, readsOf } from '../ir/plan/query.ts';
import { prune } from './prune.ts';

/** As `prune`; each shared plan ends in a projection to what is read of it, and one of which nothing is read goes. */
export function pruneQuery({ shared, result }: Query, columns: readonly ColumnType[] | undefined): Query {
  const pruned = prune(result, columns);
  const kept: { name: string; plan: ReturnType<typeof prune> }[] = [];
  // Each may use those before it, so what is read of one is known when those behind it are done.
  for (const { name, plan } of shared.toReversed()) {
    const read = readsOf(name, [pruned, ...kept.map((other) => other.plan)]);
    if (read !== undefined) kept.unshift({ name, plan: prune(plan, read) });
  }
  return { shared: kept, result: pruned };
}
