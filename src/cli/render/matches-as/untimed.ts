import { count } from '../table.ts';

/** Counts the matches without a time, where a form must have one. */
export class Untimed {
  private readonly form: string;
  private matches = 0;

  constructor(form: string) {
    this.form = form;
  }

  leave(): '' {
    this.matches += 1;
    return '';
  }

  inWords(): string | undefined {
    if (this.matches === 0) return undefined;
    return `${this.form} has no place for ${count(this.matches, 'match', 'matches')} without a time: left out`;
  }
}
