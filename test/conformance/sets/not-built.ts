import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConformanceSet, skipped, type Tree } from '../case.ts';

/** Sets that nothing reads yet: their cases are counted as skipped, with the reason. */
export const notBuilt: readonly ConformanceSet[] = [
  unread('elastic/packages', 'the pipelines of Elastic’s packages are not built', 'elastic/packages', (folder) =>
    packageTests(folder),
  ),
  unread('kusto-rules', 'nothing reads the features that the rules use yet', 'kusto-rules/feature-use.json', (file) =>
    queriesOf(file),
  ),
];

function unread(name: string, why: string, path: string, ids: (found: string) => readonly string[]): ConformanceSet {
  return {
    name,
    read: (tree: Tree) => {
      const found = tree.find(path);
      if (found === undefined) return { absent: `there is no ${path}` };
      return { cases: ids(found).map((id) => ({ id, run: () => skipped('not-built', why) })) };
    },
  };
}

/** One case for each log with expected documents. */
function packageTests(folder: string): readonly string[] {
  const archives = readdirSync(folder).filter((name) => name.endsWith('.tar.gz'));
  return archives.sort().flatMap((archive) =>
    execFileSync('tar', ['tzf', join(folder, archive)], { encoding: 'utf8', maxBuffer: 2 ** 28 })
      .split('\n')
      .filter((path) => path.endsWith('-expected.json'))
      .map((path) => `packages/${path.replace(/-expected\.json$/, '')}`),
  );
}

function queriesOf(file: string): readonly string[] {
  const queries: readonly { readonly n: number; readonly source: string }[] = JSON.parse(readFileSync(file, 'utf8'));
  return queries.map(({ n, source }) => `kusto-rules/${source}/${n}`);
}
