/** Beyond so many bytes of content, what unfolds to more than so many times its size is no log: gzip reaches 1,032, zstd 30,000. */
export interface UnfoldingBounds {
  readonly bytes: number;
  readonly ratio: number;
}

export const BOUNDS: UnfoldingBounds = { bytes: 1024 ** 3, ratio: 500 };

/** Whether so many bytes are too much for what they came out of. */
export function isBeyond({ bytes, ratio }: UnfoldingBounds, given: number, read: number): boolean {
  return given > bytes && given > ratio * read;
}

export function tooMuch({ ratio }: UnfoldingBounds): string {
  return `it unfolds to more than ${ratio} times its size, as no log does; the rest is not read`;
}
