/** A key, and the moment (in ticks) at which it is to be looked at. */
export interface Due {
  readonly at: bigint;
  readonly key: string;
}

/** How many leave the front of the line before the array is made anew. */
const COMPACT = 1_024;

/**
 * Keys by their moments, earliest first, those of one moment by their texts. Nearly all come in the order of their moments, and stand
 * in a line; the others are in a heap.
 */
export class TimeQueue {
  private line: Due[] = [];
  /** The place of the first of the line. */
  private head = 0;
  private readonly heap: Due[] = [];

  get first(): Due | undefined {
    const [next, other] = [this.line[this.head], this.heap[0]];
    return next === undefined || (other !== undefined && isBefore(other, next)) ? other : next;
  }

  add(due: Due): void {
    const last = this.head < this.line.length ? this.line.at(-1) : undefined;
    if (last === undefined || !isBefore(due, last)) this.line.push(due);
    else this.toHeap(due);
  }

  /** Takes away the first. */
  shift(): void {
    if (this.first === this.line[this.head]) this.fromLine();
    else this.fromHeap();
  }

  private fromLine(): void {
    this.head += 1;
    if (this.head < COMPACT || this.head * 2 < this.line.length) return;
    this.line = this.line.slice(this.head);
    this.head = 0;
  }

  private toHeap(due: Due): void {
    let place = this.heap.push(due) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.swapIfBefore(place, above)) break;
      place = above;
    }
  }

  private fromHeap(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    let place = 0;
    for (;;) {
      const [left, right] = [this.heap[2 * place + 1], this.heap[2 * place + 2]];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const next = 2 * place + (isRight ? 2 : 1);
      if (!this.swapIfBefore(next, place)) break;
      place = next;
    }
  }

  private swapIfBefore(a: number, b: number): boolean {
    const [one, other] = [this.heap[a], this.heap[b]];
    if (one === undefined || other === undefined || !isBefore(one, other)) return false;
    this.heap[a] = other;
    this.heap[b] = one;
    return true;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.key < b.key);
}
