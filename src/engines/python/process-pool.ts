/** What holds one process at a time. */
export interface ProcessOwner {
  /** Whether its process is alive. */
  readonly alive: boolean;
  /** Ends its process, to make room for another one's. */
  release(): Promise<void>;
}

/**
 * Lets at most so many owners have a process at once. An owner uses its process in `use`; between two uses it may be asked to
 * give it up, the one first that has not used it for the longest time.
 */
export class ProcessPool {
  private readonly most: number;
  /** Those that have, or are about to start, a process; the latest used last. */
  private readonly seated = new Set<ProcessOwner>();
  private readonly busy = new Set<ProcessOwner>();
  private readonly waiting: (() => void)[] = [];

  constructor(most: number) {
    this.most = most;
  }

  /** Not for an owner that is in another use. */
  async use<T>(owner: ProcessOwner, work: () => Promise<T>): Promise<T> {
    await this.seat(owner);
    try {
      return await work();
    } finally {
      this.busy.delete(owner);
      if (!owner.alive) this.seated.delete(owner);
      for (const wake of this.waiting.splice(0)) wake();
    }
  }

  private async seat(owner: ProcessOwner): Promise<void> {
    this.busy.add(owner);
    while (!this.seated.has(owner) && this.seated.size >= this.most) {
      const idle = [...this.seated].find((each) => !this.busy.has(each));
      if (idle === undefined) await new Promise<void>((resolve) => this.waiting.push(resolve));
      else {
        this.seated.delete(idle);
        await idle.release();
      }
    }
    // Put last.
    this.seated.delete(owner);
    this.seated.add(owner);
  }
}
