/** How the bytes of a file, or of a member of an archive, are compressed. */
export type Compression = 'gzip' | 'zstd' | 'bzip2' | 'xz';

/** So many bytes at the beginning say how what follows is compressed. */
export const COMPRESSION_HEAD = 6;

/** Recognised by the first bytes, whatever the file is called; undefined for what is not compressed. A zstd stream may begin with a skippable frame. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  const [a, b, c, d, e, f] = head;
  if (a === 0x1f && b === 0x8b && (c === 8 || c === undefined)) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  if (a !== undefined && (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd';
  // `BZh` and the size of blocks, then the mark of a block or of the end.
  const isBlock = (e === 0x31 && f === 0x41) || (e === 0x17 && f === 0x72) || e === undefined;
  if (a === 0x42 && b === 0x5a && c === 0x68 && d !== undefined && d >= 0x31 && d <= 0x39 && isBlock) return 'bzip2';
  if (a === 0xfd && b === 0x37 && c === 0x7a && d === 0x58 && e === 0x5a && f === 0) return 'xz';
  return undefined;
}
