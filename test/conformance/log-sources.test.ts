import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Coverage, coverageOf } from '../../src/catalog/log-types/coverage.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

/**
 * Which of the logs that published rules are about are served by declared log types: counted by what a rule's condition asks and the
 * views give, on the forms of the type. The figures may only improve.
 */
const SIGMA = 'sigma/sigmahq-rules.tar.gz';
const ELASTIC = 'elastic/detection-rules.tar.gz';
const { there } = inputs([SIGMA, ELASTIC], '');

async function coverageIn(archive: string, folders: readonly string[]): Promise<Coverage> {
  const root = mkdtempSync(join(tmpdir(), 'dragoman-log-sources-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  execFileSync('tar', ['xzf', join(corpora, archive), '-C', root]);
  const { rules } = await loadRules(folders.map((folder) => join(root, folder)));
  return coverageOf(rules);
}

const withoutReason = ({ sources }: Coverage): readonly string[] =>
  sources.flatMap(({ source, logTypes, reason }) => (logTypes.length === 0 && reason === undefined ? [source] : []));

/** How many rules are about some logs at least, and how many of them no type serves at most. */
const PINNED = {
  sigma: { rules: 3_755, unserved: 15 },
  // ES|QL's rules ask for more logs that nothing here reads than the others: 55 of 202.
  elastic: { rules: 1_900, unserved: 219 },
};

test.runIf(there)(
  `SigmaHQ: all but ${PINNED.sigma.unserved} of ${PINNED.sigma.rules} rules`,
  { timeout: 900_000 },
  async () => {
    const folders = ['', '-emerging-threats', '-threat-hunting', '-dfir', '-compliance', '-placeholder'];
    const found = await coverageIn(
      SIGMA,
      folders.map((name) => `rules${name}`),
    );
    expect(found.rules).toBeGreaterThanOrEqual(PINNED.sigma.rules);
    expect(found.unserved.length).toBeLessThanOrEqual(PINNED.sigma.unserved);
    expect(withoutReason(found)).toEqual([]);
  },
);

test.runIf(there)(`Elastic: all but ${PINNED.elastic.unserved} rules`, { timeout: 900_000 }, async () => {
  const found = await coverageIn(ELASTIC, ['rules', 'rules_building_block']);
  expect(found.rules).toBeGreaterThanOrEqual(PINNED.elastic.rules);
  expect(found.unserved.length).toBeLessThanOrEqual(PINNED.elastic.unserved);
  expect(withoutReason(found)).toEqual([]);
});
