/** Thrown by a source of bytes that broke off: everything before was given. */
export class DamagedInput extends Error {
  readonly compression: 'gzip' | 'zstd' | 'tar';
  /** How many bytes of the content were given. */
  readonly bytes: number;

  constructor(compression: 'gzip' | 'zstd' | 'tar', bytes: number, reason: string) {
    super(reason);
    this.name = 'DamagedInput';
    this.compression = compression;
    this.bytes = bytes;
  }
}
