import { crc32 } from 'node:zlib';

/** Writes small event logs for tests, in the format that Windows writes. */
export type Part =
  | string
  | { readonly cdata: string }
  | { readonly char: number }
  | { readonly entity: string }
  | { readonly value: number; readonly optional?: boolean }
  | ElementPart
  | InstancePart;

export interface ElementPart {
  readonly element: string;
  readonly attributes?: Readonly<Record<string, readonly Part[]>>;
  readonly content?: readonly Part[];
}

export interface InstancePart {
  /** Templates with one name are written once in a chunk. */
  readonly template: string;
  readonly parts: readonly Part[];
  readonly values: readonly WrittenValue[];
}

/** A type with its bytes; binary XML (0x21) is written into place, for it names places in the chunk. */
export type WrittenValue = readonly [type: number, content: Buffer | readonly Part[]];

export const text16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
export const u16 = (value: number): Buffer => number(2, (bytes) => bytes.writeUInt16LE(value));
export const u32 = (value: number): Buffer => number(4, (bytes) => bytes.writeUInt32LE(value));
export const u64 = (value: bigint): Buffer => number(8, (bytes) => bytes.writeBigUInt64LE(value));

function number(length: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(length);
  write(bytes);
  return bytes;
}

class ChunkWriter {
  readonly bytes: Buffer = Buffer.alloc(0x10000);
  at = 512;
  private readonly names = new Map<string, number>();
  private readonly templates = new Map<string, number>();

  record(id: number, parts: readonly Part[]): void {
    const start = this.at;
    this.put(Buffer.from([0x2a, 0x2a, 0, 0, 0, 0, 0, 0]));
    this.put(u64(BigInt(id)));
    this.put(u64(133_000_000_000_000_000n));
    this.document(parts);
    const size = this.at + 4 - start;
    this.bytes.writeUInt32LE(size, start + 4);
    this.put(u32(size));
  }

  private put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  private document(parts: readonly Part[]): void {
    this.put(Buffer.from([0x0f, 1, 1, 0]));
    this.parts(parts, true);
    this.put(Buffer.from([0]));
  }

  private name(name: string): void {
    const known = this.names.get(name);
    this.put(u32(known ?? this.at + 4));
    if (known !== undefined) return;
    this.names.set(name, this.at);
    this.put(Buffer.concat([u32(0), u16(0), u16(name.length), text16(name), u16(0)]));
  }

  private parts(parts: readonly Part[], hasDependency: boolean): void {
    for (const part of parts) this.part(part, hasDependency);
  }

  private part(part: Part, hasDependency: boolean): void {
    if (typeof part === 'string') this.put(Buffer.concat([Buffer.from([5, 1]), u16(part.length), text16(part)]));
    else if ('cdata' in part) this.put(Buffer.concat([Buffer.from([7]), u16(part.cdata.length), text16(part.cdata)]));
    else if ('char' in part) this.put(Buffer.concat([Buffer.from([8]), u16(part.char)]));
    else if ('entity' in part) {
      this.put(Buffer.from([9]));
      this.name(part.entity);
    } else if ('value' in part) {
      this.put(Buffer.concat([Buffer.from([part.optional === true ? 0x0e : 0x0d]), u16(part.value), Buffer.from([0])]));
    } else if ('element' in part) this.element(part, hasDependency);
    else this.instance(part);
  }

  private element(part: ElementPart, hasDependency: boolean): void {
    const attributes = Object.entries(part.attributes ?? {});
    this.put(Buffer.from([attributes.length > 0 ? 0x41 : 0x01]));
    if (hasDependency) this.put(u16(0xffff));
    this.put(u32(0));
    this.name(part.element);
    if (attributes.length > 0) this.put(u32(0));
    for (const [index, [name, content]] of attributes.entries()) {
      this.put(Buffer.from([index < attributes.length - 1 ? 0x46 : 0x06]));
      this.name(name);
      this.parts(content, hasDependency);
    }
    if (part.content === undefined) {
      this.put(Buffer.from([3]));
    } else {
      this.put(Buffer.from([2]));
      this.parts(part.content, hasDependency);
      this.put(Buffer.from([4]));
    }
  }

  private instance(part: InstancePart): void {
    this.put(Buffer.from([0x0c, 1, 0, 0, 0, 0]));
    const known = this.templates.get(part.template);
    this.put(u32(known ?? this.at + 4));
    if (known === undefined) {
      this.templates.set(part.template, this.at);
      const start = this.at;
      this.put(Buffer.alloc(24));
      this.document(part.parts);
      this.bytes.writeUInt32LE(this.at - start - 24, start + 20);
    }
    this.put(u32(part.values.length));
    const sizes = this.at;
    for (const [type] of part.values) this.put(Buffer.from([0, 0, type, 0]));
    for (const [index, [, content]] of part.values.entries()) {
      const start = this.at;
      if (Buffer.isBuffer(content)) this.put(content);
      else this.fragment(content as readonly Part[]);
      this.bytes.writeUInt16LE(this.at - start, sizes + 4 * index);
    }
  }

  private fragment(parts: readonly Part[]): void {
    this.put(Buffer.from([0x0f, 1, 1, 0]));
    this.parts(parts, false);
    this.put(Buffer.from([0]));
  }
}

export interface WrittenRecord {
  readonly id: number;
  readonly parts: readonly Part[];
}

/** A chunk of records, with its checksums. */
export function evtxChunk(records: readonly WrittenRecord[]): Buffer {
  const writer = new ChunkWriter();
  for (const { id, parts } of records) writer.record(id, parts);
  const { bytes, at } = writer;
  bytes.write('ElfChnk\0', 'latin1');
  bytes.writeUInt32LE(128, 40);
  bytes.writeUInt32LE(at, 48);
  sealChunk(bytes);
  return bytes;
}

/** Writes the checksums of a chunk that was changed. */
export function sealChunk(chunk: Buffer): void {
  chunk.writeUInt32LE(crc32(chunk.subarray(512, chunk.readUInt32LE(48))), 52);
  chunk.writeUInt32LE(crc32(chunk.subarray(128, 512), crc32(chunk.subarray(0, 120))), 124);
}

/** An event log of chunks. */
export function evtxFile(chunks: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(4096);
  header.write('ElfFile\0', 'latin1');
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(4096, 40);
  header.writeUInt16LE(chunks.length, 42);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return Buffer.concat([header, ...chunks]);
}

/** An event of Windows: the system part with a few values, and the parts behind it. */
export function windowsEvent(id: number, channel: string, data: readonly Part[]): WrittenRecord {
  const system: ElementPart = {
    element: 'System',
    content: [
      {
        element: 'Provider',
        attributes: { Name: ['Microsoft-Windows-Sysmon'], Guid: [{ value: 3, optional: true }] },
      },
      { element: 'EventID', content: [{ value: 0 }] },
      { element: 'Keywords', content: [{ value: 1 }] },
      { element: 'TimeCreated', attributes: { SystemTime: [{ value: 2 }] } },
      { element: 'EventRecordID', content: [{ value: 4 }] },
      { element: 'Correlation', attributes: { ActivityID: [{ value: 3, optional: true }] } },
      { element: 'Channel', content: [channel] },
      { element: 'Computer', content: ['PC-1'] },
    ],
  };
  const event: ElementPart = {
    element: 'Event',
    attributes: { xmlns: ['http://schemas.microsoft.com/win/2004/08/events/event'] },
    content: [system, { value: 5 }],
  };
  return {
    id,
    parts: [
      {
        template: `event of ${channel}`,
        parts: [event],
        values: [
          [0x06, u16(1)],
          [0x15, u64(0x8000000000000000n)],
          [0x11, u64(133_772_376_101_653_249n)],
          [0x00, Buffer.alloc(0)],
          [0x0a, u64(BigInt(id))],
          [0x21, data],
        ],
      },
    ],
  };
}
