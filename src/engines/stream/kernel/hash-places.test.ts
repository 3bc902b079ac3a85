import { expect, test } from 'vitest';
import { placeHashes } from './hash-places.ts';

/** As the kernel finds them: from a hash's home on, until a place is free. */
function found(hashes: readonly number[], { size, places }: ReturnType<typeof placeHashes>): number[][] {
  const table = new Map([...places].map((place, at) => [place, at]));
  return hashes.map((hash) => {
    const same: number[] = [];
    let place = (hash ^ (hash >>> 15)) & (size - 1);
    for (let at = table.get(place); at !== undefined; at = table.get(place)) {
      if (hashes[at] === hash) same.push(at);
      place = (place + 1) & (size - 1);
    }
    return same.sort((a, b) => a - b);
  });
}

const sets: readonly (readonly [string, readonly number[]])[] = [
  ['all the same', Array.from({ length: 300 }, () => 7)],
  ['of few kinds', Array.from({ length: 300 }, (_, at) => (at % 5) * 3)],
  ['all different', Array.from({ length: 300 }, (_, at) => Math.imul(at, 0x9e3779b1) >>> 0)],
];

test.each(sets)('hashes that are %s are all found', (_, hashes) => {
  const placed = placeHashes(hashes);
  const wanted = hashes.map((hash) => hashes.flatMap((other, at) => (other === hash ? [at] : [])));
  expect(found(hashes, placed)).toEqual(wanted);
});

test.each([
  ['all the same', () => 7],
  ['of few kinds', (at: number) => (at % 16) * 0x01000193],
  ['all different', (at: number) => Math.imul(at, 0x9e3779b1) >>> 0],
] as const)('many hashes that are %s take a few steps each', (_, hashOf) => {
  const count = 200_000;
  const { steps } = placeHashes(Array.from({ length: count }, (_each, at) => hashOf(at)));
  expect(steps).toBeLessThan(8 * count);
});
