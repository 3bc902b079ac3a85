import { Unzip, type UnzipDecoder, type UnzipFile, UnzipInflate } from 'fflate';
import { DamagedInput } from '../../decode/damaged-input.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { ArchiveMember } from './archive-member.ts';

/** Bytes given to the library at once: bounds what one step can unfold to. */
const PIECE = 32 * 1024;
/** The mark that ends an archive. */
const END = Buffer.from('PK\x05\x06', 'latin1');

/**
 * The files of a zip archive in their order, as they come: no list of files at its end is needed, so that one that was cut gives what is
 * there. Throws `DamagedInput` where the archive breaks off; a file that cannot be unfolded throws it where it is read.
 */
export async function* zipMembers(reader: ByteReader): AsyncGenerator<ArchiveMember, void, void> {
  const unzipping = new Unzipping(reader);
  for (let next = await unzipping.nextFile(); next !== undefined; next = await unzipping.nextFile()) {
    if (!next.name.endsWith('/')) yield { name: next.name, bytes: unzipping.bytesOf(next) };
    await unzipping.pass(next);
  }
}

/** A file that is being read. */
interface Opened {
  readonly name: string;
  readonly chunks: Uint8Array[];
  given: number;
  failure: Error | undefined;
  /** All of it was given out by the library. */
  isDone: boolean;
  /** Its failure was told. */
  isTold: boolean;
}

class Unzipping {
  private readonly reader: ByteReader;
  private readonly library: Unzip;
  private readonly files: Opened[] = [];
  private last: Opened | undefined;
  private readonly marks = new Marks();
  private hasEnded = false;

  constructor(reader: ByteReader) {
    this.reader = reader;
    this.library = new Unzip((file) => this.open(file));
    this.library.register(UnzipInflate);
  }

  async nextFile(): Promise<Opened | undefined> {
    while (this.files.length === 0 && (await this.step()));
    const next = this.files.shift();
    if (next !== undefined || (this.last?.isTold === true && !this.last.isDone)) return next;
    if (!this.marks.hasEnd) throw this.damage('it ends before the list of its files');
    return undefined;
  }

  async *bytesOf(file: Opened): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      for (const chunk of file.chunks.splice(0)) {
        file.given += chunk.length;
        yield chunk;
      }
      if (file.failure !== undefined || file.isDone) break;
      if (!(await this.step())) break;
    }
    if (file.isDone && file.failure === undefined) return;
    file.isTold = true;
    const reason = file.failure?.message ?? 'the archive ends inside of the file';
    throw new DamagedInput('zip', file.given, reason);
  }

  /** Moves on behind a file, whether it was read or not. */
  async pass(file: Opened): Promise<void> {
    while (!file.isDone && file.failure === undefined && this.files.length === 0 && (await this.step())) {
      file.chunks.length = 0;
    }
    file.chunks.length = 0;
  }

  /** Gives the library a piece; false where there is none any more. */
  private async step(): Promise<boolean> {
    if (this.hasEnded) return false;
    const piece = await this.reader.take(PIECE);
    this.marks.see(piece);
    this.hasEnded = piece.length === 0;
    try {
      this.library.push(piece, this.hasEnded);
    } catch (error) {
      this.hasEnded = true;
      const { last } = this;
      if (last !== undefined && !last.isDone) last.failure ??= new Error('the archive ends inside of the file');
      else if (piece.length > 0) throw this.damage(error instanceof Error ? error.message : String(error));
    }
    return !this.hasEnded;
  }

  private open(found: UnzipFile): void {
    const { name, compression } = found;
    const isEncrypted = compression === AES || this.marks.isEncrypted(name);
    const failure = isEncrypted ? new Error('it is encrypted') : undefined;
    const file: Opened = { name, chunks: [], given: 0, failure, isDone: false, isTold: false };
    this.files.push(file);
    this.last = file;
    if (compression !== 0 && compression !== UnzipInflate.compression) this.library.register(unread(compression));
    found.ondata = (error, chunk, isLast) => {
      if (error !== null) file.failure ??= new Error(reasonOf(error.message, compression));
      else if (file.failure === undefined && chunk.length > 0) file.chunks.push(chunk);
      if (isLast) file.isDone = true;
    };
    found.start();
  }

  private damage(reason: string): DamagedInput {
    return new DamagedInput('zip', this.reader.taken, reason);
  }
}

/** What a file that is encrypted with AES says its compression is. */
const AES = 99;

function reasonOf(message: string, compression: number): string {
  const isKnown = compression === 0 || compression === UnzipInflate.compression;
  return isKnown ? message : `it is compressed by method ${compression}, which is not read`;
}

/** Passes over a file that is compressed as nobody here can read. */
function unread(method: number): { new (): UnzipDecoder; compression: number } {
  return class implements UnzipDecoder {
    static compression = method;
    ondata: UnzipDecoder['ondata'] = () => {};

    push(_: Uint8Array, isLast: boolean): void {
      this.ondata(Object.assign(new Error('not read'), { code: 14 as const }), new Uint8Array(0), isLast);
    }
  };
}

/** A file's header (APPNOTE.TXT, 4.3.7), and where its flags, the length of its name and its name are. */
const FILE = Buffer.from('PK\x03\x04', 'latin1');
const [FLAGS, NAME_LENGTH, NAME] = [6, 26, 30];
const LONGEST_NAME = 512;

/** What the library does not tell: that an archive's end came by, and which files are encrypted; wherever the bytes are cut. */
class Marks {
  hasEnd = false;
  private readonly encrypted = new Set<string>();
  private tail: Buffer = Buffer.alloc(0);

  see(piece: Buffer): void {
    const all = Buffer.concat([this.tail, piece]);
    if (all.includes(END)) this.hasEnd = true;
    for (let at = all.indexOf(FILE); at !== -1 && at + NAME <= all.length; at = all.indexOf(FILE, at + 1)) {
      const end = at + NAME + all.readUInt16LE(at + NAME_LENGTH);
      if ((all.readUInt16LE(at + FLAGS) & 1) === 1) this.encrypted.add(all.toString('utf8', at + NAME, end));
    }
    this.tail = all.subarray(-LONGEST_NAME);
  }

  isEncrypted(name: string): boolean {
    return this.encrypted.has(name);
  }
}
