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
      if (failure !== undefined) return Promise.resolve();
      return new Promise((resolve) => {
        // A write that meets damage is never called back.
        const onError = (): void => resolve();
        stream.once('error', onError);
        stream.write(piece, (error) => {
          stream.off('error', onError);
          failure ??= error ?? undefined;
          resolve();
        });
      });
    },
    async end() {
      if (failure !== undefined) return;
      stream.end();
      await ended;
    },
    drain() {
      const taken = output;
      output = [];
      return taken;
    },
    failure: () => failure,
    close() {
      stream.destroy();
    },
  };
}
