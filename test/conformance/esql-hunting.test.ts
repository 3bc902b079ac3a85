import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { afterAll, describe, expect, test } from 'vitest';
import { query } from '../../src/index.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

/** Elastic's hunting queries in ES|QL are read and bound; a table that one of them looks up in is said to be missing. */
const { asPinned } = inputs(['elastic/detection-rules.tar.gz'], 'c9792aea7ce5');

const folder = mkdtempSync(join(tmpdir(), 'dragoman-hunting-'));
if (asPinned) execFileSync('tar', ['xzf', join(corpora, 'elastic/detection-rules.tar.gz'), '-C', folder]);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How a query in ES|QL begins; osquery's and EQL's stand beside them. */
const BEGINS = /^\s*(?:\/\/[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(?:from|row|set)\b/i;

/** Those that Elasticsearch refuses as well: `=` for `==`, a list that ends in `or` or `by`, `now(-)`, an escape that there is not. */
const REFUSED = 5;

function queriesOf(path: string): readonly string[] {
  const { hunt } = Object(getStaticTOMLValue(parseTOML(readFileSync(path, 'utf8'))));
  const queries: readonly string[] = hunt?.query ?? [];
  return String(hunt?.language).includes('ES|QL') ? queries.filter((text) => BEGINS.test(text)) : [];
}

describe.skipIf(!asPinned)('hunting queries in ES|QL', () => {
  const paths = asPinned ? globSync('**/hunting/**/*.toml', { cwd: folder, absolute: true }).sort() : [];
  const all = paths.flatMap(queriesOf);

  test('load', async () => {
    const refused: string[] = [];
    for (const text of all) {
      const { ok, diagnostics } = await query(text, { language: 'esql' });
      if (!ok) refused.push(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('; '));
    }
    console.log(`${all.length} queries, ${refused.length} refused\n  ${refused.join('\n  ')}`);
    expect(all.length).toBe(154);
    expect(refused.length).toBe(REFUSED);
    expect(refused.join()).not.toContain('unsupported/');
  });
});
