import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DamagedInput } from '../../decode/damaged-input.ts';
import { decompress } from './decompress.ts';
import type { UnfoldingBounds } from './unfolding-bounds.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** `printf '{"id":1}\n{"id":2}\n' | zstd`, with its checksum: one raw block. */
const FRAME = Buffer.from('KLUv/QRYkQAAeyJpZCI6MX0KeyJpZCI6Mn0K6COFGA==', 'base64');
const TEXT = '{"id":1}\n{"id":2}\n';
const SKIPPABLE = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 0x28, 0xb5, 0x2f]);
/** A window descriptor, no checksum, a run of 300 `a`, then an empty raw block. */
const RUN = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 0x62, 0x09, 0x00, 0x61, 0x01, 0x00, 0x00]);
const RUN_TEXT = 'a'.repeat(300);

async function unfold(
  bytes: Uint8Array,
  portable: boolean,
  canReopen = true,
): Promise<{ text: string; damaged: boolean }> {
  const source = async function* (): AsyncGenerator<Uint8Array, void, void> {
    yield bytes;
  };
  let text = '';
  try {
    for await (const chunk of decompress(source(), 'zstd', canReopen ? source : undefined, portable)) {
      text += Buffer.from(chunk).toString('latin1');
    }
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    expect(error.bytes).toBe(text.length);
    return { text, damaged: true };
  }
  return { text, damaged: false };
}

// Where Node has no zstd of its own, both are the portable one.
describe.each([
  ['as Node has it', false],
  ['portable', true],
])('zstd, %s', (_, portable) => {
  it('reads all frames, and none of what is to be skipped', async () => {
    const bytes = Buffer.concat([SKIPPABLE, FRAME, RUN, SKIPPABLE, FRAME]);
    expect(await unfold(bytes, portable)).toEqual({ text: TEXT + RUN_TEXT + TEXT, damaged: false });
    const many = Buffer.concat(Array.from({ length: 300 }, () => FRAME));
    expect(await unfold(many, portable)).toEqual({ text: TEXT.repeat(300), damaged: false });
  });

  it('takes little memory for blocks that unfold to very much', async () => {
    // Runs of 128 KiB in four bytes each: 32 KiB of them unfold to a gigabyte.
    const blocks = 3_000;
    const header = ((128 * 1024) << 3) | 0b010;
    const block = Buffer.from([header & 0xff, (header >> 8) & 0xff, (header >> 16) & 0xff, 0x61]);
    const bomb = Buffer.concat([
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]),
      ...Array.from({ length: blocks }, () => block),
      Buffer.from([0x01, 0x00, 0x00]),
    ]);
    const source = async function* (): AsyncGenerator<Uint8Array, void, void> {
      yield bomb;
    };
    let length = 0;
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    for await (const chunk of decompress(source(), 'zstd', undefined, portable)) {
      if (length % (16 * 1024 ** 2) < chunk.length) most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      length += chunk.length;
    }
    expect(length).toBe(blocks * 128 * 1024);
    expect(most).toBeLessThan(length / 2);
  });

  it.each([
    ['window', [0x00, 0x89], [0x00, 0x58]],
    ['single segment', [0xa0, 1, 0, 0, 8], [0xa0, 44, 1, 0, 0]],
  ])('gives the frames before one whose %s is too wide to hold', async (_, wide, narrow) => {
    const run = (header: readonly number[]): Buffer =>
      Buffer.concat([RUN.subarray(0, 4), Buffer.from(header), RUN.subarray(6)]);
    expect(await unfold(Buffer.concat([FRAME, run(narrow)]), portable)).toEqual({
      text: TEXT + RUN_TEXT,
      damaged: false,
    });
    for (const canReopen of [true, false]) {
      expect(await unfold(Buffer.concat([FRAME, run(wide), FRAME]), portable, canReopen)).toEqual({
        text: TEXT,
        damaged: true,
      });
    }
  });

  it('tells where a later frame is cut or is none, and gives the frames before', async () => {
    for (let length = 1; length < FRAME.length; length += 1) {
      const { text, damaged } = await unfold(Buffer.concat([FRAME, FRAME.subarray(0, length)]), portable);
      expect(damaged).toBe(true);
      expect(text.startsWith(TEXT)).toBe(true);
      expect((TEXT + TEXT).startsWith(text)).toBe(true);
    }
    expect(await unfold(Buffer.concat([FRAME, Buffer.from('no frame')]), portable)).toEqual({
      text: TEXT,
      damaged: true,
    });
  });
});

describe('a bomb', () => {
  it('is not read on where it unfolds to more than a log can', async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 ** 2));
    const source = async function* (): AsyncGenerator<Uint8Array, void, void> {
      for (let at = 0; at < bomb.length; at += 512) yield bomb.subarray(at, at + 512);
    };
    const read = async (bounds: UnfoldingBounds): Promise<number> => {
      let length = 0;
      for await (const chunk of decompress(source(), 'gzip', undefined, false, bounds)) length += chunk.length;
      return length;
    };
    expect(await read({ bytes: 16 * 1024 ** 2, ratio: 500 })).toBe(8 * 1024 ** 2);
    await expect(read({ bytes: 1024 ** 2, ratio: 500 })).rejects.toThrow('unfolds to more than 500 times its size');
  });
});

describe('blocks of bzip2 that unfold to very much', () => {
  /** 5,000,000 NUL bytes, `bzip2 -1`. */
  const ZEROS = Buffer.from('QlpoMTFBWSZTWabi8/QAJkvAAsAACAAACCAAMMwFKaapEUbAoijxdyRThQkKbi8/QA==', 'base64');
  const source = async function* (): AsyncGenerator<Uint8Array, void, void> {
    yield Buffer.concat(Array.from({ length: 200 }, () => ZEROS));
  };

  it('are unfolded as they are asked for', async () => {
    const before = process.memoryUsage().arrayBuffers;
    let length = 0;
    for await (const chunk of decompress(source(), 'bzip2', undefined)) {
      length += chunk.length;
      if (length > 12_000_000) break;
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 ** 2);
  });

  it('are not read on where they are more than a log can be', async () => {
    let length = 0;
    const read = async (): Promise<void> => {
      const bounds = { bytes: 10_000_000, ratio: 100 };
      for await (const chunk of decompress(source(), 'bzip2', undefined, false, bounds)) length += chunk.length;
    };
    await expect(read()).rejects.toThrow('unfolds to more than 100 times its size');
    expect(length).toBeLessThan(16_000_000);
  });
});

describe('ZstdFrames', () => {
  it('cuts behind each frame, wherever the pieces are cut', () => {
    const frames = [SKIPPABLE, FRAME, RUN, FRAME];
    const whole = Buffer.concat(frames);
    const ends = frames.map((_, at) => frames.slice(0, at + 1).reduce((sum, frame) => sum + frame.length, 0));
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 6 }), (cuts) => {
        const reader = new ZstdFrames();
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const seen: number[] = [];
        const parts = places.slice(1).flatMap((end, at) => [...reader.split(whole.subarray(places[at], end))]);
        let at = 0;
        for (const part of parts) {
          at += part.length;
          seen.push(at);
        }
        expect(Buffer.concat(parts)).toEqual(whole);
        for (const end of ends) expect(seen).toContain(end);
        expect(seen.every((end) => ends.includes(end) || places.includes(end))).toBe(true);
      }),
    );
  });

  it('never throws, and loses no byte of anything before a frame that is too wide', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const bytes = Buffer.concat([FRAME.subarray(0, 4), noise]);
        const frames = new ZstdFrames();
        const given = Buffer.concat([...frames.split(bytes)]);
        expect(given.equals(frames.isTooWide ? bytes.subarray(0, given.length) : bytes)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});
