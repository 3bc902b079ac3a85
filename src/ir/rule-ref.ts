export type RuleFormat = 'elastic' | 'panther' | 'sigma' | 'sentinel' | 'defender' | 'kusto';

/** A rule, as plans refer to it. */
export interface RuleRef {
  readonly format: RuleFormat;
  readonly id: string;
  /** Which of the rules of that id, where it was found by more than the id. */
  readonly at?: { readonly file: string; readonly start: number };
}
