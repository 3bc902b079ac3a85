/** What the command line reads from and writes to: the process, or a test. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Output {
  /** Resolves when more may be written. */
  write(text: string): Promise<void>;
  readonly terminal: boolean;
  readonly columns: number | undefined;
}

/** How wide output is where nobody says. */
export const DEFAULT_COLUMNS = 120;

export function processIo(): Io {
  return { stdout: streamOutput(process.stdout), stderr: streamOutput(process.stderr), env: process.env };
}

function streamOutput(stream: NodeJS.WriteStream): Output {
  return {
    // A reader that goes away (`| head`) has what it wanted: the rest is not written, and that is no error.
    write: (text) =>
      new Promise((resolve) => {
        if (text === '' || stream.destroyed || stream.write(text)) resolve();
        else stream.once('drain', resolve);
      }),
    terminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY === true ? stream.columns : undefined;
    },
  };
}
