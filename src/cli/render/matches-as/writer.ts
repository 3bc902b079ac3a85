import type { Match } from '../../../index.ts';

/** Writes matches in one form, as they come. */
export interface MatchWriter {
  /** What a match adds to the output. */
  match(match: Match): string;
  /** What closes the output; of an empty one all of it. `matches`: how many each rule has. */
  end(matches: ReadonlyMap<Match['rule'], number>): string;
  /** Matches that the form has no place for, and why, in words. */
  leftOut?(): string | undefined;
}
