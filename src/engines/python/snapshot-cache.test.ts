import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SnapshotCache } from './snapshot-cache.ts';

const content = Uint8Array.of(1, 2, 3);

test('a snapshot is kept in a folder that is made for it, however deep', () => {
  const cache = new SnapshotCache(join(mkdtempSync(join(tmpdir(), 'dragoman-cache-')), 'a', 'b', 'dragoman'), 'key');
  expect(cache.find()).toBeUndefined();
  cache.write(content);
  expect(existsSync(cache.find() ?? '')).toBe(true);
});

test.each([
  ['below a file', (root: string) => join(root, 'file', 'dragoman')],
  ['below the null device', () => '/dev/null/dragoman'],
  ['where the system takes no folder', () => '/proc/self/dragoman'],
])('nothing is kept %s, and nothing waits for it', (_name, of) => {
  const root = mkdtempSync(join(tmpdir(), 'dragoman-cache-'));
  writeFileSync(join(root, 'file'), '');
  const cache = new SnapshotCache(of(root), 'key');
  cache.write(content);
  expect(cache.find()).toBeUndefined();
});
