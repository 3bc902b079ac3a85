/** What holds other bytes: a compression, or an archive. */
export type Container = 'gzip' | 'zstd' | 'bzip2' | 'xz' | 'tar' | 'zip' | 'archive';

/** Thrown by a source of bytes that broke off: everything before was given. */
export class DamagedInput extends Error {
  readonly compression: Container;
  /** How many bytes of the content were given. */
  readonly bytes: number;

  constructor(compression: Container, bytes: number, reason: string) {
    super(reason);
    this.name = 'DamagedInput';
    this.compression = compression;
    this.bytes = bytes;
  }
}
