import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { expect, onTestFinished, test } from 'vitest';
import type { DecodedBatch } from '../../decode/batch.ts';
import { DamagedInput } from '../../decode/damaged-input.ts';
import { ByteReader } from '../byte-reader.ts';
import { readLogs } from '../index.ts';
import type { Compression } from './compression.ts';
import { decompress } from './decompress.ts';
import { Unfolded } from './unfolded.ts';
import { zipMembers } from './zip-members.ts';

/** `printf '{"n":1}\n{"n":2}\n'` through `bzip2` and through `xz`. */
const BZIP2 = Buffer.from('QlpoOTFBWSZTWV8/k9cAAAZZgAAQEAAwEAABAAogADEMCBKAeonCJoaL4u5IpwoSC+fyeuA=', 'base64');
const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAPeyJuIjoxfQp7Im4iOjJ9CgD+addEvisdHAABKBDlC2xgH7bzfQEAAAAABFla',
  'base64',
);
const TEXT = '{"n":1}\n{"n":2}\n';
const line = (n: number): Buffer => Buffer.from(`{"n":${n}}\n`);

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Unfolding {
  readonly text: string;
  readonly damage: string | undefined;
}

async function unfold(bytes: Uint8Array, compression: Compression, size = 7): Promise<Unfolding> {
  let text = '';
  try {
    for await (const chunk of decompress(inPieces(bytes, size), compression, () => inPieces(bytes, size))) {
      text += Buffer.from(chunk).toString('latin1');
    }
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    expect(error.bytes).toBe(text.length);
    return { text, damage: error.message };
  }
  return { text, damage: undefined };
}

async function read(files: Readonly<Record<string, Uint8Array>>): Promise<{
  readonly records: readonly string[];
  readonly problems: readonly string[];
}> {
  const root = mkdtempSync(join(tmpdir(), 'dragoman-containers-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content);
  const batches: DecodedBatch[] = [];
  for await (const batch of readLogs([root])) batches.push(batch);
  const short = (path: string): string => path.slice(root.length + 1);
  return {
    records: batches.flatMap(({ events }) =>
      events.map(({ event, source }) => `${short(source.file)}:${source.line} ${event['n']}`),
    ),
    problems: batches.flatMap(({ diagnostics }) =>
      diagnostics.map(({ code, message }) => `${code} ${message.replaceAll(`${root}/`, '')}`),
    ),
  };
}

test.each([
  ['bzip2', BZIP2],
  ['xz', XZ],
] as const)('%s: one stream, several, and one that is cut anywhere', async (compression, bytes) => {
  for (const size of [1, 5, 1_000]) {
    expect(await unfold(bytes, compression, size)).toEqual({ text: TEXT, damage: undefined });
    expect(await unfold(Buffer.concat([bytes, bytes, bytes]), compression, size)).toEqual({
      text: TEXT.repeat(3),
      damage: undefined,
    });
  }
  for (let length = 7; length < bytes.length; length += 1) {
    const { text, damage } = await unfold(bytes.subarray(0, length), compression);
    expect(damage).toBeDefined();
    expect(TEXT.startsWith(text)).toBe(true);
  }
});

test('xz: padding between streams is none of them, anything else behind one is told', async () => {
  expect(await unfold(Buffer.concat([XZ, Buffer.alloc(8), XZ, Buffer.alloc(4)]), 'xz')).toEqual({
    text: TEXT + TEXT,
    damage: undefined,
  });
  const { text, damage } = await unfold(Buffer.concat([XZ, Buffer.from('what is this')]), 'xz');
  expect(text).toBe(TEXT);
  expect(damage).toBeDefined();
});

test.each([
  ['bzip2', BZIP2],
  ['xz', XZ],
] as const)('%s: damage never throws anything else', async (compression, bytes) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ flip;
      const { text, damage } = await unfold(damaged, compression);
      if (damage === undefined) expect(text).toBe(TEXT);
    }),
    { numRuns: Math.min(300, Number(process.env['DRAGOMAN_PROPERTY_RUNS'] ?? 300)) },
  );
});

test('a zip archive is read as a folder, with what is compressed in it, and archives', async () => {
  const inner = zipSync({ 'deep.log': line(5) });
  const zip = zipSync({
    'dir/': new Uint8Array(0),
    'dir/a.log': line(1),
    'dir/.b.log': line(9),
    '__MACOSX/dir/a.log': line(9),
    'stored.log': [line(2), { level: 0 }],
    'c.gz': gzipSync(line(3)),
    'ünï.xz': XZ,
    'e.bz2': BZIP2,
    'inner.zip': [inner, { level: 0 }],
    'empty.log': new Uint8Array(0),
  });
  const { records, problems } = await read({ 'o.zip': zip });
  expect(problems).toEqual([]);
  expect(records).toEqual([
    'o.zip!dir/a.log:1 1',
    'o.zip!stored.log:1 2',
    'o.zip!c.gz:1 3',
    'o.zip!ünï.xz:1 1',
    'o.zip!ünï.xz:2 2',
    'o.zip!e.bz2:1 1',
    'o.zip!e.bz2:2 2',
    'o.zip!inner.zip!deep.log:1 5',
  ]);
});

test('a zip archive that is cut anywhere gives what is before the cut, and says so', async () => {
  const zip = zipSync({ 'a.log': line(1), 'b.log': line(2) });
  const whole = ['a.zip!a.log:1 1', 'a.zip!b.log:1 2'];
  for (let length = 5; length < zip.length - 22; length += 3) {
    const { records, problems } = await read({ 'a.zip': zip.subarray(0, length) });
    expect(records).toEqual(whole.slice(0, records.length));
    expect(problems.filter((one) => one.startsWith('logs/damaged a.zip'))).toHaveLength(1);
  }
  expect((await read({ 'a.zip': zip })).problems).toEqual([]);
});

test('what is encrypted, or compressed otherwise, is named, and the others are read', async () => {
  const zip = Buffer.from(zipSync({ 'a.log': line(1), 'b.log': line(2), 'c.log': line(3) }));
  const header = (name: string): number => zip.indexOf(name) - 30;
  // Flags: encrypted. Method: LZMA.
  zip.writeUInt16LE(1, header('a.log') + 6);
  zip.writeUInt16LE(14, header('b.log') + 8);
  const { records, problems } = await read({ 'a.zip': zip });
  expect(records).toEqual(['a.zip!c.log:1 3']);
  expect(problems[0]).toContain('a.zip!a.log is damaged (zip: it is encrypted)');
  expect(problems[1]).toContain('a.zip!b.log is damaged (zip: it is compressed by method 14, which is not read)');
  expect(problems).toHaveLength(2);
});

test('a zip archive gives the same in whatever pieces it comes', async () => {
  const zip = zipSync({
    'a.log': line(1),
    'b/c.log': [Buffer.from('PK\x03\x04'.repeat(9)), { level: 0 }],
    'd.log': line(2),
  });
  const membersIn = async (size: number): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const { name, bytes } of zipMembers(new ByteReader(inPieces(zip, size)))) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(Uint8Array.from(chunk));
      found.push(`${name} ${Buffer.concat(chunks).toString('latin1')}`);
    }
    return found;
  };
  const whole = await membersIn(zip.length);
  expect(whole).toHaveLength(3);
  for (const size of [1, 3, 16]) expect(await membersIn(size)).toEqual(whole);
});

test('many files of an archive that are too much together are a bomb', async () => {
  const unfolded = new Unfolded(() => 100, { bytes: 1_000, ratio: 20 });
  const all = async (bytes: Uint8Array): Promise<void> => {
    for await (const _ of unfolded.counted(inPieces(bytes, 100)));
  };
  for (let file = 0; file < 20; file += 1) await all(Buffer.alloc(100));
  expect(unfolded.isTooMuch).toBe(false);
  await expect(all(Buffer.alloc(100))).rejects.toThrow('unfolds to more than 20 times its size');
  expect(unfolded.isTooMuch).toBe(true);
});
