/** Thrown while a piece of an EVTX file is read that cannot be; caught where the next piece begins. */
export class EvtxDamage extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'EvtxDamage';
  }
}

/**
 * What reading one chunk, and one record of it, may cost: in nodes and characters. Templates may name each other and values may be
 * used many times, so 64 KiB made for it could unfold to any size. True chunks take less than a tenth of this.
 */
const CHUNK_BUDGET = 500_000;
const RECORD_BUDGET = 250_000;

export class Budget {
  private chunk: number = CHUNK_BUDGET;
  private record: number = RECORD_BUDGET;

  startRecord(): void {
    this.record = RECORD_BUDGET;
  }

  spend(cost: number): void {
    this.chunk -= cost;
    this.record -= cost;
    if (this.chunk < 0 || this.record < 0) throw new EvtxDamage('unfolds to more than a record or chunk may hold');
  }
}
