import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { DecodedBatch } from '../../decode/batch.ts';
import { readLogs } from '../index.ts';
import { isTarHead } from './tar-members.ts';
import { BLOCK, entry } from './tar-writer.fixture.ts';

const END = Buffer.alloc(2 * BLOCK);
const line = (n: number): string => `{"n":${n}}\n`;

async function read(files: Readonly<Record<string, Buffer>>): Promise<{
  readonly records: readonly (readonly [file: string, line: number, n: unknown])[];
  readonly problems: readonly string[];
}> {
  const root = mkdtempSync(join(tmpdir(), 'dragoman-tar-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content);
  const batches: DecodedBatch[] = [];
  for await (const batch of readLogs([root])) batches.push(batch);
  const short = (path: string): string => path.slice(root.length + 1);
  return {
    records: batches.flatMap(({ events }) =>
      events.map(({ event, source }) => [short(source.file), source.line, event['n']] as const),
    ),
    problems: batches.flatMap(({ diagnostics }) =>
      diagnostics.map(({ code, params }) => `${code} ${short(String(params['file']))}`),
    ),
  };
}

const LONG = `logs/${'x'.repeat(120)}.log`;
const archive = Buffer.concat([
  entry('logs/', '', '5'),
  entry('logs/a.log', line(1) + line(2)),
  entry('logs/._a.log', line(9)),
  entry('logs/b.log.gz', gzipSync(line(3))),
  entry('logs/link', '', '2'),
  entry('././@LongLink', `${LONG}\0`, 'L'),
  entry(LONG, line(4)),
  entry('pax', '23 path=logs/ünicode.l\n', 'x'),
  entry('logs/unicode', line(5)),
]);

test('an archive is read as a folder, plain or compressed', async () => {
  const found = (name: string): readonly unknown[] => [
    [`${name}!logs/a.log`, 1, 1],
    [`${name}!logs/a.log`, 2, 2],
    [`${name}!logs/b.log.gz`, 1, 3],
    [`${name}!${LONG}`, 1, 4],
    [`${name}!logs/ünicode.l`, 1, 5],
  ];
  const { records, problems } = await read({ 'a.tar': Buffer.concat([archive, END]), 'b.tgz': gzipSync(archive) });
  expect(records).toEqual([...found('a.tar'), ...found('b.tgz')]);
  expect(problems).toEqual([]);
});

test('an archive in an archive is one more folder, and not without end', async () => {
  let inner = Buffer.concat([entry('a.log', line(1)), END]);
  for (let depth = 0; depth < 2; depth += 1) inner = Buffer.concat([entry('i.tar', inner), END]);
  expect((await read({ 'o.tar': inner })).records).toEqual([['o.tar!i.tar!i.tar!a.log', 1, 1]]);
  const deeper = Buffer.concat([entry('i.tar', inner), END]);
  expect(await read({ 'o.tar': deeper })).toEqual({ records: [], problems: ['logs/archive o.tar!i.tar!i.tar!i.tar'] });
});

test('what breaks off is named, and everything before is read', async () => {
  const two = Buffer.concat([entry('a.log', line(1)), entry('b.log', line(2).repeat(200))]);
  const inside = await read({ 'a.tar': two.subarray(0, 3 * BLOCK + 90) });
  expect(inside.records.length).toBe(12);
  expect(inside.problems).toContain('logs/damaged a.tar!b.log');
  const header = await read({ 'a.tar': two.subarray(0, 2 * BLOCK + 100) });
  expect(header).toEqual({ records: [['a.tar!a.log', 1, 1]], problems: ['logs/damaged a.tar'] });
  const zipped = gzipSync(two);
  const cut = await read({ 'a.tgz': zipped.subarray(0, zipped.length - 12) });
  expect(cut.records[0]).toEqual(['a.tgz!a.log', 1, 1]);
  expect(cut.problems.some((one) => one.startsWith('logs/damaged'))).toBe(true);
  const wrong = await read({ 'a.tar': Buffer.concat([entry('a.log', line(1)), Buffer.alloc(BLOCK, 'x'), END]) });
  expect(wrong).toEqual({ records: [['a.tar!a.log', 1, 1]], problems: ['logs/damaged a.tar'] });
});

test('a text with the mark of an archive in it is no archive', () => {
  expect(isTarHead(Buffer.from(`${' '.repeat(257)}ustar${' '.repeat(300)}`))).toBe(false);
});

test('a file that is stored with its holes left out is named and not read; those behind it are', async () => {
  const more = Buffer.alloc(BLOCK);
  more[504] = 1;
  const extended = entry('logs/old.log', line(8), 'S');
  // More of its map stands in two blocks.
  extended[482] = 1;
  const sum = extended.subarray(0, BLOCK).reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  extended.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const { records, problems } = await read({
    'a.tar': Buffer.concat([
      extended.subarray(0, BLOCK),
      more,
      Buffer.alloc(BLOCK),
      extended.subarray(BLOCK),
      entry('logs/a.log', line(1)),
      entry('pax', '22 GNU.sparse.major=1\n30 GNU.sparse.size=1125899906\n', 'x'),
      entry('logs/new.log', line(9)),
      entry('logs/b.log', line(2)),
      END,
    ]),
  });
  expect(records).toEqual([
    ['a.tar!logs/a.log', 1, 1],
    ['a.tar!logs/b.log', 1, 2],
  ]);
  expect(problems).toEqual(['logs/damaged a.tar!logs/old.log', 'logs/damaged a.tar!logs/new.log']);
});
