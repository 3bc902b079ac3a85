import type { Alert, Match, Rule, Runner, RunSummary } from '../../index.ts';
import type { Io } from '../io.ts';
import { matchCards } from './match-cards.ts';
import { sourceText } from './matches-as/json.ts';
import { titleOf } from './matches-as/title.ts';
import { type Terms, termsOf } from './report.ts';
import { hasLosses, ruleNote } from './rule-notes.ts';
import { severityCell } from './severity.ts';
import { type ShownMatches, severityOf, severityRank } from './shown-matches.ts';
import { count, type TableCell, table } from './table.ts';
import { tellingFields } from './telling.ts';
import { timeCell } from './time-cell.ts';

/** Matches, or alerts, that a table shows; all are counted. */
export const SHOWN = 50;
/** Narrower terminals get two lines a match. */
const LEAST_FOR_TABLE = 160;

/** The rules with what each found, and what was dropped of it or not applied. */
export function ruleTable(
  rules: readonly Rule[],
  summary: RunSummary,
  runner: Runner,
  { paint, columns }: Terms,
): string[] {
  const found = (rule: Rule): number => summary.matches.get(rule) ?? 0;
  // What is worst stands first, as it is looked at first.
  const ordered = [...rules].sort(
    (a, b) =>
      Number(found(b) > 0) - Number(found(a) > 0) ||
      severityRank(a.severity) - severityRank(b.severity) ||
      found(b) - found(a),
  );
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

/** `isWide`: as a table, however narrow the terminal is. */
export function matchTable(shown: ShownMatches, isWide: boolean, terms: Terms): string[] {
  const { matches, total } = shown;
  const { paint } = terms;
  if (total === 0) return ['no matches'];
  const columns = isWide ? Number.POSITIVE_INFINITY : terms.columns;
  const lines =
    columns < LEAST_FOR_TABLE
      ? matchCards(matches, terms)
      : table(MATCH_COLUMNS, matches.map(matchCells), paint, columns);
  if (total > matches.length) {
    const more = count(total - matches.length, 'more match', 'more matches');
    lines.push(paint('gray', `(${more}: --limit N shows more, --format ndjson gives all)`));
  }
  return lines;
}

const MATCH_COLUMNS = [
  { head: 'TIME' },
  { head: 'SEVERITY' },
  { head: 'RULE', flexible: true },
  { head: 'TECHNIQUE' },
  { head: 'LOG TYPE' },
  { head: 'WHERE', flexible: true, keeps: 'end' },
  { head: 'WHAT', flexible: true },
] as const;

function matchCells(match: Match): (string | TableCell)[] {
  return [
    timeCell(match.time),
    severityCell(severityOf(match)),
    titleOf(match),
    match.rule.techniques.join(' ') || '-',
    match.record?.logType ?? '-',
    sourceText(match.record?.source),
    tellingFields(match.fields, match.record?.event),
  ];
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
