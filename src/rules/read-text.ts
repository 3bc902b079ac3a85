import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { rawPathOf } from '../logs/input/raw-path.ts';
import { reasonOf } from './find-files.ts';

/** Files above this are no rules: the largest published collection of rules in one file has about 30 MB. */
const MOST_BYTES = 128 * 1024 * 1024;

const BYTE_ORDER_MARK = '\ufeff';

/** The text of a file, with what is wrong with its bytes; or why it cannot be read. */
export type TextRead =
  | { readonly ok: true; readonly text: string; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly reason: string };

/** What reading asks of a file that is open. */
export interface OpenText {
  stat(): Pick<Stats, 'size' | 'mtimeMs'>;
  /** Fills the block from a place in the file; gives how many bytes there were. */
  read(block: Uint8Array, at: number): number;
}

/** Reads a file of rules. A device or pipe is not opened: it may never end. */
export function readTextFile(path: string): TextRead {
  try {
    const kind = kindOf(statSync(rawPathOf(path)));
    if (kind !== undefined) return { ok: false, reason: kind };
    // Should it have become a pipe in between, opening it does not wait.
    const file = openSync(rawPathOf(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const opened = fstatSync(file);
      const other = kindOf(opened);
      if (other !== undefined) return { ok: false, reason: other };
      const read = (block: Uint8Array, at: number): number => readSync(file, block, 0, block.length, at);
      return readOpenText({ stat: () => fstatSync(file), read }, path, opened);
    } finally {
      closeSync(file);
    }
  } catch (failed) {
    return { ok: false, reason: reasonOf(failed) };
  }
}

/** A text that is written while it is read is read once more; half of a rule would be another rule. */
export function readOpenText(
  file: OpenText,
  path: string,
  opened: ReturnType<OpenText['stat']> = file.stat(),
): TextRead {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const before = attempt === 0 ? opened : file.stat();
    if (before.size > MOST_BYTES) {
      return { ok: false, reason: `${Math.round(before.size / 1024 / 1024)} MB is too large for a rule file` };
    }
    // One byte more shows that it grew.
    const bytes = Buffer.allocUnsafe(before.size + 1);
    let length = 0;
    for (let count = -1; count !== 0 && length < bytes.length; length += count) {
      count = file.read(bytes.subarray(length), length);
    }
    const after = file.stat();
    if (length === before.size && after.size === before.size && after.mtimeMs === before.mtimeMs) {
      return decoded(bytes.subarray(0, length), path);
    }
  }
  return { ok: false, reason: 'it changed while it was read' };
}

function decoded(bytes: Buffer, path: string): TextRead {
  if (isUtf8(bytes)) {
    const text = bytes.toString('utf8');
    return { ok: true, text: text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, diagnostics: [] };
  }
  const line = firstInvalidLine(bytes);
  return { ok: true, text: decodeText(bytes), diagnostics: [diagnostic('input/invalid-utf8', { path, line })] };
}

/** Decodes a file's bytes; a byte order mark is no part of the text. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}

function firstInvalidLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
  return line;
}

/** What is no regular file, in words. */
function kindOf(found: Stats): string | undefined {
  if (found.isFile()) return undefined;
  if (found.isDirectory()) return 'it is a folder';
  if (found.isFIFO()) return 'it is a pipe';
  if (found.isSocket()) return 'it is a socket';
  return 'it is a device';
}
