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

test.runIf(there)('SigmaHQ: 3,740 of 3,755 rules', { timeout: 900_000 }, async () => {
  const folders = ['', '-emerging-threats', '-threat-hunting', '-dfir', '-compliance', '-placeholder'];
  const found = await coverageIn(
    SIGMA,
    folders.map((name) => `rules${name}`),
  );
  expect(found.rules).toBeGreaterThanOrEqual(3_755);
  expect(found.unserved.length).toBeLessThanOrEqual(15);
  expect(withoutReason(found)).toEqual([]);
});

test.runIf(there)('Elastic: 1,583 of 1,747 rules', { timeout: 900_000 }, async () => {
  const found = await coverageIn(ELASTIC, ['rules', 'rules_building_block']);
  expect(found.rules).toBeGreaterThanOrEqual(1_700);
  expect(found.unserved.length).toBeLessThanOrEqual(164);
  expect(withoutReason(found)).toEqual([]);
});
