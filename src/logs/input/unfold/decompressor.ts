/** What takes compressed pieces and gives what each unfolds to. */
export interface Decompressor {
  /** A piece in parts that unfold to some megabytes each at most. */
  parts(piece: Uint8Array): Iterable<Uint8Array>;
  /** Takes a piece. What it unfolds to is to be drained before the next one. */
  write(piece: Uint8Array): Promise<void>;
  end(): Promise<void>;
  /** What is there, and not yet given; it may be unfolded as it is asked for. */
  drain(): Iterable<Uint8Array>;
  /** What is wrong with the data, known once everything before it was drained. */
  failure(): Error | undefined;
  close(): void;
}
