import { expect, test } from 'vitest';
import { type Finding, fuzz } from './engine/fuzz.ts';
import { readCorpus } from './engine/store.ts';
import { loadTarget, targetNames } from './targets/index.ts';

/** The short form: the corpus, and the same few inputs more in every run. `DRAGOMAN_SEED` names others. */
test.each(targetNames)('%s', async (name) => {
  const target = await loadTarget(name);
  const subject = await target.open(false);
  const findings: Finding[] = [];
  const { inputs } = await fuzz(target, subject, {
    seed: Number(process.env['DRAGOMAN_SEED'] ?? 2026),
    mostInputs: target.short,
    isOver: () => false,
    corpus: readCorpus(name),
    coverage: undefined,
    minimiseTries: 300,
    onFinding: (finding) => findings.push(finding),
  });
  await subject.close?.();
  expect(findings.map(({ input, failure }) => `${failure.message}: ${JSON.stringify(input.toString('utf8'))}`)).toEqual(
    [],
  );
  expect(inputs).toBe(target.short);
});
