export type Severity = 'error' | 'warning' | 'info';

/** One row of the catalogue: what a code means. `P` are the parameters a diagnostic of this code carries. */
export interface Entry<P> {
  readonly severity: Severity;
  readonly message: (params: P) => string;
  /** What the user can do; an empty string is no hint. */
  readonly hint?: (params: P) => string;
}

/** The rows of one area: an interface of code to parameters, made into code to row. */
export type Entries<T> = { readonly [C in keyof T]: Entry<T[C]> };

export function error<P>(message: (params: P) => string, hint?: (params: P) => string): Entry<P> {
  return { severity: 'error', message, ...(hint && { hint }) };
}

export function warning<P>(message: (params: P) => string, hint?: (params: P) => string): Entry<P> {
  return { severity: 'warning', message, ...(hint && { hint }) };
}

/** A remark: worth knowing, and nothing that need be mended. */
export function info<P>(message: (params: P) => string, hint?: (params: P) => string): Entry<P> {
  return { severity: 'info', message, ...(hint && { hint }) };
}

/** `did you mean …?`, or nothing when there is no near name. */
export function didYouMeanHint(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `did you mean ${names.map((name) => `\`${name}\``).join(' or ')}?`;
}
