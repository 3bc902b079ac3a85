import type { Report } from './run-set.ts';

/** What is written of a set. */
export interface SetScores {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why there are no cases, where the tree has none of the set. */
  readonly absent?: string;
  readonly cases: readonly CaseScore[];
}

interface CaseScore {
  readonly id: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Of a skipped case it begins with the kind of reason: `unsupported: …`. */
  readonly reason?: string;
}

export function scoresOf(report: Report): SetScores {
  const cases = report.results.map(({ id, outcome }): CaseScore => {
    const reason = outcome.status === 'skipped' ? `${outcome.kind}: ${outcome.reason}` : outcome.reason;
    return { id, status: outcome.status, ...(reason !== undefined && { reason }) };
  });
  const count = (status: CaseScore['status']): number => cases.filter((one) => one.status === status).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    ...(report.absent !== undefined && { absent: report.absent }),
    cases,
  };
}
