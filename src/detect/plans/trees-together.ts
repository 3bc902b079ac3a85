import { type OperatorTree, ROOM } from '../../engines/memory/index.ts';

/** Bounds what the operators of all rules remember together, beside records: columns and keys, by `weightOf`. */
export class TreesTogether {
  private readonly most: number;
  private readonly trees: () => Iterable<OperatorTree>;
  /** What came since the trees were weighed is in it, whatever became of it. */
  private atMost = 0;

  constructor(most: number, trees: () => Iterable<OperatorTree>) {
    this.most = most;
    this.trees = trees;
  }

  /** To be called when trees have come to remember so much more, or less. Where it is too much, the one that remembers the most lets go of half. */
  changed(by: number): void {
    this.atMost += by;
    if (this.atMost > this.most) this.lighten();
  }

  private lighten(): void {
    const weights = new Map([...this.trees()].map((tree) => [tree, tree.weigh()]));
    this.atMost = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    while (this.atMost > this.most * (1 - ROOM)) {
      const [heaviest, weight] = [...weights].reduce((most, one) => (one[1] > most[1] ? one : most));
      heaviest.halve();
      const left = heaviest.weigh();
      weights.set(heaviest, left);
      this.atMost += left - weight;
    }
  }
}
