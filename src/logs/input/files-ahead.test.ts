import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { FilePart, LinesAhead, PartTold } from '../decode/index.ts';
import { FilesAhead } from './files-ahead.ts';
import { PartReader } from './part-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'dragoman-ahead-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How a part comes out: with all its lines, with the first of them only, as failed; or its lines are not taken. */
type Fate = 'told' | 'told in part' | 'failed' | 'not taken';

/** Gives lines back as they are, later, and in any order. */
function ahead(fates: readonly Fate[], texts: Map<object, Buffer>): LinesAhead {
  let turn = 0;
  const reader = new PartReader(100);
  const unused = (): never => {
    throw new Error('no stream is read here');
  };
  return {
    depth: 0,
    diagnostics: [],
    here: { scan: unused },
    take: unused,
    release: unused,
    scanPiece: unused,
    scanPart: async (part: FilePart): Promise<PartTold | undefined> => {
      const fate = fates[turn % fates.length] ?? 'told';
      turn += 1;
      const lines = reader.read(part);
      const bytes = lines && Buffer.from(lines.bytes);
      for (let wait = turn % 4; wait > 0; wait -= 1) await new Promise((resolve) => setImmediate(resolve));
      if (lines === undefined || bytes === undefined || fate === 'failed') return undefined;
      expect(bytes.at(-1)).toBe(0x0a);
      const length = fate === 'told in part' ? bytes.indexOf(0x0a) + 1 : bytes.length;
      const told = { tell: unused };
      if (fate !== 'not taken') texts.set(told, bytes.subarray(0, length));
      return { from: lines.from, end: lines.from + bytes.length, lines: told, size: bytes.length };
    },
  };
}

describe('FilesAhead', () => {
  it('gives every byte of every file once, in order, whatever becomes of its parts', async () => {
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.string({ maxLength: 30 }) },
      { weight: 1, arbitrary: fc.nat(400).map((length) => 'x'.repeat(length)) },
    );
    const file = fc.record({
      text: fc.array(line, { maxLength: 40 }).map((lines) => lines.join('\n')),
      mark: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { minLength: 1, maxLength: 4 }),
        fc.array(fc.constantFrom<Fate>('told', 'told', 'told', 'told in part', 'failed', 'not taken'), {
          minLength: 1,
          maxLength: 9,
        }),
        fc.integer({ min: 1, max: 200 }),
        async (files, fates, part) => {
          const paths = files.map(({ text, mark }, index) => {
            const path = join(folder, `${index}.log`);
            writeFileSync(path, `${mark ? '\ufeff' : ''}${text}`);
            return path;
          });
          const texts = new Map<object, Buffer>();
          let read = 0;
          const onRead = (_path: string, count: number): void => {
            read += count;
          };
          const all = new FilesAhead(ahead(fates, texts), paths, onRead, part);
          for (const [index, { text, mark }] of files.entries()) {
            const pieces = all.pieces(paths[index] ?? '');
            if (text === '' && !mark) {
              expect(pieces).toBeUndefined();
              continue;
            }
            const found: Buffer[] = [];
            read = 0;
            for await (const piece of pieces ?? []) {
              const told = piece.told && texts.get(piece.told);
              if (told !== undefined) found.push(told);
              for (const chunk of piece.bytes(told?.length ?? 0)) found.push(Buffer.from(chunk));
            }
            const bytes = Buffer.concat(found);
            expect(bytes.toString('utf8')).toBe(text.replace(/^\ufeff/, ''));
            expect(read).toBe(bytes.length);
          }
          all.close();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves no whole line unscanned', async () => {
    const path = join(folder, 'lines.log');
    for (const part of [1, 2, 7, 64, 1_000]) {
      const text = Array.from({ length: 50 }, (_, at) => `${'y'.repeat(at % 23)}\n`).join('');
      writeFileSync(path, `${text}tail`);
      const texts = new Map<object, Buffer>();
      const all = new FilesAhead(ahead(['told'], texts), [path], () => {}, part);
      const scanned: string[] = [];
      const unscanned: string[] = [];
      for await (const piece of all.pieces(path) ?? []) {
        const told = piece.told && texts.get(piece.told);
        scanned.push(told?.toString('utf8') ?? '');
        for (const chunk of piece.bytes(told?.length ?? 0)) unscanned.push(Buffer.from(chunk).toString('utf8'));
      }
      all.close();
      expect(unscanned).toEqual(['tail']);
      expect(scanned.join('')).toBe(text);
    }
  });

  it('leaves what is compressed, no UTF-8, or not there to others', async () => {
    const put = (name: string, content: string | Uint8Array): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    const paths = [
      put('a.gz', Buffer.from([0x1f, 0x8b, 8, 0])),
      put('b.log', Buffer.from('\ufeff{}\n', 'utf16le')),
      put('c.bin', Buffer.from('\x7fELF\0\0')),
      put('d.log', ''),
      join(folder, 'none'),
      put('e.log', '{}\n'),
    ];
    const all = new FilesAhead(ahead(['told'], new Map()), paths, () => {});
    expect(paths.map((path) => all.pieces(path) !== undefined)).toEqual([false, false, false, false, false, true]);
    all.close();
  });
});
