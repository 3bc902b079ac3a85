import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { sourceText } from '../../src/base/source-text.ts';
import { createPythonEngine, type TestResult } from '../../src/engines/python/index.ts';
import { pantherFormat } from '../../src/formats/panther/panther.ts';
import type { LoadOutcome } from '../../src/formats/rule-file.ts';
import { pythonOf, type Rule } from '../../src/ir/rule/rule.ts';
import { loadContext } from '../../src/rules/load-context.ts';

/**
 * The Python rules of panther-labs/panther-analysis (Apache-2.0) at commit daa10c88, of which `DRAGOMAN_PANTHER` names a
 * checkout, load, and match a synthetic log; their tests are the set `panther`.
 */
const checkout = process.env['DRAGOMAN_PANTHER'] ?? '';
const corpora = process.env['DRAGOMAN_CORPORA'] ?? join(import.meta.dirname, '../../../shared/corpora');
const activity = join(corpora, 'logs/azure/synthetic_azure_activity.ndjson.gz');
const there = existsSync(join(checkout, 'global_helpers'));
if (!there) console.log('skipped: DRAGOMAN_PANTHER names no checkout of panther-labs/panther-analysis');

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function loadAll(folders: readonly string[]): LoadOutcome[] {
  const context = loadContext(new Map(), new Map(), []);
  return folders
    .flatMap((folder) => yamlFiles(join(checkout, folder)))
    .flatMap((path) => {
      const text = readFileSync(path, 'utf8');
      return pantherFormat.load({ path, source: sourceText(path, text) }, context) ?? [];
    });
}

const loaded = (outcomes: readonly LoadOutcome[]): Rule[] =>
  outcomes.flatMap((outcome) => (outcome.status === 'loaded' ? [outcome.rule] : []));

const told = (results: readonly TestResult[]): string[] =>
  results
    .filter((result) => result.status === 'failed')
    .map(
      (result) =>
        `${result.rule.id} / ${result.test.name}: ${result.diagnostics.map((each) => each.message).join('; ')}`,
    );

describe.skipIf(!there)('panther-analysis', () => {
  const engine = createPythonEngine();
  let outcomes: LoadOutcome[] = [];
  beforeAll(() => {
    outcomes = loadAll([
      'rules',
      'policies',
      'queries',
      'data_models',
      'global_helpers',
      'correlation_rules',
      'packs',
      'lookup_tables',
    ]);
  });
  afterAll(() => engine.close(), 60_000);

  test('every description is loaded, or unsupported with its reason', () => {
    const count = new Map<string, number>();
    for (const outcome of outcomes) {
      const codes = outcome.diagnostics.filter((each) => each.severity === 'error').map((each) => each.code);
      const key = [outcome.status, ...new Set(codes)].join(' ');
      count.set(key, (count.get(key) ?? 0) + 1);
    }
    console.log(Object.fromEntries(count));
    expect(Object.fromEntries(count)).toEqual({
      loaded: 1073,
      part: 154,
      'unsupported unsupported/panther-query': 95,
    });
  });

  test('rules of one repository share one bundle', () => {
    const bundles = new Set(loaded(outcomes).flatMap((rule) => pythonOf(rule)?.bundle ?? []));
    expect(bundles.size).toBe(1);
    const [bundle] = bundles;
    expect([bundle?.modules.length, bundle?.dataModels.length]).toEqual([44, 34]);
  });

  test('every inline test of rules/azure_activity_rules passes', async () => {
    const rules = loaded(outcomes).filter((rule) => rule.file.includes('azure_activity_rules'));
    const results = await engine.test(rules);
    expect(told(results)).toEqual([]);
    expect(rules.length).toBe(58);
  }, 600_000);

  test.skipIf(!existsSync(activity))(
    'two of the synthetic Azure events are packet captures by the published rule',
    async () => {
      const rules = loaded(outcomes).filter((rule) => rule.id === 'Azure.MonitorActivity.Network.PacketCaptureEnabled');
      const lines = gunzipSync(readFileSync(activity)).toString('utf8').trim().split('\n');
      const events = lines.map((line) => ({ event: JSON.parse(line) as JsonObject, logType: 'Azure.MonitorActivity' }));
      const started = performance.now();
      const results = await engine.evaluate(rules, events);
      const micros = ((performance.now() - started) * 1000) / events.length;
      console.log(`${events.length} events, ${micros.toFixed(0)} µs for each`);
      expect(results.map((result) => result.kind)).toEqual(['matched', 'matched']);
    },
    600_000,
  );
});
