import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dragoman, folder, lines, sigmaRule } from './harness.ts';

/** Where Linux tells which files a process holds open. */
const descriptors = '/proc/self/fd';

function openUnder(root: string): string[] {
  return readdirSync(descriptors).flatMap((one) => {
    try {
      const path = readlinkSync(join(descriptors, one));
      return path.startsWith(root) ? [path] : [];
    } catch {
      // The folder itself was open while it was read.
      return [];
    }
  });
}

it.skipIf(!existsSync(descriptors)).each([
  ['run', '--rules'],
  ['query', 'F: *', '--language', 'kuery'],
])('every file that was read is closed: %s', async (command, ...given) => {
  const logs = Array.from({ length: 20 }, (_, at) => [`logs/${at}.ndjson`, lines('{"F":"x"}', '{"F":"y"}')]);
  const root = folder({ ...Object.fromEntries(logs), 'rules/r.yml': sigmaRule });
  const rules = command === 'run' ? [`${root}/rules`, '--log-source', 'category=x'] : [];
  await dragoman([command, ...given, ...rules, '--logs', `${root}/logs`]);
  await expect.poll(() => openUnder(root)).toEqual([]);
});
