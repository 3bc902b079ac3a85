/** How many bytes at the beginning say whether they are a zip archive. */
export const ZIP_HEAD = 4;
/** A file's header, and the end of an archive that has none. */
const MARKS: readonly number[] = [0x04034b50, 0x06054b50];

export function isZipHead(head: Uint8Array): boolean {
  return head.length >= ZIP_HEAD && MARKS.includes(Buffer.from(head.buffer, head.byteOffset, ZIP_HEAD).readUInt32LE());
}
