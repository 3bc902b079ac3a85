import { describe, expect, test } from 'vitest';
import { inputOf } from './engine/inputs.ts';
import { readFound } from './engine/store.ts';
import { tryInput } from './engine/try-input.ts';
import { loadTarget, targetNames } from './targets/index.ts';

/** What fuzzing has found once: every input goes well from then on. */
describe.each(targetNames.filter((name) => readFound(name).length > 0))('%s', (name) => {
  test.each(readFound(name).map(({ was, input }) => [was.slice(0, 120), input] as const))('%s', async (_, input) => {
    const target = await loadTarget(name);
    const subject = await target.open(false);
    expect(await tryInput(subject, inputOf(input), target.mostMs)).toBeUndefined();
    await subject.close?.();
  });
});

test('findings are of targets that there are', async () => {
  const { readdirSync } = await import('node:fs');
  const files = readdirSync(new URL('./found/', import.meta.url)).filter((file) => file.endsWith('.json'));
  expect(files.map((file) => file.replace(/\.json$/, '')).filter((name) => !targetNames.includes(name))).toEqual([]);
});
