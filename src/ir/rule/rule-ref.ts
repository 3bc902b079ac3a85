export type RuleFormat = 'elastic' | 'panther' | 'sigma' | 'sentinel' | 'defender' | 'kusto';

/** A rule, as plans refer to it. */
export interface RuleRef {
  readonly format: RuleFormat;
  readonly id: string;
  /** Which of the rules of that id, where it was found by more than the id. */
  readonly at?: { readonly file: string; readonly start: number };
}

interface Referable {
  readonly format: RuleFormat;
  readonly id: string;
  readonly file: string;
  readonly span: { readonly start: number };
}

/** A reference to this rule and to no other, also where several have its id. */
export function refTo({ format, id, file, span }: Referable): RuleRef {
  return { format, id, at: { file, start: span.start } };
}

/** Whether a reference means a rule. */
export function isMeant({ format, id, at }: RuleRef, rule: Referable): boolean {
  if (format !== rule.format || id !== rule.id) return false;
  return at === undefined || (at.file === rule.file && at.start === rule.span.start);
}
