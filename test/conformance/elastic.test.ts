import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { afterAll, describe, expect, test } from 'vitest';
import { sourceText } from '../../src/base/source-text.ts';
import { elasticFormat } from '../../src/formats/elastic/elastic.ts';
import type { LoadContext, LoadOutcome } from '../../src/formats/rule-file.ts';
import { ecsSchema } from '../../src/schemas/ecs.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

/** Every rule of elastic/detection-rules loads, or says by code why not. */
const { asPinned } = inputs(['elastic/detection-rules.tar.gz'], 'c9792aea7ce5');

const folder = mkdtempSync(join(tmpdir(), 'dragoman-elastic-'));
if (asPinned) execFileSync('tar', ['xzf', join(corpora, 'elastic/detection-rules.tar.gz'), '-C', folder]);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => ecsSchema };

function load(path: string): readonly LoadOutcome[] {
  return elasticFormat.load({ path, source: sourceText(path, readFileSync(path, 'utf8')) }, context) ?? [];
}

function isLive(path: string): boolean {
  return /\/rules(?:_building_block)?\//.test(path) && !path.includes('/_deprecated/');
}

describe.skipIf(!asPinned)('elastic/detection-rules', () => {
  const paths = asPinned ? globSync('**/*.toml', { cwd: folder, absolute: true }).sort() : [];
  const outcomes = paths.filter(isLive).flatMap(load);

  test('no rule is invalid', () => {
    const invalid = outcomes.filter((one) => one.status === 'invalid');
    const told = invalid.map(
      (one) => `${one.identity.file}: ${one.diagnostics.map((found) => found.message).join('; ')}`,
    );
    expect(told).toEqual([]);
    expect(outcomes.length).toBe(2068);
  });

  test('all rules of the types `query`, `threshold`, `new_terms`, `threat_match` and `eql` load, and those of `esql` that ask no model', () => {
    expect(outcomes.filter((one) => one.status === 'loaded').length).toBe(454 + 28 + 241 + 6 + 1024 + 202);
  });

  test('what stands beside their queries is read: schedules, overrides, suppression', () => {
    const told = outcomes.flatMap((one) => (one.status === 'loaded' ? one.diagnostics.map(({ code }) => code) : []));
    expect([...new Set(told)].sort()).toEqual([
      'elastic/exceptions-not-applied',
      'elastic/filter-escape',
      'esql/shadowed',
    ]);
  });

  test('all others are unsupported, for their type or for the model that they ask', () => {
    const counts = new Map<string, number>();
    for (const one of outcomes) {
      if (one.status !== 'unsupported') continue;
      const [found] = one.diagnostics;
      const reason = `${found?.code} ${found?.params['type']}`;
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({
      'unsupported/esql-completion undefined': 7,
      'unsupported/elastic-machine-learning undefined': 106,
    });
  });

  test('lint: no field of a published rule is called unknown, and the one dead rule is found', () => {
    const found = outcomes.flatMap((one) =>
      one.status === 'loaded' ? one.lint().map((each) => ({ file: one.rule.file, each })) : [],
    );
    const unknown = found.filter(({ each }) => each.code === 'kuery/unknown-field');
    expect(unknown.map(({ each }) => each.message)).toEqual([]);
    const quoted = new Set(found.filter(({ each }) => each.code === 'kuery/quoted-wildcard').map(({ file }) => file));
    expect([...quoted].map((path) => path.slice(folder.length))).toEqual([
      '/rules/network/initial_access_splunk_postgres_recovery_body_injection.toml',
    ]);
  });
});
