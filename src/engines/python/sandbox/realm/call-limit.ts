/** The limit of time of calls into Python. */
export interface CallLimit {
  /** Where the bytes are that the harness shares, once that is known. */
  place(memory: () => Uint8Array, at: number): void;
  /** A call begins, or the next part of its answer. `limit`: in milliseconds. */
  begin(limit: number): void;
  /** 2: Python is to stop what it runs. */
  look(): number;
}

/**
 * Kept by what Python asks between its instructions: whether it is to stop. The harness counts in a byte of Python's memory the calls
 * that have a limit of their own. As the clock of the machine may be set forward, no single step counts for more than half of the
 * limit; the process's parent measures otherwise. Made in the realm: it is handed over as text.
 */
export function callLimit(clock: () => number): CallLimit {
  /** After this long an answer is given in part, so that the parent sees that there is one. */
  const MOST_PART_MS = 50;
  /** How long Python has to follow an interrupt before the next one. */
  const AGAIN_MS = 100;
  let memory = (): Uint8Array => new Uint8Array(3);
  let place = 0;
  let most = Number.POSITIVE_INFINITY;
  let call = 0;
  let spent = 0;
  let last = 0;
  /** When the present part of an answer was begun, and when Python was last interrupted. */
  let begun = 0;
  let interrupted = 0;

  return {
    place: (found, at) => {
      memory = found;
      place = at;
    },
    begin: (limit) => {
      most = limit;
      spent = 0;
      last = clock();
      begun = last;
      memory()[place + 1] = 0;
    },
    look: () => {
      const time = clock();
      const bytes = memory();
      const current = bytes[place] ?? 0;
      if (current !== call) {
        call = current;
        spent = 0;
        interrupted = 0;
      }
      spent += Math.min(Math.max(0, time - last), most / 2);
      last = time;
      if (time - begun > MOST_PART_MS) bytes[place + 1] = 1;
      if (spent < most || Math.abs(time - interrupted) < AGAIN_MS) return 0;
      interrupted = time;
      bytes[place + 2] = 1;
      return 2;
    },
  };
}
