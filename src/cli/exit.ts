/** What the exit code of every command means. */
export const exit = {
  /** Done, nothing found wrong. */
  done: 0,
  /** Findings: lint errors, failed tests, invalid rules. */
  findings: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** What was to be read cannot be, or an engine failed. */
  input: 3,
  /** Interrupted on the way (SIGINT, SIGTERM); what was found until then was printed. */
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

/** A command line that cannot be obeyed, with what to do instead. */
export class UsageError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Something the command needs cannot be read. */
export class InputError extends Error {}
