import type { WasmMemory } from './web-assembly.ts';

const PAGE = 65_536;

/** The kernel's memory: room is handed out and never taken back; addresses are bytes, aligned to 16. */
export class KernelMemory {
  readonly memory: WasmMemory;
  private next: number;
  private views: { readonly bytes: Uint8Array; readonly words: Uint32Array };

  /** Nothing is handed out below `from`. */
  constructor(memory: WasmMemory, from: number) {
    this.memory = memory;
    this.next = align(from);
    this.views = viewsOf(memory.buffer);
  }

  /** Zeroed room for so many bytes. Throws `RangeError` where memory ends. */
  reserve(bytes: number): number {
    const at = this.next;
    this.next = align(at + bytes);
    const missing = this.next + PAGE - this.memory.buffer.byteLength;
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / PAGE));
      this.views = viewsOf(this.memory.buffer);
    }
    return at;
  }

  /** As if all below an address had been handed out. */
  reserveUpTo(end: number): void {
    if (end > this.next) this.reserve(end - this.next);
  }

  /** Bytes handed out, those before the first included. */
  get size(): number {
    return this.next;
  }

  get bytes(): Uint8Array {
    return this.views.bytes;
  }

  get words(): Uint32Array {
    return this.views.words;
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

function viewsOf(buffer: ArrayBuffer): { bytes: Uint8Array; words: Uint32Array } {
  return { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer) };
}

function align(at: number): number {
  return (at + 15) & ~15;
}
