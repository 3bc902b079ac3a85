import { type Codes, catalogue, type DiagnosticCode } from './codes/catalogue.ts';
import type { Entry, Severity } from './codes/entry.ts';
import type { Span } from './span.ts';

/** A place that a diagnostic speaks of. Exactly one label of a diagnostic that has any is primary. */
export interface Label {
  readonly span: Span;
  readonly text: string;
  readonly primary: boolean;
}

/** An edit that mends what a diagnostic found. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly labels: readonly Label[];
  readonly hints: readonly string[];
  readonly fixes: readonly Fix[];
  readonly params: Readonly<Record<string, unknown>>;
}

interface Extra {
  /** Text under the caret. */
  readonly label?: string;
  readonly context?: readonly { readonly span: Span; readonly text: string }[];
  readonly hints?: readonly string[];
  readonly fixes?: readonly Fix[];
}

/** Makes a diagnostic of the catalogue. The code decides severity, message and hint, and which parameters it needs. */
export function diagnostic<C extends DiagnosticCode>(
  code: C,
  params: Codes[C],
  span?: Span,
  extra: Extra = {},
): Diagnostic {
  const entry: Entry<Codes[C]> = catalogue[code];
  const labels: Label[] = [];
  if (span !== undefined) labels.push({ span, text: extra.label ?? '', primary: true });
  for (const place of extra.context ?? []) labels.push({ ...place, primary: false });
  const hint = entry.hint?.(params);
  return {
    code,
    severity: entry.severity,
    message: entry.message(params),
    labels,
    hints: [...(hint ? [hint] : []), ...(extra.hints ?? [])],
    fixes: extra.fixes ?? [],
    params: { ...params },
  };
}

/** The place a diagnostic is about, when it has one. */
export function primarySpan(found: Diagnostic): Span | undefined {
  return found.labels.find((label) => label.primary)?.span;
}
