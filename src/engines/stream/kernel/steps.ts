/** Work that is done a step at a time, so that no chunk of lines waits for all of it. */
export type Steps<T> = Generator<undefined, T>;

/** All that is left of the work, at once. */
export function finish<T>(work: Steps<T>): T {
  while (true) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
