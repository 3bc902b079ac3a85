/** Thrown while a piece of an EVTX file is read that cannot be; caught where the next piece begins. */
export class EvtxDamage extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'EvtxDamage';
  }
}

/**
 * What reading one chunk may cost, in nodes and characters. Templates may name each other and values may be used many times,
 * so 64 KiB made for it could unfold to any size; true chunks take less than a tenth of this.
 */
const CHUNK_BUDGET = 2_000_000;

export class Budget {
  private left: number = CHUNK_BUDGET;

  spend(cost: number): void {
    this.left -= cost;
    if (this.left < 0) throw new EvtxDamage('unfolds to more than a chunk may hold');
  }
}
