import { DamagedInput } from '../../decode/damaged-input.ts';
import { BOUNDS, isBeyond, tooMuch, type UnfoldingBounds } from './unfolding-bounds.ts';

/** How much came out of an archive, with the archives inside: many small files may be much together. */
export class Unfolded {
  isTooMuch = false;
  private bytes = 0;
  private readonly read: () => number;
  private readonly bounds: UnfoldingBounds;

  /** `read`: how many bytes of the archive itself were read so far. */
  constructor(read: () => number, bounds: UnfoldingBounds = BOUNDS) {
    this.read = read;
    this.bounds = bounds;
  }

  /** The bytes of a file inside. Throws `DamagedInput` where all of them are too many. */
  async *counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    let given = 0;
    for await (const chunk of source) {
      this.bytes += chunk.length;
      given += chunk.length;
      yield chunk;
      if (isBeyond(this.bounds, this.bytes, this.read())) {
        this.isTooMuch = true;
        throw new DamagedInput('archive', given, tooMuch(this.bounds));
      }
    }
  }
}
