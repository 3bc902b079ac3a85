import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Failures } from '../engines/memory/index.ts';

/** Elasticsearch records so many failures of an expression. */
const MOST_REASONS = 20;

/** What failed while a query ran, by the texts of its expressions, as Elasticsearch tells it. */
export class EsqlWarnings implements Failures {
  private pending: string[] = [];
  private readonly found = new Map<
    string,
    { readonly text: string; readonly outcome: string; readonly reasons: Set<string> }
  >();

  add(reason: string): void {
    this.pending.push(reason);
  }

  note(text: string, outcome: string): void {
    if (this.pending.length === 0) return;
    const key = `${outcome} ${text}`;
    const known = this.found.get(key) ?? { text, outcome, reasons: new Set<string>() };
    this.found.set(key, known);
    for (const reason of this.pending) if (known.reasons.size < MOST_REASONS) known.reasons.add(reason);
    this.pending = [];
  }

  diagnostics(): readonly Diagnostic[] {
    return [...this.found.values()].flatMap(({ text, outcome, reasons }) => [
      diagnostic('esql/evaluation', { text, outcome }),
      ...[...reasons].map((reason) => diagnostic('esql/evaluation-reason', { text: reason })),
    ]);
  }
}
