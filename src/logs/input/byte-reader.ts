/** Takes bytes off a source, as many as are asked for. */
export class ByteReader {
  /** Bytes taken so far. */
  taken = 0;
  /** Whether the source ended, or broke off. */
  hasEnded = false;
  private readonly source: AsyncIterator<Uint8Array>;
  private held: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** So many bytes; fewer where the source ends before. */
  async take(count: number): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.stream(count)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** The same as they come. */
  async *stream(count: number): AsyncGenerator<Uint8Array, void, void> {
    for (let left = count; left > 0; ) {
      if (this.held.length === 0) this.held = await this.next();
      if (this.held.length === 0) return;
      const chunk = this.held.subarray(0, left);
      this.held = this.held.subarray(chunk.length);
      this.taken += chunk.length;
      left -= chunk.length;
      yield chunk;
    }
  }

  /** All that is left. */
  async *rest(): AsyncGenerator<Uint8Array, void, void> {
    yield* this.stream(Number.POSITIVE_INFINITY);
  }

  /** The first bytes of what comes next, which stay. */
  async peek(count: number): Promise<Uint8Array> {
    while (this.held.length < count) {
      const next = await this.next();
      if (next.length === 0) break;
      this.held = this.held.length === 0 ? next : Buffer.concat([this.held, next]);
    }
    return this.held.subarray(0, count);
  }

  async close(): Promise<void> {
    await this.source.return?.();
  }

  private async next(): Promise<Uint8Array> {
    while (!this.hasEnded) {
      let found: IteratorResult<Uint8Array>;
      try {
        found = await this.source.next();
      } catch (failed) {
        this.hasEnded = true;
        throw failed;
      }
      if (found.done === true) this.hasEnded = true;
      else if (found.value.length > 0) return found.value;
    }
    return new Uint8Array(0);
  }
}
