const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/** What the next bytes of a zstd stream are. */
type Part =
  | 'magic'
  | 'skippable-size'
  | 'descriptor'
  | 'window'
  | 'dictionary'
  | 'content-size'
  | 'block-header'
  | 'block'
  | 'checksum'
  | 'unknown';

/** What a frame may ask to be held of what it unfolds to, in bytes: the default of zstd itself, which `--long` goes beyond. */
const WIDEST = 2 ** 27;

/** A block unfolds to 128 KiB at most. */
const MOST_BLOCKS = 64;

/**
 * Finds where the frames of a zstd stream end (RFC 8878, section 3), without unfolding them. After something that is no frame
 * the rest is one part: it is the decompressor's to complain.
 */
export class ZstdFrames {
  private part: Part = 'magic';
  /** Bytes of the part that are still to come, and the number that those of a short part spell, little-endian. */
  private missing = 4;
  private read = 0;
  private value = 0;
  private descriptor = 0;
  /** Whether a frame was met whose window is too wide: nothing is given out from there on. */
  isTooWide = false;
  private isLastBlock = false;
  /** Since the last cut. */
  private blocks = 0;

  /** Cuts a piece of the stream behind the end of each frame, and so that no part unfolds to much: a block may be four bytes. */
  *split(piece: Uint8Array): Generator<Uint8Array, void, void> {
    let start = 0;
    let at = 0;
    while (at < piece.length) {
      if (this.isTooWide) return;
      if (this.isLost) break;
      if (this.part === 'block' || this.part === 'dictionary' || this.part === 'checksum') {
        const taken = Math.min(this.missing, piece.length - at);
        this.missing -= taken;
        at += taken;
      } else {
        this.value += (piece[at] ?? 0) * 256 ** this.read;
        this.read += 1;
        this.missing -= 1;
        at += 1;
      }
      while (this.missing === 0 && !this.isLost) this.finishPart();
      if ((this.part === 'magic' && this.missing === 4) || this.blocks === MOST_BLOCKS) {
        this.blocks = 0;
        yield piece.subarray(start, at);
        start = at;
      }
    }
    if (start < piece.length && !this.isTooWide) yield piece.subarray(start);
  }

  private get hasChecksum(): boolean {
    return (this.descriptor & 0x04) !== 0;
  }

  private get isLost(): boolean {
    return this.part === 'unknown';
  }

  private expect(part: Part, length: number): void {
    this.part = part;
    this.missing = length;
    this.read = 0;
    this.value = 0;
  }

  private finishPart(): void {
    const { value } = this;
    switch (this.part) {
      case 'magic':
        if (value === FRAME) this.expect('descriptor', 1);
        else if (value - (value % 16) === SKIPPABLE) this.expect('skippable-size', 4);
        else this.expect('unknown', 0);
        break;
      case 'skippable-size':
        this.descriptor = 0;
        this.isLastBlock = true;
        this.expect('block', value);
        break;
      case 'descriptor':
        this.descriptor = value;
        this.expect('window', isSingleSegment(value) ? 0 : 1);
        break;
      case 'window': {
        const base = 2 ** (10 + (value >> 3));
        if (!isSingleSegment(this.descriptor)) this.isTooWide ||= base + (base / 8) * (value & 7) > WIDEST;
        this.expect('dictionary', [0, 1, 2, 4][this.descriptor & 3] ?? 0);
        break;
      }
      case 'dictionary':
        this.expect('content-size', contentSizeLength(this.descriptor));
        break;
      case 'content-size':
        // A single segment is held whole.
        this.isTooWide ||= isSingleSegment(this.descriptor) && value > WIDEST;
        this.expect('block-header', 3);
        break;
      case 'block-header': {
        this.isLastBlock = (value & 1) === 1;
        const type = (value >> 1) & 3;
        // A run-length block is one byte, however long it unfolds; type 3 is reserved.
        if (type === 3) this.expect('unknown', 0);
        else this.expect('block', type === 1 ? 1 : value >> 3);
        break;
      }
      case 'block':
        this.blocks += 1;
        if (!this.isLastBlock) this.expect('block-header', 3);
        else if (this.hasChecksum) this.expect('checksum', 4);
        else this.expect('magic', 4);
        break;
      case 'checksum':
        this.expect('magic', 4);
        break;
      case 'unknown':
        break;
    }
  }
}

function isSingleSegment(descriptor: number): boolean {
  return (descriptor & 0x20) !== 0;
}

/** Bytes that say how much a frame unfolds to. */
function contentSizeLength(descriptor: number): number {
  return [isSingleSegment(descriptor) ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
}
