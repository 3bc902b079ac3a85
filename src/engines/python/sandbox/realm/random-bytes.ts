/**
 * Random bytes: ChaCha20's key stream (RFC 8439) under a key that the process gave, 12 numbers below 2^32. Made in the realm:
 * it is handed over as text.
 */
export function randomBytes(seed: readonly number[]): (target: Uint8Array) => void {
  const key = Uint32Array.from([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, ...seed]);
  const block = new Uint32Array(16);
  const bytes = new Uint8Array(block.buffer);
  let used = bytes.length;
  const rounds = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
  ] as const;
  const at = (place: number): number => block[place] ?? 0;
  const mix = (sum: number, added: number, turned: number, by: number): void => {
    block[sum] = at(sum) + at(added);
    const value = at(turned) ^ at(sum);
    block[turned] = (value << by) | (value >>> (32 - by));
  };
  const next = (): void => {
    block.set(key);
    for (let round = 0; round < 10; round += 1) {
      for (const [a, b, c, d] of rounds) {
        mix(a, b, d, 16);
        mix(c, d, b, 12);
        mix(a, b, d, 8);
        mix(c, d, b, 7);
      }
    }
    for (let place = 0; place < 16; place += 1) block[place] = at(place) + (key[place] ?? 0);
    key[12] = (key[12] ?? 0) + 1;
    if (key[12] === 0) key[13] = (key[13] ?? 0) + 1;
    used = 0;
  };
  return (target) => {
    for (let place = 0; place < target.length; place += 1) {
      if (used === bytes.length) next();
      target[place] = bytes[used] ?? 0;
      used += 1;
    }
  };
}
