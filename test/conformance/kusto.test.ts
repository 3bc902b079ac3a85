import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { afterAll, describe, expect, test } from 'vitest';
import { sourceText } from '../../src/base/source-text.ts';
import type { LoadContext, LoadOutcome } from '../../src/formats/rule-file.ts';
import { sentinelFormat } from '../../src/formats/sentinel/sentinel.ts';
import { kustoSchema } from '../../src/schemas/kusto.ts';
import { inputs } from './inputs.ts';
import { corpora, openTree } from './tree.ts';

/** The published rules load or say by code why not. */
const tree = openTree(corpora);
afterAll(() => tree.close());

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => kustoSchema };

function tally(items: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([item, count]) => `${item} ${count}`)
    .join(', ');
}

describe.each([
  ['azure-sentinel-2020', 370, '3a81ca215590'],
  ['reprise99', 585, '88a5fa064709'],
  ['bert-janp', 532, 'b609aa8286d4'],
])('rules of %s', (name, atLeast, pinned) => {
  const archive = `kusto-rules/${name}.tar.gz`;
  const { there, asPinned } = inputs([archive], pinned);
  const home = there ? tree.unpack(archive) : undefined;
  const paths = home === undefined ? [] : globSync('**/*.{kql,yaml}', { cwd: home, absolute: true }).sort();
  const outcomes: readonly LoadOutcome[] = paths.flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return sentinelFormat.load({ path, source: sourceText(path, text) }, context) ?? [];
  });

  test.skipIf(!there)('load', () => {
    const status = tally(outcomes.map((one) => one.status));
    const codes = outcomes.flatMap((one) => {
      if (one.status === 'loaded') return [];
      const errors = one.diagnostics.filter((found) => found.severity === 'error');
      return [
        ...new Set(errors.map((found) => `${found.code}${found.params['name'] ? `(${found.params['name']})` : ''}`)),
      ];
    });
    console.log(`${name}: ${paths.length} files, ${status}\n  rules by code: ${tally(codes)}`);
    expect(outcomes.length).toBeGreaterThanOrEqual(paths.length - 1);
    if (!asPinned) return;
    expect(outcomes.filter((one) => one.status === 'loaded').length).toBeGreaterThanOrEqual(atLeast);
  });
});
