import type { Alert, Match, Rule, Runner, RunSummary } from '../../index.ts';
import type { Io } from '../io.ts';
import { sourceText } from './matches-as/json.ts';
import { type Terms, termsOf } from './report.ts';
import { hasLosses, ruleNote } from './rule-notes.ts';
import { severityCell } from './severity.ts';
import { count, table } from './table.ts';
import { tellingFields } from './telling.ts';

/** Matches, or alerts, that a table shows; all are counted. */
export const SHOWN = 50;

/** The rules with what each found, and what was dropped of it or not applied. */
export function ruleTable(
  rules: readonly Rule[],
  summary: RunSummary,
  runner: Runner,
  { paint, columns }: Terms,
): string[] {
  const found = (rule: Rule): number => summary.matches.get(rule) ?? 0;
  const ordered = [...rules].sort((a, b) => found(b) - found(a));
  // A big rule set is mostly rules that did not match: they are counted, not listed.
  const listed = ordered.length <= 25 ? ordered : ordered.filter((rule) => found(rule) > 0 || hasLosses(rule, summary));
  const notes = listed.map((rule) => ruleNote(rule, summary, runner));
  const hasNotes = notes.some((note) => note !== '');
  const lines = table(
    [
      { head: 'SEVERITY' },
      { head: 'RULE', flexible: true },
      { head: 'FORMAT' },
      { head: 'MATCHES', align: 'right' },
      ...(hasNotes ? [{ head: 'NOTE', flexible: true }] : []),
    ],
    listed.map((rule, index) => [
      severityCell(rule.severity),
      rule.name,
      rule.format,
      { text: found(rule).toLocaleString('en-US'), ink: found(rule) > 0 ? 'bold' : 'gray' },
      ...(hasNotes ? [notes[index] ?? ''] : []),
    ]),
    paint,
    columns,
  );
  if (listed.length < ordered.length) {
    lines.push(paint('gray', `(${count(ordered.length - listed.length, 'rule')} without a match)`));
  }
  return listed.length === 0 ? [] : [...lines, ''];
}

export function matchTable(shown: readonly Match[], summary: RunSummary, { paint, columns }: Terms): string[] {
  if (shown.length === 0) return ['no matches'];
  const lines = table(MATCH_COLUMNS, shown.map(matchCells), paint, columns);
  const total = [...summary.matches.values()].reduce((sum, number) => sum + number, 0);
  if (total > shown.length) {
    lines.push(
      paint('gray', `(${count(total - shown.length, 'more match', 'more matches')}: --format ndjson gives all)`),
    );
  }
  return lines;
}

const MATCH_COLUMNS = [
  { head: 'TIME' },
  { head: 'RULE', flexible: true },
  { head: 'LOG TYPE' },
  { head: 'WHERE', flexible: true, keeps: 'end' },
  { head: 'WHAT', flexible: true },
] as const;

function matchCells(match: Match): string[] {
  return [
    timeCell(match.time),
    match.title ?? match.rule.name,
    match.record?.logType ?? '-',
    sourceText(match.record?.source),
    tellingFields(match.fields, match.record?.event),
  ];
}

function timeCell(time: string | null | undefined): string {
  return (time ?? '-').replace(/\.\d+Z$/, 'Z');
}

/** One row an alert. */
export function alertTable(alerts: readonly Alert[], { paint, columns }: Terms): string[] {
  if (alerts.length === 0) return ['no alerts'];
  const lines = table(
    [
      { head: 'SEVERITY' },
      { head: 'FIRST' },
      { head: 'LAST' },
      { head: 'MATCHES', align: 'right' },
      { head: 'ALERT', flexible: true },
      { head: 'WHERE', flexible: true, keeps: 'end' },
      { head: 'ID' },
    ],
    alerts
      .slice(0, SHOWN)
      .map(({ severity, first, last, count: matches, title, source, id }) => [
        severityCell(severity),
        timeCell(first),
        timeCell(last),
        matches.toLocaleString('en-US'),
        title,
        sourceText(source),
        id,
      ]),
    paint,
    columns,
  );
  if (alerts.length > SHOWN) {
    lines.push(paint('gray', `(${count(alerts.length - SHOWN, 'more alert')}: --format ndjson gives all)`));
  }
  return lines;
}

/** With schedules: the matches that the logs hold and no run finds. */
export async function reportMissed(summary: RunSummary, io: Io): Promise<void> {
  const missed = [...summary.missed.values()].flat();
  if (missed.length === 0) return;
  const { paint, columns } = termsOf(io, 'stderr');
  const lines = table(MATCH_COLUMNS, missed.slice(0, SHOWN).map(matchCells), paint, columns);
  if (missed.length > SHOWN)
    lines.push(paint('gray', `(${count(missed.length - SHOWN, 'more')}: --format json gives all)`));
  await io.stderr.write(
    `\n${paint('bold', 'Found in the whole range, and missed by look-backs')}\n${lines.join('\n')}\n`,
  );
}
