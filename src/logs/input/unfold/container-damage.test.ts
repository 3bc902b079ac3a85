import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { DecodedBatch } from '../../decode/batch.ts';
import { readLogs } from '../index.ts';
import { archiveOf, BLOCK, entry } from './tar-writer.fixture.ts';

/** Containers of the records 1 to 4, in files of two each where they hold files. */
const FIRST = '{"n":1}\n{"n":2}\n';
const LAST = '{"n":3}\n{"n":4}\n';
const bytes = (text: string): Uint8Array => Buffer.from(text);
/** `printf` of `FIRST` through `bzip2`, and through `xz`. */
const BZIP2 = Buffer.from('QlpoOTFBWSZTWV8/k9cAAAZZgAAQEAAwEAABAAogADEMCBKAeonCJoaL4u5IpwoSC+fyeuA=', 'base64');
const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAPeyJuIjoxfQp7Im4iOjJ9CgD+addEvisdHAABKBDlC2xgH7bzfQEAAAAABFla',
  'base64',
);
const TAR = archiveOf(entry('a.log', FIRST), entry('b.log.gz', gzipSync(LAST)));
const CONTAINERS: Readonly<Record<string, { readonly whole: Buffer; readonly records: readonly number[] }>> = {
  gzip: { whole: gzipSync(FIRST + LAST), records: [1, 2, 3, 4] },
  bzip2: { whole: BZIP2, records: [1, 2] },
  xz: { whole: XZ, records: [1, 2] },
  tar: { whole: TAR, records: [1, 2, 3, 4] },
  'tar in gzip': { whole: gzipSync(TAR), records: [1, 2, 3, 4] },
  zip: {
    whole: Buffer.from(zipSync({ 'a.log': bytes(FIRST), 'b.log': [bytes(LAST), { level: 0 }] })),
    records: [1, 2, 3, 4],
  },
};

interface Found {
  readonly records: readonly unknown[];
  readonly problems: readonly (readonly [code: string, file: unknown])[];
  readonly isAllCounted: boolean;
}

/** What is read of standard input; throws what reading throws. */
async function read(input: Uint8Array, size: number): Promise<Found> {
  const pieces = Array.from({ length: Math.ceil(input.length / size) }, (_, at) =>
    Buffer.from(input.subarray(at * size, (at + 1) * size)),
  );
  const batches: DecodedBatch[] = [];
  for await (const batch of readLogs(['-'], { stdin: Readable.from(pieces) })) batches.push(batch);
  const counted = (key: 'lines' | 'blank' | 'undecodable'): number =>
    batches.reduce((sum, batch) => sum + batch[key], 0);
  const events = batches.flatMap((batch) => batch.events);
  return {
    records: events.map(({ event }) => event['n']),
    problems: batches.flatMap(({ diagnostics }) =>
      diagnostics.map(({ code, params }) => [code, params['file']] as const),
    ),
    isAllCounted: events.every(({ source }) => source.line <= counted('lines')),
  };
}

const SIZES = [3, 64, 100_000];
const size = fc.constantFrom(...SIZES);
/** Of each kind of container; 10,000 of all. */
const RUNS = 1_700;

describe.each(Object.entries(CONTAINERS))('%s', (name, { whole, records }) => {
  test('gives all records, in whatever pieces it comes', async () => {
    for (const pieces of [1, 7, whole.length]) {
      expect(await read(whole, pieces)).toEqual({ records, problems: [], isAllCounted: true });
    }
  });

  test('cut anywhere, what is before the cut is read, and that something is missing is said with the file', {
    tags: 'large',
  }, async () => {
    // Each cut once.
    for (let length = 1; length < whole.length; length += 1) {
      const found = await read(whole.subarray(0, length), SIZES[length % SIZES.length] ?? 1);
      expect(found.isAllCounted).toBe(true);
      if (found.records.length === 0) continue;
      expect(found.records).toEqual(records.slice(0, found.records.length));
      // An archive of tar that ends behind a block may be whole: not all writers end it with empty ones.
      if (found.records.length < records.length && !(name === 'tar' && length % BLOCK === 0)) {
        expect(found.problems.length).toBeGreaterThan(0);
      }
      for (const [, file] of found.problems) expect(String(file)).toMatch(/^<stdin>/);
    }
  });

  test('changed anywhere, it is read without a fault, and what is missing is said with the file', {
    tags: 'large',
  }, async () => {
    const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), size, async (changes, pieces) => {
        const input = Buffer.from(whole);
        for (const [at, flip] of changes) input[at] = (input[at] ?? 0) ^ flip;
        const found = await read(input, pieces);
        expect(found.isAllCounted).toBe(true);
        for (const [, file] of found.problems) expect(String(file)).toMatch(/^<stdin>/);
        expect(found.problems.length > 0 || found.records.length >= records.length || changesNames(name)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Archives whose names, sizes or kinds of entries may change to others that are right as well. */
function changesNames(name: string): boolean {
  return name === 'tar' || name === 'zip';
}
