/** So many NULs in a row are a block: what a crash, or a rotation that truncates the file in place, leaves of text. */
const LEAST = 4;

/** What a block of any length becomes. A text of one has no other meaning: fewer NULs stand as they came. */
export const NUL_BLOCK: string = '\0'.repeat(LEAST);

/** Makes each block of NULs one mark, however long it is and wherever the text is cut. */
export class NulBlocks {
  /** NULs at the end of what came, which may go on. */
  private pending = 0;

  /** Whether the text ends in NULs that were not given yet. */
  get holds(): boolean {
    return this.pending > 0;
  }

  /** `isEnd`: nothing comes behind this piece. */
  squeeze(text: string, isEnd: boolean): string {
    if (this.pending === 0 && !text.includes('\0')) return text;
    const given: string[] = [];
    for (const run of text.match(/\0+|[^\0]+/g) ?? []) {
      if (run.startsWith('\0')) this.pending += run.length;
      else given.push(this.take(), run);
    }
    if (isEnd) given.push(this.take());
    return given.join('');
  }

  private take(): string {
    const count = this.pending;
    this.pending = 0;
    return '\0'.repeat(Math.min(count, LEAST));
  }
}

/** Where the line that goes on at `at` ends: before its line feed or a block of NULs; -1 where neither came yet. */
export function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  const block = text.indexOf(NUL_BLOCK, at);
  if (block === -1) return feed;
  return feed === -1 ? block : Math.min(feed, block);
}
