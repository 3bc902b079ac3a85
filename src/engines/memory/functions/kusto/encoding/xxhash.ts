import type { Buffer } from 'node:buffer';

/** xxHash with 64 bits and the seed 0, as its specification says (github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). */
const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, by: bigint): bigint => wrap((value << by) | (value >> (64n - by)));
const round = (state: bigint, input: bigint): bigint =>
  wrap(rotate(wrap(state + wrap(input * PRIME_2)), 31n) * PRIME_1);

export function xxHash64(bytes: Buffer): bigint {
  const { length } = bytes;
  let at = 0;
  let hash: bigint;
  if (length >= 32) {
    let lanes = [wrap(PRIME_1 + PRIME_2), PRIME_2, 0n, wrap(-PRIME_1)];
    for (; at + 32 <= length; at += 32) {
      const from = at;
      lanes = lanes.map((lane, index) => round(lane, bytes.readBigUInt64LE(from + 8 * index)));
    }
    hash = wrap(lanes.reduce((total, lane, index) => total + rotate(lane, [1n, 7n, 12n, 18n][index] ?? 1n), 0n));
    for (const lane of lanes) hash = wrap((hash ^ round(0n, lane)) * PRIME_1 + PRIME_4);
  } else hash = PRIME_5;
  hash = wrap(hash + BigInt(length));
  for (; at + 8 <= length; at += 8) {
    hash = wrap(rotate(hash ^ round(0n, bytes.readBigUInt64LE(at)), 27n) * PRIME_1 + PRIME_4);
  }
  if (at + 4 <= length) {
    hash = wrap(rotate(hash ^ wrap(BigInt(bytes.readUInt32LE(at)) * PRIME_1), 23n) * PRIME_2 + PRIME_3);
    at += 4;
  }
  for (; at < length; at += 1) hash = wrap(rotate(hash ^ wrap(BigInt(bytes[at] ?? 0) * PRIME_5), 11n) * PRIME_1);
  hash = wrap((hash ^ (hash >> 33n)) * PRIME_2);
  hash = wrap((hash ^ (hash >> 29n)) * PRIME_3);
  return hash ^ (hash >> 32n);
}
