import type { Subject } from './target.ts';

/** What is wrong with an input. */
export interface Failure {
  readonly kind: 'thrown' | 'slow';
  readonly message: string;
  /** The same for inputs that fail in the same way. */
  readonly signature: string;
}

const LONGEST_MESSAGE = 1_500;

/**
 * Runs an input. An input that takes too long is tried again: the machine may have been busy. What waits for nobody takes as
 * long as this process works on it: on a busy machine that is less than what passes.
 */
export async function tryInput(subject: Subject, input: Buffer, mostMs: number): Promise<Failure | undefined> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3; tries += 1) {
    const began = performance.now();
    const used = process.cpuUsage();
    let waits = false;
    try {
      const running = subject.run(input);
      waits = running !== undefined;
      if (waits) await running;
    } catch (thrown) {
      return failureOf(thrown);
    }
    const took = performance.now() - began;
    least = Math.min(least, waits ? took : Math.min(took, workedMs(used)));
    if (least <= mostMs) return undefined;
  }
  return { kind: 'slow', message: `it takes ${Math.round(least)} ms, more than ${mostMs}`, signature: 'slow' };
}

/** How long this process has worked since, in milliseconds. */
export function workedMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

function failureOf(thrown: unknown): Failure {
  const error = thrown instanceof Error ? thrown : new Error(`thrown: ${String(thrown)}`);
  const message = `${error.name}: ${error.message}`.slice(0, LONGEST_MESSAGE);
  return { kind: 'thrown', message, signature: `${error.name} ${placeOf(error)} ${kindOf(error.message)}` };
}

/** Where in our code an error comes from; what overflows the stack does so anywhere. */
function placeOf(error: Error): string {
  if (error instanceof RangeError && error.message.includes('call stack')) return 'overflow';
  const frame = (error.stack ?? '').split('\n').find((line) => /\/(?:src|fuzz)\//.test(line));
  return frame?.replace(/^.*\/((?:src|fuzz)\/)/, '$1').replace(/\)$/, '') ?? '';
}

/** The first words of a message, without what an input puts in it. */
function kindOf(message: string): string {
  return (
    message
      .split('\n', 1)[0]
      ?.split(/[:"'`{[]|\d/, 1)[0]
      ?.slice(0, 80) ?? ''
  );
}
