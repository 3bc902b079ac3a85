import type { KernelMemory } from './kernel-memory.ts';
import { KEY_ENTRY, SPAN_SIZE, WATCH_CHILDREN } from './layout.ts';

const MAX_NODES = 16_384;
const MAX_KEY = 255;

interface Node {
  readonly id: number;
  readonly key: Uint8Array;
  readonly parent: number;
  readonly children: Map<string, Node>;
  flags: number;
  /** Where the kernel has the key, if it is a long one; 0 before. */
  address: number;
}

/** Where the hash table of keys lies. */
export interface TablePlace {
  readonly at: number;
  readonly entries: number;
}

/** How the kernel is told of its keys. */
export interface KeySetter {
  setKeys(table: number, mask: number, watch: number, descendants: number, spans: number): void;
  hashKey(a: bigint, b: bigint, nodeAndLength: number): number;
}

/** The keys that the kernel looks for: a trie of paths. Nodes are numbered from 1, the root, in the order in which they came. */
export class WatchedKeys {
  private readonly memory: KernelMemory;
  private readonly kernel: KeySetter;
  private readonly nodes: Node[] = [];
  private readonly spans: number;
  private readonly watch: number;
  private readonly below: number;
  private table = 0;
  private tableSize = 0;
  private changed = true;

  constructor(memory: KernelMemory, kernel: KeySetter) {
    this.memory = memory;
    this.kernel = kernel;
    this.spans = memory.reserve((MAX_NODES + 1) * SPAN_SIZE);
    this.watch = memory.reserve(MAX_NODES + 1);
    this.below = memory.reserve(4 * (MAX_NODES + 1));
    this.nodes.push({
      id: 1,
      key: new Uint8Array(),
      parent: 0,
      children: new Map(),
      flags: WATCH_CHILDREN,
      address: 0,
    });
  }

  /** The node of a path; undefined where there is no room for it, or a key is longer than the kernel looks at. */
  nodeOf(path: readonly string[]): number | undefined {
    let [node] = this.nodes;
    for (const step of path) {
      if (node === undefined) return undefined;
      let child = node.children.get(step);
      if (child === undefined) {
        const key = Buffer.from(step, 'utf8');
        // A lone surrogate in a key has no spelling in UTF-8 of its own.
        if (key.length > MAX_KEY || /\p{Surrogate}/u.test(step) || this.nodes.length >= MAX_NODES) return undefined;
        child = { id: this.nodes.length + 1, key, parent: node.id, children: new Map(), flags: 0, address: 0 };
        node.children.set(step, child);
        node.flags |= WATCH_CHILDREN;
        this.nodes.push(child);
        this.changed = true;
      }
      node = child;
    }
    return node?.id;
  }

  /** Watches a node for more; true where that is new. */
  mark(id: number, flags: number): boolean {
    const node = this.nodes[id - 1];
    if (node === undefined || (node.flags & flags) === flags) return false;
    node.flags |= flags;
    this.changed = true;
    return true;
  }

  /** Makes the kernel know what was added. */
  commit(): void {
    if (!this.changed) return;
    this.changed = false;
    this.writeTable();
    const { bytes, words } = this.memory;
    const rooms: (readonly [node: number, descendants: readonly number[]])[] = [];
    for (const node of this.nodes) {
      bytes[this.watch + node.id] = node.flags;
      if (node.id > 1 && node.children.size > 0) rooms.push([node.id, descendantsOf(node)]);
    }
    for (const [id, descendants] of rooms) {
      const known = words[(this.below >> 2) + id] ?? 0;
      if (known !== 0 && words[known >> 2] === descendants.length) continue;
      const at = this.memory.list(descendants);
      this.memory.words[(this.below >> 2) + id] = at;
    }
  }

  /** Where the kernel's knowledge of keys lies that may change: `[address, bytes]`. */
  get regions(): readonly (readonly [number, number])[] {
    return [
      [this.watch, MAX_NODES + 1],
      [this.below, 4 * (MAX_NODES + 1)],
      [this.table, this.tableSize * KEY_ENTRY],
    ];
  }

  get tablePlace(): TablePlace {
    return { at: this.table, entries: this.tableSize };
  }

  /** Uses a table that was copied from another kernel's memory. This kernel then learns no keys of its own. */
  adopt({ at, entries }: TablePlace): void {
    this.table = at;
    this.tableSize = entries;
    this.kernel.setKeys(at, entries - 1, this.watch, this.below, this.spans);
  }

  private writeTable(): void {
    let size = 1024;
    while (size < 4 * this.nodes.length) size *= 2;
    if (size > this.tableSize) {
      this.table = this.memory.reserve(size * KEY_ENTRY);
      this.tableSize = size;
    }
    const { table, tableSize: room, memory, kernel } = this;
    memory.bytes.fill(0, table, table + room * KEY_ENTRY);
    for (const node of this.nodes) {
      if (node.parent === 0) continue;
      const { key } = node;
      if (key.length > 16 && node.address === 0) {
        node.address = memory.reserve(key.length + 16);
        memory.bytes.set(key, node.address);
      }
      const { buffer } = memory.memory;
      const a = word(key, 0);
      const b = key.length < 8 ? 0n : word(key, key.length - 8);
      const nodeAndLength = ((node.parent << 16) | key.length) >>> 0;
      let index = (kernel.hashKey(a, b, nodeAndLength) >>> 0) & (room - 1);
      const view = new DataView(buffer);
      while (view.getUint32(table + index * KEY_ENTRY + 20, true) !== 0) index = (index + 1) & (room - 1);
      const entry = table + index * KEY_ENTRY;
      view.setBigUint64(entry, a, true);
      view.setBigUint64(entry + 8, b, true);
      view.setUint32(entry + 16, nodeAndLength, true);
      view.setUint32(entry + 20, node.id, true);
      view.setUint32(entry + 24, node.address, true);
    }
    kernel.setKeys(table, room - 1, this.watch, this.below, this.spans);
  }
}

function descendantsOf(node: Node): readonly number[] {
  return [...node.children.values()].flatMap((child) => [child.id, ...descendantsOf(child)]);
}

/** Eight bytes from `from`, little end first, zeros after the key's end. */
function word(key: Uint8Array, from: number): bigint {
  const bytes = new Uint8Array(8);
  bytes.set(key.subarray(from, from + 8));
  return new DataView(bytes.buffer).getBigUint64(0, true);
}
