import type { JsonObject } from '../../base/json.ts';
import type { RunStats, RunSummary } from '../../index.ts';
import type { Terms } from './report.ts';
import { count, labelled, table } from './table.ts';

/** Rules that the table lists, the most expensive first; JSON has all of them. */
const LISTED = 25;

/** Where a run's time went: the stages, then the rules that cost the most. */
export function statsLines(stats: RunStats, summary: RunSummary, { paint, columns }: Terms): string[] {
  const seconds = Math.max(stats.total, 1e-3) / 1000;
  const share = (ms: number): string => `${((100 * ms) / Math.max(stats.total, 1e-3)).toFixed(0)} %`;
  const rules = [...stats.rules].filter(([, work]) => work.candidates > 0).sort((a, b) => b[1].ms - a[1].ms);
  const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
  const lines = [
    ...labelled([
      ['speed', `${whole(summary.records / seconds)} events/s, ${whole(stats.bytes / seconds)} bytes/s`],
      ['stages', `reading ${share(stats.read)}, matching ${share(stats.match)}, output ${share(stats.output)}`],
      ['rules', `${count(rules.length, 'rule')} of ${whole(stats.rules.size)} had a candidate`],
    ]),
    '',
    ...table(
      [
        { head: 'RULE', flexible: true },
        { head: 'CANDIDATES', align: 'right' },
        { head: 'VERIFIED', align: 'right' },
        { head: 'MATCHED', align: 'right' },
        { head: 'MS', align: 'right' },
      ],
      rules
        .slice(0, LISTED)
        .map(([rule, work]) => [
          rule.name,
          whole(work.candidates),
          whole(work.verified),
          whole(work.matched),
          work.ms.toFixed(1),
        ]),
      paint,
      columns,
    ),
  ];
  if (rules.length > LISTED) {
    lines.push(paint('gray', `(${count(rules.length - LISTED, 'more rule')}: --format json gives all)`));
  }
  return lines;
}

/** The same for programs; times in milliseconds. */
export function statsJson(stats: RunStats, summary: RunSummary): JsonObject {
  const seconds = Math.max(stats.total, 1e-3) / 1000;
  return {
    events_per_second: Math.round(summary.records / seconds),
    bytes_per_second: Math.round(stats.bytes / seconds),
    ms: { total: stats.total, read: stats.read, match: stats.match, output: stats.output },
    rules: [...stats.rules].map(([rule, { candidates, verified, matched, ms }]) => ({
      rule_id: rule.id,
      file: rule.file,
      candidates,
      verified,
      matched,
      ms,
    })),
  };
}
