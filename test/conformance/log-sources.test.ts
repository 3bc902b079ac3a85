import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Coverage, coverageOf } from '../../src/catalog/log-types/coverage.ts';
import { reasonUnserved } from '../../src/catalog/log-types/unserved/reason-unserved.ts';
import { pantherNames } from '../../src/logs/panther-names.ts';
import { logTypes } from '../../src/logs/registry.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

/**
 * Which of the logs that published rules are about are served by declared log types: counted by what a rule's condition asks and the
 * views give, on the forms of the type. The figures may only improve.
 */
const SIGMA = 'sigma/sigmahq-rules.tar.gz';
const ELASTIC = 'elastic/detection-rules.tar.gz';
const KUSTO = ['azure-sentinel-2020', 'bert-janp', 'reprise99'].map((name) => `kusto-rules/${name}.tar.gz`);
const PANTHER = 'panther/facts.json';
const { there } = inputs([SIGMA, ELASTIC, PANTHER, ...KUSTO], '');

async function coverageIn(archive: string, folders: readonly string[]): Promise<Coverage> {
  const root = mkdtempSync(join(tmpdir(), 'dragoman-log-sources-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  execFileSync('tar', ['xzf', join(corpora, archive), '-C', root]);
  const { rules } = await loadRules(folders.map((folder) => join(root, folder)));
  return coverageOf(rules);
}

/** Logs that no declared type serves, and of which nobody has written down why. */
const withoutReason = ({ sources }: Coverage): readonly string[] =>
  sources.flatMap(({ source, logTypes, reason }) => (logTypes.length === 0 && reason === undefined ? [source] : []));

test('a source of which nobody has said anything has no reason', () => {
  const sources = (['sigma', 'elastic', 'panther', 'kusto'] as const).map((system) =>
    reasonUnserved(system, system === 'elastic' ? 'logs-nobody.knows-*' : 'nobody'),
  );
  expect(sources).toEqual([undefined, undefined, undefined, undefined]);
});

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

test.runIf(there)(
  'Kusto: every table that a rule reads has a type that gives it, or a reason',
  { timeout: 900_000 },
  async () => {
    for (const archive of KUSTO) expect(withoutReason(await coverageIn(archive, ['']))).toEqual([]);
  },
);

test.runIf(there)('Panther: every log type that a rule is about has a type of ours, or a reason', () => {
  interface Spec {
    readonly type: string;
    readonly log_types?: readonly string[];
  }
  const { specs }: { readonly specs: readonly Spec[] } = JSON.parse(readFileSync(join(corpora, PANTHER), 'utf8'));
  // Policies are about the state of resources.
  const named = new Set(specs.filter(({ type }) => type !== 'policy').flatMap(({ log_types: types }) => types ?? []));
  const known = new Set(logTypes.flatMap(pantherNames));
  expect(named.size).toBeGreaterThan(90);
  expect([...named].filter((name) => !known.has(name) && reasonUnserved('panther', name) === undefined)).toEqual([]);
});
