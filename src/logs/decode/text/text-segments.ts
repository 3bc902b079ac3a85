import { isAscii, isUtf8 } from 'node:buffer';
import { NUL_BLOCK } from './nul-blocks.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** What the first bytes of a file say of it. */
export type ContentKind =
  | { readonly kind: 'text'; readonly encoding: Encoding; readonly skip: number }
  | { readonly kind: 'archive' }
  /** A Windows event log. */
  | { readonly kind: 'evtx' }
  | { readonly kind: 'binary'; readonly format: string };

/** So many bytes are looked at to tell text from other things. */
export const SNIFFED_BYTES = 4096;

const SIGNATURES: readonly (readonly [bytes: string, format: string])[] = [
  ['\x7fELF', 'a program'],
  ['%PDF-', 'a PDF'],
  ['PAR1', 'a Parquet file'],
  ['\x1f\x8b', 'gzip data inside of compressed data'],
  ['\x28\xb5\x2f\xfd', 'zstd data inside of compressed data'],
  ['BZh', 'bzip2 data'],
  ['\xfd7zXZ\0', 'xz data'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['\xd4\xc3\xb2\xa1', 'a packet capture'],
  ['\xa1\xb2\xc3\xd4', 'a packet capture'],
  ['\x0a\x0d\x0d\x0a', 'a packet capture'],
];

const ARCHIVES = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'] as const;

const LATIN_XML = /^\s*<\?xml [^>]*encoding=["'](?:windows-1252|iso-8859-1|latin-?1)["']/i;

/**
 * Tells text from binary data. Text with NUL bytes is UTF-16 when they stand (almost) only in every other place. A stray
 * NUL does not make a log binary, nor does a block of them (a crash leaves some, and a log that is truncated in place); data of
 * whose other bytes a tenth are control characters is.
 */
export function contentKind(block: Uint8Array): ContentKind {
  const head = Buffer.from(block.buffer, block.byteOffset, Math.min(block.length, SNIFFED_BYTES));
  const start = head.toString('latin1', 0, 16);
  if (ARCHIVES.some((bytes) => start.startsWith(bytes))) return { kind: 'archive' };
  if (start.startsWith('ElfFile\0')) return { kind: 'evtx' };
  const signature = SIGNATURES.find(([bytes]) => start.startsWith(bytes));
  if (signature !== undefined) return { kind: 'binary', format: signature[1] };
  if (start.startsWith('\xef\xbb\xbf')) return { kind: 'text', encoding: 'utf-8', skip: 3 };
  if (start.startsWith('\xff\xfe')) return { kind: 'text', encoding: 'utf-16le', skip: 2 };
  if (start.startsWith('\xfe\xff')) return { kind: 'text', encoding: 'utf-16be', skip: 2 };
  // What XML says of itself; ISO 8859-1 is read as windows-1252, as browsers do.
  if (LATIN_XML.test(head.toString('latin1', 0, 120))) return { kind: 'text', encoding: 'windows-1252', skip: 0 };
  let evenNuls = 0;
  let oddNuls = 0;
  let controls = 0;
  let blocks = 0;
  for (let at = 0; at < head.length; at += 1) {
    const length = nulsFrom(head, at);
    if (length >= NUL_BLOCK.length) {
      blocks += length;
      at += length - 1;
      continue;
    }
    const byte = head[at] ?? 0;
    if (byte >= 0x20) continue;
    if (byte === 0) {
      if (at % 2 === 0) evenNuls += 1;
      else oddNuls += 1;
    }
    // Tab, line ends, escape (colours) and the separators 1c-1f are text.
    if (byte < 9 || (byte > 13 && byte < 0x1b)) controls += 1;
  }
  const length = head.length - blocks;
  const half = length / 2;
  if (evenNuls + oddNuls + blocks > 0 && length >= 4) {
    if (oddNuls > 0.7 * half && evenNuls < 0.05 * half) return { kind: 'text', encoding: 'utf-16le', skip: 0 };
    if (evenNuls > 0.7 * half && oddNuls < 0.05 * half) return { kind: 'text', encoding: 'utf-16be', skip: 0 };
    if (controls >= 0.1 * length) return { kind: 'binary', format: 'binary data' };
  }
  return { kind: 'text', encoding: 'utf-8', skip: 0 };
}

function nulsFrom(bytes: Buffer, from: number): number {
  let end = from;
  while (bytes[end] === 0) end += 1;
  return end - from;
}

/** A piece of a file's text. Pieces never cut a character. */
export interface TextSegment {
  readonly text: string;
  /** Line feeds before each stretch of invalid UTF-8, one entry a line, counted from the segment's start. */
  readonly invalidLines: readonly number[];
}

const NO_LINES: readonly number[] = [];

/** Turns the bytes of a text into strings: plain ASCII by copying, the rest by decoding, whole characters at a time. */
export class TextSegments {
  private readonly other: InstanceType<typeof TextDecoder> | undefined;
  /** The end of the last chunk from its last ASCII byte on, which may be half a character. */
  private held: Buffer[] = [];

  constructor(encoding: Encoding) {
    this.other = encoding === 'utf-8' ? undefined : new TextDecoder(encoding, { ignoreBOM: true });
  }

  push(chunk: Uint8Array): TextSegment {
    if (this.other !== undefined) return plain(this.other.decode(chunk, { stream: true }));
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    if (this.held.length === 0 && isAscii(bytes)) return plain(bytes.toString('latin1'));
    let end = bytes.length;
    // An ASCII byte is never part of another character, whatever stands before it: text may be cut after it.
    while (end > 0 && (bytes[end - 1] ?? 0) >= 0x80) end -= 1;
    if (end === 0) {
      // A copy: the caller's memory may be used again.
      this.held.push(Buffer.from(bytes));
      return plain('');
    }
    const whole =
      this.held.length === 0 ? bytes.subarray(0, end) : Buffer.concat([...this.held, bytes.subarray(0, end)]);
    this.held = end === bytes.length ? [] : [Buffer.from(bytes.subarray(end))];
    return decodeUtf8(whole);
  }

  end(): TextSegment {
    if (this.other !== undefined) return plain(this.other.decode());
    const rest = Buffer.concat(this.held);
    this.held = [];
    return decodeUtf8(rest);
  }
}

function plain(text: string): TextSegment {
  return { text, invalidLines: NO_LINES };
}

function decodeUtf8(bytes: Buffer): TextSegment {
  return { text: bytes.toString('utf8'), invalidLines: isUtf8(bytes) ? NO_LINES : invalidLines(bytes) };
}

function invalidLines(bytes: Buffer): readonly number[] {
  const found: number[] = [];
  let start = 0;
  for (let line = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    if (!isUtf8(bytes.subarray(start, end))) found.push(line);
    start = end + 1;
  }
  return found;
}
