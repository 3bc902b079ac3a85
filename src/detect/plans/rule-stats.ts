/** What one rule has cost in a run. */
export interface RuleStats {
  /** Records that the rule was put forward for: by the index, or because it has to be asked for every record. */
  readonly candidates: number;
  /** Candidates that the index alone could not decide. */
  readonly verified: number;
  /** Records that passed the rule's filter. */
  readonly matched: number;
  /** Time of deciding them, in milliseconds. */
  readonly ms: number;
}
