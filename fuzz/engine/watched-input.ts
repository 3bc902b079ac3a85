/** The input that a thread runs, in memory that another thread sees: it is known of what a thread hangs on, or died. */
export class WatchedInput {
  readonly memory: SharedArrayBuffer;
  /** How many inputs were begun, and the length of the last one. */
  private readonly state: Int32Array;
  private readonly bytes: Uint8Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(8 + 1024 ** 2)) {
    this.memory = memory;
    this.state = new Int32Array(memory, 0, 2);
    this.bytes = new Uint8Array(memory, 8);
  }

  begin(input: Buffer): void {
    const length = Math.min(input.length, this.bytes.length);
    this.bytes.set(input.subarray(0, length));
    Atomics.store(this.state, 1, length);
    Atomics.add(this.state, 0, 1);
  }

  /** How many inputs were begun. */
  get begun(): number {
    return Atomics.load(this.state, 0);
  }

  get input(): Buffer {
    return Buffer.from(this.bytes.slice(0, Atomics.load(this.state, 1)));
  }
}
