import { type ExitCode, exit } from './exit.ts';
import type { Interrupt, Io } from './io.ts';

const CODES: Readonly<Record<Interrupt, ExitCode>> = { SIGINT: exit.interrupted, SIGTERM: exit.terminated };

/** What it takes to end early with what was found so far. */
export interface Interruption {
  /** Aborts when the user asks for the end. */
  readonly signal: AbortSignal;
  /** To be called when nothing is read any more; says that it was interrupted, and gives the exit code then. */
  finish(): Promise<ExitCode | undefined>;
}

export function interruption(io: Io): Interruption {
  const controller = new AbortController();
  let asked: Interrupt | undefined;
  const forget = io.onInterrupt?.((signal) => {
    asked = signal;
    controller.abort();
  });
  return {
    signal: controller.signal,
    finish: async () => {
      forget?.();
      if (asked === undefined) return undefined;
      await io.stderr.write(`interrupted (${asked}): not all was read, this is what was found until then\n`);
      return CODES[asked];
    },
  };
}
