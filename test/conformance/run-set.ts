import { type Case, type ConformanceSet, failed, type Outcome } from './case.ts';
import { openTree } from './tree.ts';

/** What became of a set. */
export interface Report {
  readonly set: string;
  /** Why the tree has nothing of the set. */
  readonly absent?: string;
  readonly results: readonly Result[];
}

export interface Result {
  readonly id: string;
  readonly outcome: Outcome;
}

/** Runs a set's cases on a tree, one after the other. A case that throws has failed; a second of an id is numbered. */
export async function runSet(set: ConformanceSet, folder: string): Promise<Report> {
  const tree = openTree(folder);
  try {
    const content = await set.read(tree);
    if ('absent' in content) return { set: set.name, absent: content.absent, results: [] };
    const results: Result[] = [];
    const seen = new Map<string, number>();
    for (const one of content.cases) {
      const times = (seen.get(one.id) ?? 0) + 1;
      seen.set(one.id, times);
      const id = times === 1 ? one.id : `${one.id} (${times})`;
      results.push({ id, outcome: await outcomeOf(one) });
    }
    await content.close?.();
    return { set: set.name, results };
  } finally {
    tree.close();
  }
}

async function outcomeOf(one: Case): Promise<Outcome> {
  try {
    return await one.run();
  } catch (thrown) {
    return failed(`threw ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}
