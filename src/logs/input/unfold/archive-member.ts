/** A file in an archive. Its bytes are to be read before the next member is asked for. */
export interface ArchiveMember {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}
