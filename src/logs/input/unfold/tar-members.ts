import { before } from '../../../base/strip.ts';
import { DamagedInput } from '../../decode/damaged-input.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { ArchiveMember } from './archive-member.ts';

const BLOCK = 512;
/** A header's extension holds a path, times and the like. */
const LONGEST_EXTENSION = 1 << 20;

/** How many bytes at the beginning say whether they are a tar archive. */
export const TAR_HEAD: number = BLOCK;

/** Whether a block is the header of a tar archive, POSIX or GNU: its mark is there, and its sum is right. */
export function isTarHead(block: Uint8Array): boolean {
  if (block.length < BLOCK || latin1(block, 257, 5) !== 'ustar') return false;
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
  return sum === numberAt(block, 148, 8);
}

/**
 * The files of a tar archive (POSIX pax, ustar and GNU's long names), in their order. Throws `DamagedInput` where the archive breaks off or
 * goes on with something else, after everything before was given.
 */
export async function* tarMembers(reader: ByteReader): AsyncGenerator<ArchiveMember, void, void> {
  let extended: Extended = {};
  for (;;) {
    const header = await reader.take(BLOCK);
    if (header.length === 0 || (header.length === BLOCK && header.every((byte) => byte === 0))) return;
    if (!isTarHead(header)) throw damage(reader, 'a header is cut off or is none');
    const type = latin1(header, 156, 1);
    const size = extended.size ?? numberAt(header, 124, 12);
    // GNU's sparse files: more of the map than the header holds stands before the content.
    for (let more = type === 'S' ? header[482] : 0; more === 1; ) more = (await reader.take(BLOCK))[504];
    const end = reader.taken + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'L' || type === 'x') {
      if (size > LONGEST_EXTENSION) throw damage(reader, 'a header is too long');
      const text = (await reader.take(size)).toString('utf8');
      extended = type === 'L' ? { ...extended, path: before(text, /\0/) } : { ...extended, ...paxFields(text) };
    } else {
      const name = (extended.path ?? nameIn(header)).replace(/^(?:\.\/)+/, '');
      if (type === 'S') {
        yield { name, bytes: sparse() };
      } else if (type === '0' || type === '\0' || type === '7') {
        yield { name, bytes: extended.isSparse === true ? sparse() : memberBytes(reader, size) };
        // Whoever read it met the end already, and said so.
        if (reader.hasEnded && reader.taken < end - BLOCK) return;
      }
      if (type !== 'K' && type !== 'g') extended = {};
    }
    for await (const _ of reader.stream(end - reader.taken));
    if (reader.taken < end) throw damage(reader, 'it ends inside of a block');
  }
}

async function* memberBytes(reader: ByteReader, size: number): AsyncGenerator<Uint8Array, void, void> {
  const end = reader.taken + size;
  yield* reader.stream(size);
  if (reader.taken < end) throw damage(reader, 'it ends inside of a file');
}

/** What is kept with its holes left out: a few bytes may be a file of any size, and no log is. */
// biome-ignore lint/correctness/useYield: a member's bytes, of which there are none.
async function* sparse(): AsyncGenerator<Uint8Array, void, void> {
  throw new DamagedInput('tar', 0, 'it is stored as a sparse file, which is not read');
}

function damage(reader: ByteReader, reason: string): DamagedInput {
  return new DamagedInput('tar', reader.taken, reason);
}

interface Extended {
  readonly path?: string;
  readonly size?: number;
  readonly isSparse?: true;
}

/** `29 path=…\n`: the length counts all of the line. */
function paxFields(text: string): Extended {
  const path = /(?:^|\n)\d+ path=([^\n]*)/.exec(text)?.[1];
  const size = /(?:^|\n)\d+ size=(\d{1,15})\n/.exec(text)?.[1];
  const isSparse = /(?:^|\n)\d+ GNU\.sparse\./.test(text);
  return {
    ...(isSparse && { isSparse }),
    ...(path !== undefined && { path }),
    ...(size !== undefined && { size: Number(size) }),
  };
}

function nameIn(header: Uint8Array): string {
  const name = utf8(header, 0, 100);
  const prefix = latin1(header, 257, 6) === 'ustar\0' ? utf8(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal digits, or where the first bit is set the bytes themselves. */
function numberAt(block: Uint8Array, from: number, length: number): number {
  if (((block[from] ?? 0) & 0x80) === 0)
    return Number.parseInt(/[0-7]+/.exec(latin1(block, from, length))?.[0] ?? '0', 8);
  let value = 0;
  for (let at = from + 1; at < from + length; at += 1) value = value * 256 + (block[at] ?? 0);
  return value;
}

function latin1(block: Uint8Array, from: number, length: number): string {
  return Buffer.from(block.buffer, block.byteOffset + from, length).toString('latin1');
}

function utf8(block: Uint8Array, from: number, length: number): string {
  return before(Buffer.from(block.buffer, block.byteOffset + from, length).toString('utf8'), /\0/);
}
