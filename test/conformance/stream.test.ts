import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '../../src/base/json.ts';
import { createRuleSession, type SessionOptions } from '../../src/detect/rule-session.ts';
import type { Rule } from '../../src/ir/rule/rule.ts';
import { parseJson } from '../../src/logs/decode/json/json-value.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

/**
 * Every rule of SigmaHQ over a sample of every published Windows, CloudTrail and Azure set: the stream engine gives the
 * matches of the memory engine, one by one and in their order.
 */
const archive = join(corpora, 'sigma/sigmahq-rules.tar.gz');
const { there, asPinned } = inputs(['sigma/sigmahq-rules.tar.gz', 'logs/windows-set.json'], '75ac78a4f619');

/** Records taken of each file, spread over it; the reference takes about 5 ms for each. */
const OF_EACH = Number(process.env['DRAGOMAN_STREAM_SAMPLE'] ?? 60);
const FOLDERS = [
  'rules',
  'rules-emerging-threats',
  'rules-threat-hunting',
  'rules-compliance',
  'rules-dfir',
  'rules-placeholder',
];

const folder = mkdtempSync(join(tmpdir(), 'dragoman-stream-'));
if (there) execFileSync('tar', ['xzf', archive, '-C', folder]);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sampleOf(text: string): JsonObject[] {
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  const step = Math.max(1, Math.floor(lines.length / OF_EACH));
  return lines
    .filter((_, at) => at % step === 0)
    .flatMap((line) => {
      const parsed = parseJson(line);
      return parsed.ok && isJsonObject(parsed.value) ? [parsed.value] : [];
    });
}

function* samples(): Generator<JsonObject[]> {
  const set: readonly { readonly file: string }[] = JSON.parse(
    readFileSync(join(corpora, 'logs/windows-set.json'), 'utf8'),
  );
  for (const { file } of set) {
    const path = join(corpora, file);
    if (existsSync(path))
      yield sampleOf(execFileSync('unzip', ['-p', path, '*.json'], { maxBuffer: 2 ** 30 }).toString());
  }
  for (const file of [
    'aws-cloudtrail/invictus_stratus_simulation.ndjson.gz',
    'aws-cloudtrail/datadog_stratus_detonation.ndjson.gz',
    'azure/synthetic_azure_activity.ndjson.gz',
  ]) {
    const path = join(corpora, 'logs', file);
    if (existsSync(path)) yield sampleOf(gunzipSync(readFileSync(path)).toString());
  }
}

async function matchesOf(
  rules: readonly Rule[],
  events: readonly JsonObject[],
  options: SessionOptions,
): Promise<string[]> {
  const session = createRuleSession(rules, options);
  const records = events.map((event, at) => ({ event, source: { file: 'sample', line: at + 1 } }));
  const found = [...(await session.process(records)), ...(await session.advance('end'))];
  await session.close();
  return found.map((match) => `${match.record?.source.line} ${match.rule.file} ${match.rule.id}`);
}

describe.runIf(there)('the stream engine on published logs', () => {
  test('gives the matches of the memory engine', { timeout: 900_000 }, async () => {
    const { rules } = await loadRules(FOLDERS.map((name) => join(folder, name)));
    expect(rules.length).toBeGreaterThan(0);
    const events = [...samples()].flat();
    const stream = await matchesOf(rules, events, { engine: 'stream' });
    const memory = await matchesOf(rules, events, { engine: 'memory' });
    console.log(`${events.length} records, ${rules.length} rules, ${memory.length} matches`);
    expect(stream).toEqual(memory);
    if (asPinned) expect(memory.length).toBeGreaterThan(OF_EACH * 0.8);
  });
});
