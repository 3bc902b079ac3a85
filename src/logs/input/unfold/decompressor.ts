/** What takes compressed pieces and gives what each unfolds to. */
export interface Decompressor {
  /** A piece in parts that unfold to some megabytes each at most. */
  parts(piece: Uint8Array): Iterable<Uint8Array>;
  /** Resolves with an error where the data is damaged; `drain` then still has what came before. */
  write(piece: Uint8Array): Promise<Error | undefined>;
  end(): Promise<Error | undefined>;
  drain(): readonly Uint8Array[];
  close(): void;
}
