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
    for (let at = 0; at < text.length; ) {
      const from = endOfNuls(text, at);
      this.pending += from - at;
      const next = text.indexOf('\0', from);
      at = next === -1 ? text.length : next;
      if (at > from) given.push(this.take(), text.slice(from, at));
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

/** A loop, as patterns are run on a stack that millions of NULs would fill. */
function endOfNuls(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) === 0) at += 1;
  return at;
}

/** Where the line that goes on at `at` ends: before its line feed or a block of NULs; -1 where neither came yet. */
export function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  const block = text.indexOf(NUL_BLOCK, at);
  if (block === -1) return feed;
  return feed === -1 ? block : Math.min(feed, block);
}
