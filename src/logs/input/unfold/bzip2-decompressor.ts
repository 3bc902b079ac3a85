import unbzip2 from 'unbzip2-stream';
import type { Decompressor } from './decompressor.ts';

/** bzip2, block by block: one that is cut, or whose checksum is wrong, gives nothing. Streams behind each other are one. */
export function bzip2Decompressor(): Decompressor {
  const stream = unbzip2();
  let output: Uint8Array[] = [];
  let failure: Error | undefined;
  stream.on('data', (block: Uint8Array) => output.push(block));
  stream.on('error', (error: unknown) => {
    failure ??= new Error(reasonOf(error));
  });
  return {
    parts: (piece) => [piece],
    write(piece) {
      // It keeps what it is given.
      if (failure === undefined) stream.write(Buffer.from(piece));
      return Promise.resolve(failure);
    },
    end() {
      if (failure === undefined) stream.end();
      return Promise.resolve(failure);
    },
    drain() {
      const taken = output;
      output = [];
      return taken;
    },
    close() {},
  };
}

/** Some of the library's messages say nothing. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/ended prematurely|Unexpected/i.test(message) || error instanceof TypeError) return 'it ends inside of a block';
  return /crc32|magic number|not valid|obsolete/i.test(message) ? message : 'a block is damaged';
}
