import { test } from 'vitest';
import { type ConformanceSet, DISPUTED_IN_VAIN } from './case.ts';
import { type Report, runSet } from './run-set.ts';
import { type SetScores, scoresOf } from './scores.ts';
import { corpora, fingerprint } from './tree.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** By the name of the set. */
    scores?: Readonly<Record<string, SetScores>>;
  }
}

/** What holds of a set on the cases whose ids have this fingerprint. */
export interface Pinned {
  readonly cases: string;
  /** At least so many pass; the number may only rise. */
  readonly passed: number;
}

/** A test that runs a set, says what became of it and, on the pinned cases, that it is no worse than it was. */
export function scoreboard(set: ConformanceSet, pinned: Pinned | undefined): void {
  test(set.name, { timeout: 3_600_000 }, async ({ task, skip }) => {
    const report = await runSet(set, corpora);
    const scores = scoresOf(report);
    task.meta.scores = { [set.name]: scores };
    if (report.absent !== undefined) {
      console.log(`${set.name}: skipped, ${report.absent}`);
      skip(report.absent);
    }
    const cases = fingerprint(report.results.map(({ id }) => id));
    console.log(told(report, scores));
    if (pinned === undefined) return;
    if (process.env['DRAGOMAN_SCORES'] !== undefined) return;
    if (cases !== pinned.cases) {
      console.log(
        `${set.name}: other cases (${cases}) than those of the pinned figures (${pinned.cases}): only reported`,
      );
      return;
    }
    const inVain = report.results.filter(({ outcome }) => outcome.reason === DISPUTED_IN_VAIN);
    if (inVain.length > 0) throw new Error(`${DISPUTED_IN_VAIN}: ${inVain.map(({ id }) => id).join(', ')}`);
    if (scores.passed < pinned.passed) {
      throw new Error(`${scores.passed} cases pass, ${pinned.passed} did\n${failures(report).join('\n')}`);
    }
    if (scores.passed > pinned.passed) console.log(`${set.name}: ${pinned.passed} passed before; pin the new figure`);
  });
}

/** One line, and one for each reason to skip. */
function told(report: Report, { passed, failed, skipped }: SetScores): string {
  const reasons = new Map<string, number>();
  for (const { outcome } of report.results) {
    if (outcome.status !== 'skipped') continue;
    const reason = `${outcome.kind}: ${outcome.reason}`;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const most = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 10);
  return [
    `${report.set}: ${passed} passed, ${failed} failed, ${skipped} skipped of ${report.results.length}`,
    ...most.map(([reason, count]) => `  ${count} ${reason}`),
    ...failures(report).slice(0, 10),
  ].join('\n');
}

function failures(report: Report): string[] {
  return report.results.flatMap(({ id, outcome }) =>
    outcome.status === 'failed' ? [`  failed ${id}: ${outcome.reason}`] : [],
  );
}
