import type { WasmMemory } from './web-assembly.ts';

const PAGE = 65_536;

/** The kernel's memory: room is handed out and never taken back; addresses are bytes, aligned to 16. */
export class KernelMemory {
  readonly memory: WasmMemory;
  private next: number;

  /** Nothing is handed out below `from`. */
  constructor(memory: WasmMemory, from: number) {
    this.memory = memory;
    this.next = align(from);
  }

  /** Zeroed room for so many bytes. Throws `RangeError` where memory ends. */
  reserve(bytes: number): number {
    const at = this.next;
    this.next = align(at + bytes);
    const missing = this.next + PAGE - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  /** Bytes handed out, those before the first included. */
  get size(): number {
    return this.next;
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  get words(): Uint32Array {
    return new Uint32Array(this.memory.buffer);
  }

  /** A list `{ n, item … }` of words. */
  list(items: readonly number[]): number {
    const at = this.reserve(4 + 4 * items.length);
    const { words } = this;
    words[at >> 2] = items.length;
    words.set(items, (at >> 2) + 1);
    return at;
  }
}

function align(at: number): number {
  return (at + 15) & ~15;
}
