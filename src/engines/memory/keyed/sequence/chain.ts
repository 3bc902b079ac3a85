import type { Accumulator, Window, WindowRow } from '../rows/window-row.ts';

/** The latest start of a chain of rows, and the record of its end. */
interface Chain {
  readonly start: bigint;
  readonly end: number;
}

/**
 * The longest chain of rows of different inputs, in the order wanted, whose times do not decrease. Rows of one time may
 * stand in any order, so they are taken together.
 */
export class LongestChain implements Accumulator {
  private readonly inputs: readonly number[];
  /** For each length, then each input that may end such a chain: the two latest starts whose ends differ. */
  private readonly chains: Chain[][][] = [];
  /** The latest rows, all of one time. */
  private latest: WindowRow[] = [];

  constructor(inputs: readonly number[]) {
    this.inputs = inputs;
  }

  add(row: WindowRow): void {
    if (this.latest[0]?.row.at !== row.row.at) this.extend();
    this.latest.push(row);
  }

  /** Chains that begin before the window are told by their start. */
  remove(): void {}

  value(_: Window, from: bigint): number {
    this.extend();
    for (let length = this.chains.length; length > 0; length -= 1) {
      const ends = this.chains[length - 1] ?? [];
      if (ends.some((known) => known?.[0] !== undefined && known[0].start >= from)) return length;
    }
    return 0;
  }

  /** Of all chains with a certain length and last input, the one that started latest fits into a window the longest. */
  private extend(): void {
    const placed = this.latest
      .flatMap((row) => row.inputs.map((input) => ({ row, place: this.inputs.indexOf(input) })))
      .filter(({ place }) => place >= 0)
      .sort((a, b) => a.place - b.place || a.row.order - b.row.order);
    this.latest = [];
    for (const { row, place } of placed) {
      this.offer(0, place, { start: row.row.at, end: row.record });
      for (let length = 0; length < place; length += 1) {
        let best: Chain | undefined;
        for (let before = 0; before < place; before += 1) {
          const chain = this.chains[length]?.[before]?.find((one) => one.end !== row.record);
          if (chain !== undefined && (best === undefined || chain.start > best.start)) best = chain;
        }
        if (best !== undefined) this.offer(length + 1, place, { start: best.start, end: row.record });
      }
    }
  }

  private offer(length: number, place: number, chain: Chain): void {
    const byPlace = this.chains[length] ?? [];
    this.chains[length] = byPlace;
    const known = byPlace[place] ?? [];
    const same = known.find((one) => one.end === chain.end);
    if (same !== undefined && same.start >= chain.start) return;
    const others = known.filter((one) => one !== same);
    byPlace[place] = [...others, chain]
      .sort((a, b) => (a.start > b.start ? -1 : a.start < b.start ? 1 : 0))
      .slice(0, 2);
  }
}
