import { gunzipSync, gzipSync } from 'node:zlib';
import { DamagedInput } from '../../src/logs/decode/damaged-input.ts';
import { compressionOf } from '../../src/logs/input/unfold/compression.ts';
import { decompress } from '../../src/logs/input/unfold/decompress.ts';
import { hold } from '../engine/target.ts';
import type { Mutator } from '../mutate/mutator.ts';
import { targetOf } from './target-of.ts';

/** A frame of zstd with raw blocks, or blocks of one byte that repeats (RFC 8878, section 3.1.1). */
function zstdFrame(content: Uint8Array, repeated: number = 0): Buffer {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58])];
  const block = (type: number, size: number, isLast: boolean, bytes: Uint8Array): void => {
    const head = Buffer.alloc(3);
    head.writeUIntLE((size << 3) | (type << 1) | Number(isLast), 0, 3);
    parts.push(head, Buffer.from(bytes));
  };
  if (repeated > 0) block(1, repeated, false, Buffer.from('r'));
  block(0, content.length, true, content);
  return Buffer.concat(parts);
}

interface Unfolded {
  readonly bytes: Buffer;
  readonly damage: string | undefined;
}

type Decompress = typeof decompress;

async function unfolded(unfold: Decompress, input: Buffer, size: number): Promise<Unfolded> {
  const compression = compressionOf(input);
  if (compression === undefined) return { bytes: input, damage: undefined };
  async function* source(): AsyncGenerator<Uint8Array, void, void> {
    for (let at = 0; at < input.length; at += size) yield input.subarray(at, at + size);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of unfold(source(), compression, source)) {
      length += chunk.length;
      // A bomb is unfolded piece by piece; it is enough to have seen that.
      if (length > MOST_UNFOLDED) return { bytes: Buffer.alloc(0), damage: 'large' };
      chunks.push(Uint8Array.from(chunk));
    }
  } catch (thrown) {
    if (!(thrown instanceof DamagedInput)) throw thrown;
    return { bytes: Buffer.concat(chunks), damage: 'damaged' };
  }
  return { bytes: Buffer.concat(chunks), damage: undefined };
}

const MOST_UNFOLDED = 4 * 1024 ** 2;

/** Puts a good frame behind, or before. */
const member: Mutator = (input, { random }) => {
  const made = random.oneIn(2)
    ? gzipSync(input.subarray(0, 100))
    : zstdFrame(input.subarray(0, 100), random.below(3) * 1_000);
  return random.oneIn(2) ? Buffer.concat([input, made]) : Buffer.concat([made, input]);
};

const LINES = Buffer.from('{"id":1}\n{"id":2}\n'.repeat(20));

export default targetOf({
  name: 'compressed',
  about:
    'gzip and zstd, whole, cut, damaged, one behind the other: the same bytes in whatever pieces they come, as zlib gives them; what was folded comes out',
  seeds: [
    gzipSync(LINES),
    Buffer.concat([gzipSync('a'), gzipSync('b'.repeat(5_000))]),
    zstdFrame(LINES),
    Buffer.concat([zstdFrame(LINES, 70_000), zstdFrame(Buffer.from('x'))]),
    Buffer.from('KLUv/QRYkQAAeyJpZCI6MX0KeyJpZCI6Mn0K6COFGA==', 'base64'),
    Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2]), zstdFrame(Buffer.from('y'))]),
  ],
  words: [],
  mutators: [member],
  short: 60,
  plantedWithin: 600,
  mostMs: 4_000,
  functions: { decompress },
  // The last byte of a frame that comes in small pieces is lost.
  planted: (own) => ({
    async *decompress(
      source: Parameters<Decompress>[0],
      ...more: [Parameters<Decompress>[1], Parameters<Decompress>[2]]
    ) {
      async function* shortened(): AsyncGenerator<Uint8Array, void, void> {
        for await (const piece of source) yield piece.length === 5 && piece[0] === 0xfd ? piece.subarray(0, 4) : piece;
      }
      yield* own.decompress(shortened(), ...more);
    },
  }),
  async check(input, { decompress: unfold }) {
    const whole = await unfolded(unfold, input, input.length || 1);
    for (const size of [1, 5, 100]) {
      const again = await unfolded(unfold, input, size);
      hold(again.damage === whole.damage, `${again.damage} in pieces of ${size}, ${whole.damage} whole`);
      hold(
        again.bytes.equals(whole.bytes),
        `${again.bytes.length} bytes in pieces of ${size}, ${whole.bytes.length} whole`,
      );
    }
    if (compressionOf(input) === 'gzip' && whole.damage !== 'large') {
      let expected: Buffer | undefined;
      try {
        expected = gunzipSync(input, { maxOutputLength: MOST_UNFOLDED });
      } catch {
        // Damaged for zlib too.
      }
      if (expected !== undefined) hold(whole.bytes.equals(expected), 'zlib unfolds it to something else');
    }
    for (const folded of [gzipSync(input), zstdFrame(input)]) {
      const { bytes, damage } = await unfolded(unfold, folded, 1 + (input.length % 50));
      hold(damage === undefined && bytes.equals(input), 'what was folded does not come out');
    }
  },
});
