/** What DuckDB says of a query that it does not run, or not to its end. */
export class SqlFailure extends Error {
  /** The first word of its message: `Out of Range`, `IO`, `Invalid Input`, … */
  readonly what: string;

  constructor(message: string) {
    super(message);
    this.name = 'SqlFailure';
    this.what = /^([A-Za-z ]+?) Error:/.exec(message)?.[1] ?? '';
  }

  /** Anything else that was thrown stays what it is. */
  static of(failed: unknown): unknown {
    if (!(failed instanceof Error) || failed instanceof SqlFailure) return failed;
    return /^[A-Za-z ]+ Error:/.test(failed.message) ? new SqlFailure(failed.message) : failed;
  }

  /** In one line, without the place in a query that users did not write. */
  get reason(): string {
    return (this.message.split('\n')[0] ?? '').replace(/^[A-Za-z ]+ Error:\s*/, '');
  }

  /** Whether a value did not fit into the width that SQL has for it: the memory engine has no width. */
  get isOverflow(): boolean {
    return this.what === 'Out of Range' || this.what === 'Conversion';
  }
}
