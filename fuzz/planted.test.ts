import { expect, test } from 'vitest';
import { type Finding, fuzz } from './engine/fuzz.ts';
import { loadTarget, targetNames } from './targets/index.ts';

/** A fault that each target plants in what it fuzzes is found: its oracle sees, and its inputs reach what they should. */
test.each(targetNames)('the fault in %s is found', async (name) => {
  const target = await loadTarget(name);
  const subject = await target.open(true);
  const findings: Finding[] = [];
  await fuzz(target, subject, {
    seed: 2026,
    mostInputs: target.plantedWithin,
    isOver: () => findings.length > 0,
    corpus: [],
    coverage: undefined,
    minimiseTries: 0,
    onFinding: (finding) => findings.push(finding),
  });
  await subject.close?.();
  // What is found is what the target's own oracle says, not any fault.
  expect(findings.map(({ failure }) => failure.message)).toEqual([expect.stringMatching(/^Broken:/)]);
});
