import type { Gunzip } from 'node:zlib';
import type { Decompressor } from './decompressor.ts';

/** A stream of Node's own as a decompressor. */
export function nativeDecompressor(stream: Gunzip): Decompressor {
  let output: Uint8Array[] = [];
  let failure: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    stream.once('end', resolve);
    stream.once('error', () => resolve());
    stream.once('close', resolve);
  });
  stream.on('data', (chunk: Uint8Array) => output.push(chunk));
  stream.on('error', (error: Error) => {
    failure ??= error;
  });
  return {
    parts: (piece) => [piece],
    write(piece) {
      if (failure !== undefined) return Promise.resolve(failure);
      return new Promise((resolve) => {
        // A write that meets damage is never called back.
        const onError = (error: Error): void => resolve(error);
        stream.once('error', onError);
        stream.write(piece, (error) => {
          stream.off('error', onError);
          resolve(error ?? failure);
        });
      });
    },
    async end() {
      if (failure === undefined) {
        stream.end();
        await ended;
      }
      return failure;
    },
    drain() {
      const taken = output;
      output = [];
      return taken;
    },
    close() {
      stream.destroy();
    },
  };
}
