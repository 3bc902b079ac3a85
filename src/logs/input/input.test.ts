import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evtxChunk, evtxFile, windowsEvent } from '../decode/evtx/evtx-writer.fixture.ts';
import type { DecodedBatch } from '../decode/index.ts';
import { type ReadLogsOptions, type ReadProgress, readLogs } from './index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-input-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return path;
}

async function read(paths: readonly string[], options: ReadLogsOptions = {}): Promise<DecodedBatch[]> {
  const batches: DecodedBatch[] = [];
  for await (const batch of readLogs(paths, options)) batches.push(batch);
  return batches;
}

const ids = (batches: readonly DecodedBatch[]): unknown[] =>
  batches.flatMap(({ events }) => events.map(({ event }) => event['id']));
const codes = (batches: readonly DecodedBatch[]): string[] =>
  batches.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));

/** Lines that do not compress to nothing. */
function lines(count: number): string {
  let seed = 7;
  return Array.from({ length: count }, (_, id) => {
    seed = (seed * 48271) % 2147483647;
    return `{"id":${id},"noise":"${seed.toString(36)}"}\n`;
  }).join('');
}

/** `printf '{"id":1}\n{"id":2}\n' | zstd`, with its checksum. */
const ZSTD = Buffer.from('KLUv/QRYkQAAeyJpZCI6MX0KeyJpZCI6Mn0K6COFGA==', 'base64');

describe('readLogs', () => {
  it('reads files, folders and globs once each, in order', async () => {
    const b = await put('tree/b.ndjson', '{"id":2}\n');
    await put('tree/a/deep.json', '{"id":1}\n');
    await put('tree/.hidden', '{"id":9}\n');
    await put('tree/c.txt', '{"id":3}\n');
    expect(ids(await read([join(folder, 'tree')]))).toEqual([1, 2, 3]);
    expect(ids(await read([b, join(folder, 'tree')]))).toEqual([2, 1, 3]);
    expect(ids(await read([join(folder, 'tree', '**/*.{ndjson,json}')]))).toEqual([1, 2]);
  });

  it('takes a path for what it is before it takes it for a glob', async () => {
    const path = await put('odd [1].json', '{"id":5}');
    expect(ids(await read([path]))).toEqual([5]);
  });

  it('reads standard input, plain or compressed', async () => {
    const plain = Readable.from([Buffer.from('{"id":1}\n{"i'), Buffer.from('d":2}')]);
    const batches = await read(['-'], { stdin: plain });
    expect(ids(batches)).toEqual([1, 2]);
    expect(batches[0]?.file).toBe('<stdin>');
    expect(ids(await read(['-'], { stdin: Readable.from([gzipSync('{"id":3}')]) }))).toEqual([3]);
    expect(ids(await read(['-'], { stdin: Readable.from(['{"id":4}', '\n'], { objectMode: false }) }))).toEqual([4]);
  });

  it('recognises compression by content, and reads members put together', async () => {
    const gzip = await put('plain-name.log', Buffer.concat([gzipSync('{"id":1}\n'), gzipSync('{"id":2}\n')]));
    const zstd = await put('other.json', Buffer.concat([ZSTD, ZSTD]));
    const liar = await put('liar.gz', '{"id":7}');
    expect(ids(await read([gzip]))).toEqual([1, 2]);
    expect(ids(await read([zstd]))).toEqual([1, 2, 1, 2]);
    expect(ids(await read([liar]))).toEqual([7]);
  });

  it('reads Windows event logs, whatever they are called, compressed or not', async () => {
    const chunks = [1, 2, 3, 4, 5, 6].map((id) => evtxChunk([windowsEvent(id, 'Security', [])]));
    const file = evtxFile(chunks);
    await put('logs/Security.evtx', file);
    await put('logs/copy.bin', gzipSync(file));
    const batches = await read([join(folder, 'logs')]);
    const found = batches.flatMap(({ events }) => events);
    expect(codes(batches)).toEqual([]);
    expect(found.map(({ source }) => [source.file.slice(-5), source.line])).toEqual(
      ['y.evtx', 'py.bin'].flatMap((end) => [1, 2, 3, 4, 5, 6].map((line) => [end.slice(-5), line])).sort(),
    );
    expect(found.map(({ event }) => Object.keys(event))).toEqual(found.map(() => ['Event']));
    const cut = await read(['-'], { stdin: Readable.from([gzipSync(file).subarray(0, 900)]) });
    expect(codes(cut)).toContain('logs/damaged');
  });

  it('gives everything before the place where a gzip file is cut', async () => {
    const text = lines(20_000);
    const whole = gzipSync(text);
    for (const length of [whole.length - 4, whole.length >> 1, 40]) {
      const path = await put('cut.gz', whole.subarray(0, length));
      const batches = await read([path]);
      const found = batches.at(-1)?.diagnostics.find(({ code }) => code === 'logs/damaged');
      const got = ids(batches);
      expect(got).toEqual(got.map((_, id) => id));
      expect(found?.params).toMatchObject({ file: path, compression: 'gzip' });
      const expected = inflated(whole.subarray(0, length));
      expect(found?.params['bytes']).toBe(Buffer.byteLength(expected));
      expect(got.length).toBe(expected.split('\n').length - 1);
      expect(found?.params['line']).toBe(expected.split('\n').length);
    }
  });

  it('gives everything before the place where a gzip file is spoilt, to the last bytes', {
    tags: 'large',
  }, async () => {
    const whole = gzipSync(lines(20_000));
    const spoilt = Buffer.from(whole);
    spoilt.fill(0xff, whole.length >> 1, (whole.length >> 1) + 300);
    const batches = await read([await put('spoilt.gz', spoilt), await put('after.json', '{"id":"after"}')]);
    expect(codes(batches)).toContain('logs/damaged');
    const got = ids(batches);
    expect(got.pop()).toBe('after');
    const before = inflated(whole.subarray(0, whole.length >> 1)).split('\n').length - 1;
    expect(got.slice(0, before)).toEqual(Array.from({ length: before }, (_, id) => id));
  });

  it('tells damage to zstd data', async () => {
    expect(codes(await read([await put('cut.zst', ZSTD.subarray(0, ZSTD.length - 6))]))).toContain('logs/damaged');
    const two = Buffer.concat([ZSTD, ZSTD.subarray(0, 8)]);
    const batches = await read([await put('half.zst', two)]);
    expect(ids(batches)).toEqual([1, 2]);
    expect(codes(batches)).toEqual(['logs/damaged']);
  });

  it('reports what is not there or not to be read, and reads the rest', async () => {
    const good = await put('mixed/good.json', '{"id":1}');
    await put('mixed/pack.zip', Buffer.from('PK\x03\x04 and more'));
    await put('mixed/image.bin', Buffer.from(Array.from({ length: 100 }, (_, at) => at % 9)));
    await put('mixed/empty.json', '');
    await symlink(join(folder, 'nowhere'), join(folder, 'mixed', 'link'));
    await mkdir(join(folder, 'none'));
    const batches = await read([
      join(folder, 'absent.json'),
      join(folder, 'none'),
      join(folder, '*.nothing'),
      join(folder, 'mixed'),
      good,
    ]);
    expect(ids(batches)).toEqual([1]);
    expect(codes(batches).sort()).toEqual([
      'logs/binary',
      'logs/damaged',
      'logs/dangling-link',
      'logs/no-files',
      'logs/no-files',
      'logs/no-files',
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('reports files and folders without permission', async () => {
    const secret = await put('locked/secret.json', '{"id":1}');
    const inside = await put('locked/room/x.json', '{"id":2}');
    await chmod(secret, 0);
    await chmod(join(inside, '..'), 0);
    const batches = await read([join(folder, 'locked')]);
    await chmod(join(inside, '..'), 0o700);
    expect(codes(batches)).toEqual(['logs/unreadable', 'logs/unreadable']);
  });

  it('tells a failing stream from the end of one', async () => {
    const failing = Readable.from(
      (function* () {
        yield Buffer.from('{"id":1}\n');
        throw new Error('the pipe broke');
      })(),
    );
    const batches = await read(['-'], { stdin: failing });
    expect(ids(batches)).toEqual([1]);
    expect(batches.at(-1)?.diagnostics[0]).toMatchObject({
      code: 'logs/unreadable',
      params: { reason: 'the pipe broke' },
    });
  });

  it('says that a file was truncated while it was read', async () => {
    const path = await put('rotated.json', lines(20_000));
    const batches: DecodedBatch[] = [];
    for await (const batch of readLogs([path])) {
      if (batches.length === 0) await truncate(path, 100);
      batches.push(batch);
    }
    expect(codes(batches)).toContain('logs/truncated');
  });

  it('tells how far it has come', async () => {
    const one = await put('p/one.json', lines(20_000));
    const two = await put('p/two.json.gz', gzipSync(lines(100)));
    const seen: ReadProgress[] = [];
    await read([one, two], { onProgress: (progress) => seen.push(progress) });
    const bytes = seen.map((progress) => progress.bytes);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({ file: two, bytes: seen.at(-1)?.total });
  });

  it('stops reading when nobody asks for more', async () => {
    const path = await put('long.json', lines(200_000));
    let bytes = 0;
    for await (const batch of readLogs([path], { onProgress: (progress) => (bytes = progress.bytes) })) {
      expect(batch.events.length).toBeGreaterThan(0);
      break;
    }
    expect(bytes).toBeLessThan(2_000_000);
  });
});

describe('with a signal that may end the reading', () => {
  it('lets go of what was read', { tags: 'large' }, async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const chunks: WeakRef<Uint8Array>[] = [];
    let alive = 0;
    const source = Readable.from(
      (async function* () {
        for (let at = 0; at < 30; at += 1) {
          const chunk = Buffer.from(`${JSON.stringify({ id: at, noise: 'x'.repeat(100_000) })}\n`);
          chunks.push(new WeakRef(chunk));
          yield chunk;
          await new Promise((done) => setImmediate(done));
          collect();
          alive = chunks.filter((one) => one.deref() !== undefined).length;
        }
      })(),
    );
    await read(['-'], { stdin: source, signal: new AbortController().signal });
    expect(chunks).toHaveLength(30);
    expect(alive).toBeLessThan(25);
  });

  it('ends where nothing more comes', async () => {
    const open = new Readable({ read() {} });
    open.push('{"id":1}\n');
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    expect(ids(await read(['-'], { stdin: open, signal: abort.signal }))).toEqual([1]);
  });
});

/** All that zlib has of a cut gzip stream when it is told not to mind the end. */
function inflated(bytes: Buffer): string {
  return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
}
