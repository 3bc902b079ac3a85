import { type Json, stringifyJson } from '../../base/json.ts';
import type { Match } from '../../index.ts';

/** A match as machines read it; the member names are part of the command line's promise. */
export function matchJson(match: Match): string {
  const { rule, record } = match;
  const members: Record<string, Json | undefined> = {
    rule_id: rule.id,
    rule_name: rule.name,
    language: rule.language,
    format: rule.format,
    severity: match.severity ?? rule.severity ?? null,
    log_type: record?.logType ?? null,
    time: match.time ?? null,
    source: record === undefined ? null : { ...record.source },
    event: record?.event ?? null,
    fields: match.fields,
    title: match.title,
    dedup: match.dedup,
    alert_context: match.alertContext,
  };
  const present = Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
  return stringifyJson(present);
}

/** `file:line`, with the place inside an envelope. */
export function sourceText(match: Match): string {
  const source = match.record?.source;
  if (source === undefined) return '-';
  return `${source.file}:${source.line}${source.record === undefined ? '' : `[${source.record}]`}`;
}
