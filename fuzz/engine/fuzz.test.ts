import { describe, expect, test } from 'vitest';
import { BlockCoverage } from '../coverage/block-coverage.ts';
import { common, sizeOf, unreachedOf } from '../coverage/intervals.ts';
import { type Finding, type FuzzOptions, fuzz } from './fuzz.ts';
import { inputOf, writtenOf } from './inputs.ts';
import { minimised } from './minimise.ts';
import { Random } from './random.ts';
import { reaches } from './staircase.fixture.ts';
import type { Coverage, Target } from './target.ts';

const target: Target = {
  name: 'staircase',
  about: 'fails on texts that begin as no mutator would make them at once',
  // Each of its characters is one bit away from the right one.
  seeds: ['DQX '],
  words: [],
  mostBytes: 16,
  mostMs: 1_000,
  short: 0,
  plantedWithin: 0,
  open: () => Promise.resolve({ run: (input) => reaches(input) }),
};

async function findings(
  coverage: Coverage | undefined,
  options: Partial<FuzzOptions> = {},
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const subject = await target.open(false);
  await fuzz(target, subject, {
    seed: 1,
    mostInputs: 20_000,
    isOver: () => found.length > 0,
    corpus: [],
    coverage,
    minimiseTries: 1_000,
    onFinding: (finding) => found.push(finding),
    ...options,
  });
  return found;
}

describe('fuzzing', () => {
  test('climbs step by step where it sees which blocks were reached, and nowhere where it does not', async () => {
    const coverage = new BlockCoverage((url) => url.includes('staircase.fixture'));
    coverage.start();
    const found = await findings(coverage);
    coverage.stop();
    expect(found).toHaveLength(1);
    expect(found[0]?.input.toString().slice(0, 4)).toBe('FUZ!');
    expect(await findings(undefined)).toEqual([]);
  });

  test('tries the same inputs with the same seed, and others with another', async () => {
    const tried = async (seed: number): Promise<string> => {
      const inputs: string[] = [];
      await findings(undefined, { seed, mostInputs: 200, onInput: (input) => inputs.push(input.toString('hex')) });
      return inputs.join('\n');
    };
    expect(await tried(7)).toBe(await tried(7));
    expect(await tried(7)).not.toBe(await tried(8));
  });

  test('says what takes too long', async () => {
    const slow: Target = { ...target, mostMs: 5, open: () => Promise.resolve({ run: waste }) };
    const found: Finding[] = [];
    await fuzz(slow, await slow.open(false), {
      seed: 1,
      mostInputs: 1,
      isOver: () => false,
      corpus: [],
      coverage: undefined,
      minimiseTries: 0,
      onFinding: (finding) => found.push(finding),
    });
    expect(found.map(({ failure }) => failure.kind)).toEqual(['slow']);
  });
});

function waste(): void {
  const end = performance.now() + 30;
  while (performance.now() < end);
}

describe('what is left to reach', () => {
  const range = (startOffset: number, endOffset: number, count: number) => ({ startOffset, endOffset, count });

  test('is what the innermost range says did not run', () => {
    expect(unreachedOf({ ranges: [range(0, 100, 3), range(10, 40, 0), range(20, 30, 1), range(50, 60, 2)] })).toEqual([
      10, 20, 30, 40,
    ]);
    expect(unreachedOf({ ranges: [range(0, 100, 1)] })).toEqual([]);
  });

  test('grows less', () => {
    expect(common([0, 10, 20, 30], [5, 25])).toEqual([5, 10, 20, 25]);
    expect(sizeOf([5, 10, 20, 25])).toBe(10);
  });
});

test('a minimised input is as small as can be, and shows the same', async () => {
  const shows = (input: Buffer): Promise<boolean> => Promise.resolve(/x.*y/.test(input.toString()));
  const small = await minimised(Buffer.from('some x and more y at the end'), shows, 1_000, () => false);
  expect(small.toString()).toBe('xy');
});

test('inputs are written as text where they are text', () => {
  for (const bytes of [Buffer.from('a\n"é'), Buffer.from([0xff, 0x00, 0x80])]) {
    expect(inputOf(JSON.parse(JSON.stringify(writtenOf(bytes))))).toEqual(bytes);
  }
  expect(writtenOf(Buffer.from('é'))).toBe('é');
});

test('random numbers are the same on every machine', () => {
  const random = new Random(1);
  expect([random.word(), random.word(), random.below(10)]).toEqual([393288148, 2174103013, 8]);
});
