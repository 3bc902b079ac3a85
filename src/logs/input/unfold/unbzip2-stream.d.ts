/** Bits of bytes that come in pieces. */
declare module 'unbzip2-stream/lib/bit_iterator.js' {
  function bitReader(next: () => Uint8Array | undefined): bitReader.Bits;
  namespace bitReader {
    interface Bits {
      (count: number | null): number | undefined;
      /** How many bytes were begun. */
      readonly bytesRead: number;
    }
  }
  export default bitReader;
}

/** The format itself, which the package's stream is made of. */
declare module 'unbzip2-stream/lib/bzip2.js' {
  type Bits = (count: number | null) => number | undefined;
  const bzip2: {
    /** Reads what a stream begins with; gives its level, 1 to 9. */
    header(bits: Bits): number;
    /** Reads a block, byte by byte; gives the stream's checksum so far, or null at its end. Throws where it is damaged. */
    decompress(
      bits: Bits,
      take: (byte: number) => void,
      work: Int32Array,
      size: number,
      checksum: number,
    ): number | null;
  };
  export default bzip2;
}
