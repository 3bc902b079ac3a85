import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { type DecodedBatch, decode, failureDiagnostic, type LinesAhead } from '../decode/index.ts';
import type { TypingOptions } from '../typing.ts';
import { ByteReader } from './byte-reader.ts';
import { FilesAhead } from './files-ahead.ts';
import type { LogPath } from './log-path.ts';
import { expandPaths, type InputFile } from './paths.ts';
import { rawPathOf } from './raw-path.ts';
import type { ArchiveMember } from './unfold/archive-member.ts';
import { COMPRESSION_HEAD, compressionOf } from './unfold/compression.ts';
import { decompress } from './unfold/decompress.ts';
import { isTarHead, TAR_HEAD, tarMembers } from './unfold/tar-members.ts';
import { Unfolded } from './unfold/unfolded.ts';
import { isZipHead, ZIP_HEAD } from './unfold/zip-head.ts';

const READ_CHUNK = 256 * 1024;

/** How far reading has come. Bytes are those on disk, compressed where the file is. */
export interface ReadProgress {
  readonly file: string;
  /** Read so far, of all files. */
  readonly bytes: number;
  /** Of all files whose size is known. */
  readonly total: number;
}

export interface ReadLogsOptions {
  /** What `-` reads; the process's standard input by default. */
  readonly stdin?: Readable;
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Ends the reading: what was read until then is decoded as if the logs ended there. */
  readonly signal?: AbortSignal | undefined;
  /** Reads lines of JSON in the decoder's place. */
  readonly scanner?: LinesAhead | undefined;
  /** What is said of all records: where that is a log source, lines of no known form are records of their text. */
  readonly typing?: TypingOptions;
}

/**
 * Reads and decodes logs: files, folders (recursively), globs and `-`, plain or compressed with gzip, zstd, bzip2 or xz, and tar and zip
 * archives of such (recognised by content); a file in an archive is named behind it (`logs.tar.gz!auth.log`).
 * Batches come file by file, in the files' order; a batch's `file` is the path as the caller would write it. Nothing that
 * a file holds or lacks ends the reading: it is a diagnostic of a batch. A batch without records may carry diagnostics only
 * (`file` is then the path that could not be read). A batch of a path of which the user says something has that in `said`; no scanner
 * reads its lines.
 */
export async function* readLogs(
  paths: readonly LogPath[],
  options: ReadLogsOptions = {},
): AsyncGenerator<DecodedBatch, void, void> {
  const { files, diagnostics } = await expandPaths(paths);
  for (const found of diagnostics) yield diagnosticBatch(found);
  const total = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  let bytes = 0;
  const onRead = (file: string, count: number): void => {
    bytes += count;
    options.onProgress?.({ file, bytes, total });
  };
  const { scanner, signal } = options;
  const regular = files.filter(({ size, said }) => size !== undefined && said === undefined).map(({ path }) => path);
  const ahead = scanner && new FilesAhead(scanner, regular, onRead);
  try {
    for (const file of files) {
      if (signal?.aborted === true) break;
      const name = file.path === '-' ? '<stdin>' : file.path;
      let size = 0;
      const content = contentOf(file, options.stdin ?? process.stdin, (count) => {
        size += count;
        onRead(file.path, count);
      });
      const { said } = file;
      const takesAny = (said?.logSource ?? options.typing?.logSource) !== undefined;
      const pieces = file.size === undefined || said !== undefined ? undefined : ahead?.pieces(file.path);
      const reading: Reading = { takesAny, scanner: said === undefined ? scanner : undefined };
      const batches =
        pieces === undefined
          ? decodeContent(until(signal, content), name, reading, { archives: 0, unfolded: new Unfolded(() => size) })
          : decode(until(signal, content), name, { ...reading, pieces: until(signal, pieces) });
      for await (const batch of batches) yield said === undefined ? batch : { ...batch, said };
      const cut = await truncation(file);
      if (cut !== undefined) yield diagnosticBatch(cut);
    }
  } finally {
    ahead?.close();
  }
}

interface Reading {
  readonly takesAny: boolean;
  readonly scanner: LinesAhead | undefined;
}

/** How deep what is read lies in archives, and how much came out of the outermost. */
interface Depth {
  readonly archives: number;
  readonly unfolded: Unfolded;
}

/** Archives in archives are opened so often. */
const DEEPEST_ARCHIVE = 3;
const ARCHIVE_HEAD = Math.max(TAR_HEAD, ZIP_HEAD);

/** What uncompressed bytes hold: records, or the files of an archive. Names that begin with a dot are left out, as in folders. */
async function* decodeContent(
  content: AsyncIterable<Uint8Array>,
  name: string,
  reading: Reading,
  depth: Depth,
): AsyncGenerator<DecodedBatch, void, void> {
  const reader = new ByteReader(content);
  try {
    let head: Uint8Array;
    try {
      head = await reader.peek(ARCHIVE_HEAD);
    } catch (failed) {
      // What came before it broke off is read as far as it goes.
      yield* decode(broken(reader.rest(), failed), name, reading);
      return;
    }
    const members = await membersOf(head, reader);
    if (members === undefined) {
      yield* decode(depth.archives === 0 ? reader.rest() : depth.unfolded.counted(reader.rest()), name, reading);
      return;
    }
    if (depth.archives >= DEEPEST_ARCHIVE) {
      yield diagnosticBatch(diagnostic('logs/archive', { file: name }));
      return;
    }
    const inside = { ...depth, archives: depth.archives + 1 };
    for await (const member of members) {
      if (/(?:^|\/)\.[^./]/.test(member.name) || /(?:^|\/)__MACOSX\//.test(member.name)) continue;
      yield* decodeMember(member, `${name}!${member.name}`, reading, inside);
      if (depth.unfolded.isTooMuch) return;
    }
  } catch (failed) {
    yield diagnosticBatch(failureDiagnostic(failed, name, 1));
  } finally {
    await reader.close();
  }
}

async function membersOf(head: Uint8Array, reader: ByteReader): Promise<AsyncIterable<ArchiveMember> | undefined> {
  if (isTarHead(head)) return tarMembers(reader);
  return isZipHead(head) ? (await import('./unfold/zip-members.ts')).zipMembers(reader) : undefined;
}

async function* decodeMember(
  { bytes }: ArchiveMember,
  name: string,
  reading: Reading,
  depth: Depth,
): AsyncGenerator<DecodedBatch, void, void> {
  yield* decodeContent(uncompressed(bytes, undefined), name, reading, depth);
}

/** What bytes unfold to where they are compressed. `reopen` gives them again. */
async function* uncompressed(
  bytes: AsyncIterable<Uint8Array>,
  reopen: (() => AsyncIterable<Uint8Array>) | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = new ByteReader(bytes);
  try {
    const compression = compressionOf(await reader.peek(COMPRESSION_HEAD));
    if (compression === undefined) yield* reader.rest();
    else yield* decompress(reader.rest(), compression, reopen);
  } finally {
    await reader.close();
  }
}

async function* broken(bytes: AsyncIterable<Uint8Array>, failed: unknown): AsyncGenerator<Uint8Array, void, void> {
  yield* bytes;
  throw failed;
}

/** A file that is shorter now than when it was found: its lines may be lost. That a log grows meanwhile is usual. */
async function truncation({ path, size = 0 }: InputFile): Promise<Diagnostic | undefined> {
  if (size === 0) return undefined;
  const left = await stat(rawPathOf(path)).then(
    (found) => found.size,
    () => size,
  );
  return left < size ? diagnostic('logs/truncated', { file: path, size, left }) : undefined;
}

/** What comes of a source before a signal. It is not waited for then: it may be a pipe on which nothing comes any more. */
async function* until<T>(signal: AbortSignal | undefined, source: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  const items = source[Symbol.asyncIterator]();
  // One promise for each item: what is once awaited together with a promise that stays open lives as long as that does.
  let wake = (): void => {};
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal.aborted) {
      const next = await new Promise<IteratorResult<T> | 'aborted'>((resolve, reject) => {
        wake = () => resolve('aborted');
        items.next().then(resolve, reject);
      });
      if (next === 'aborted' || next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    void items.return?.();
  }
}

function diagnosticBatch(found: Diagnostic): DecodedBatch {
  const { file, path } = found.params;
  const name = typeof file === 'string' ? file : String(path);
  return { file: name, events: [], diagnostics: [found], lines: 0, blank: 0, undecodable: 0, quiet: 0 };
}

/** The uncompressed bytes of an input. Throws what the system reports, and `DamagedInput`. */
function contentOf(
  file: InputFile,
  stdin: Readable,
  onRead: (count: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const open = (): Readable =>
    file.path === '-' ? stdin : createReadStream(rawPathOf(file.path), { highWaterMark: READ_CHUNK });
  const reopen = file.size === undefined ? undefined : () => rawBytes(open);
  return uncompressed(counted(rawBytes(open), onRead), reopen);
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onRead: (count: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of source) {
    onRead(chunk.length);
    yield chunk;
  }
}

/** A stream's chunks, opened when the first is asked for: what nobody reads nobody would close. One that was set to give text gives its bytes again. */
async function* rawBytes(open: () => Readable): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of open()) {
    if (chunk instanceof Uint8Array) yield chunk;
    else yield Buffer.from(String(chunk), 'utf8');
  }
}
