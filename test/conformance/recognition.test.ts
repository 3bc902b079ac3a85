import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { globSync } from 'tinyglobby';
import { describe, expect, test } from 'vitest';
import { recognise } from '../../src/logs/registry.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

/** Records of real logs are recognised: none of these sets holds anything that a declared type does not know. */
const { asPinned } = inputs(['sigma/otrf/datasets', 'logs/otrf', 'logs/aws-cloudtrail', 'logs/azure'], '6d5acf1aec3f');

function count(texts: Iterable<string>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const line of text.split('\n')) {
      if (!line.startsWith('{')) continue;
      const name = recognise(JSON.parse(line)).type.name;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return Object.fromEntries(counts);
}

const files = (pattern: string): readonly string[] => globSync(pattern, { cwd: corpora, absolute: true }).sort();

describe.skipIf(!asPinned)('recognition', () => {
  test('Windows archives', () => {
    const archives = [...files('sigma/otrf/**/windows/**/*.zip'), ...files('logs/otrf/**/*.zip')];
    expect(archives.length).toBeGreaterThan(0);
    const counts = count(
      (function* () {
        for (const path of archives)
          yield execFileSync('unzip', ['-p', path, '*.json'], { maxBuffer: 2 ** 30 }).toString();
      })(),
    );
    expect(counts['generic']).toBeUndefined();
    expect(counts['windows.sysmon']).toBeGreaterThan(100_000);
    expect(counts['windows.security']).toBeGreaterThan(30_000);
  });

  test.each([
    ['logs/aws-cloudtrail/*.ndjson.gz', { 'aws.cloudtrail': 3210 }],
    ['logs/azure/*.ndjson.gz', { 'azure.activity': 60_001 }],
  ])('%s', (pattern, wanted) => {
    expect(count(files(pattern).map((path) => gunzipSync(readFileSync(path)).toString()))).toEqual(wanted);
  });
});
