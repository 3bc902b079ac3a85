import type { Json, JsonObject } from '../../../base/json.ts';
import type { Alert, Match, RecordSource, Rule } from '../../../index.ts';

/** A match as machines read it; the member names are part of the command line's promise. */
export function matchJson(match: Match): JsonObject {
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
    members: match.members?.map((one) => ({ source: { ...one.source }, event: one.event })),
    fields: match.fields,
    title: match.title,
    risk_score: match.riskScore,
    dedup: match.dedup,
    alert_context: match.alertContext,
    alert: match.alert && { id: match.alert.id, first: match.alert.first, count: match.alert.count },
    run: match.run && { ...match.run },
  };
  return { ...presentOf(members), ...describedOf(rule) };
}

const described = new WeakMap<Rule, JsonObject>();

/** What the rule's file says of it, once for all of its matches. */
function describedOf(rule: Rule): JsonObject {
  const known = described.get(rule);
  if (known !== undefined) return known;
  const lists = {
    techniques: rule.techniques,
    tactics: rule.tactics,
    tags: rule.tags,
    references: rule.references,
    false_positives: rule.falsePositives,
    authors: rule.authors ?? [],
  };
  const made = presentOf({
    rule_file: rule.file,
    description: rule.description === '' ? undefined : rule.description,
    status: rule.status,
    ...Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [name, list.length === 0 ? undefined : [...list]]),
    ),
  });
  described.set(rule, made);
  return made;
}

function presentOf(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** An alert as machines read it. */
export function alertJson(alert: Alert): JsonObject {
  const { rule, source } = alert;
  const members: Record<string, Json | undefined> = {
    id: alert.id,
    rule_id: rule.id,
    rule_name: rule.name,
    format: rule.format,
    severity: alert.severity ?? null,
    title: alert.title,
    risk_score: alert.riskScore,
    dedup: alert.dedup,
    first: alert.first,
    last: alert.last,
    count: alert.count,
    source: source === null ? null : { ...source },
  };
  return presentOf(members);
}

/** `file:line`, with the place inside an envelope. */
export function sourceText(source: RecordSource | null | undefined): string {
  if (source === null || source === undefined) return '-';
  return `${source.file}:${source.line}${source.record === undefined ? '' : `[${source.record}]`}`;
}
