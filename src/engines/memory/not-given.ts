/** A plan reads rows that only the user has, and they were not given. */
export class NotGiven extends Error {
  /** `what`: what holds the rows, as the user names it. `how`: what to do to give them. */
  constructor(what: string, how: string) {
    super(`${what} is not given: ${how}`);
    this.name = 'NotGiven';
  }
}
