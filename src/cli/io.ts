import { watchForStuck } from './stuck-watch.ts';

/** What the command line reads from and writes to: the process, or a test. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Calls back at the first request to end (SIGINT, SIGTERM), instead of ending; a second one ends the process, and so does the first
   * while a computation keeps it from being heard, or when it comes at once. Gives what takes that back. Absent where nobody can ask.
   */
  readonly onInterrupt?: (end: (signal: Interrupt) => void) => () => void;
}

export type Interrupt = 'SIGINT' | 'SIGTERM';

export interface Output {
  /** Resolves when more may be written. */
  write(text: string): Promise<void>;
  readonly terminal: boolean;
  readonly columns: number | undefined;
}

/** What is over before this has nothing that a signal need wait for: it ends the process, and no thread is started to watch. */
const QUIET_MS = 500;

/** How wide output is where nobody says. */
export const DEFAULT_COLUMNS = 120;

export function processIo(): Io {
  return {
    stdout: streamOutput(process.stdout),
    stderr: streamOutput(process.stderr),
    env: process.env,
    onInterrupt: (end) => {
      const listeners = (['SIGINT', 'SIGTERM'] as const).map((signal) => {
        const listener = (): void => {
          forget();
          end(signal);
        };
        return { signal, listener };
      });
      const listen = (): void => {
        for (const { signal, listener } of listeners) process.on(signal, listener);
      };
      // Without listeners a signal ends the process as ever, also while it computes.
      const ignore = (): void => {
        for (const { signal, listener } of listeners) process.off(signal, listener);
      };
      let unwatch = (): void => {};
      const starting = setTimeout(() => {
        listen();
        unwatch = watchForStuck(ignore, listen);
      }, QUIET_MS);
      starting.unref();
      const forget = (): void => {
        clearTimeout(starting);
        unwatch();
        ignore();
      };
      return forget;
    },
  };
}

function streamOutput(stream: NodeJS.WriteStream): Output {
  return {
    // A reader that goes away (`| head`) has what it wanted: the rest is not written, and that is no error.
    write: (text) =>
      new Promise((resolve) => {
        const done = (): void => {
          stream.off('drain', done);
          stream.off('close', done);
          resolve();
        };
        if (text === '' || stream.destroyed || stream.write(text)) {
          resolve();
          return;
        }
        stream.on('drain', done);
        stream.on('close', done);
      }),
    terminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY === true ? stream.columns : undefined;
    },
  };
}
