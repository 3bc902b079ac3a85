import { isJsonObject, type Json, type JsonObject } from '../base/json.ts';
import type { Rule, RuleSeverity } from '../ir/rule/rule.ts';
import type { LogRecord } from '../logs/record.ts';
import {
  NotStored,
  readArray,
  readNumber,
  readObject,
  readPlace,
  readText,
  readValue,
  storePlace,
  storeValue,
} from '../state/plain.ts';
import type { Alert } from './alert.ts';
import type { Match } from './match.ts';

const SEVERITIES: readonly RuleSeverity[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** A match that waits, as plain data; its rule is that of whoever holds it. It has no alert yet. */
export function storeMatch(match: Match): Json {
  const { record, members, time, fields, title, severity, riskScore, dedup, alertContext, unique, group, run } = match;
  return {
    record: record === undefined ? null : storeRecord(record),
    time: time ?? null,
    ...(members !== undefined && { members: members.map(storeRecord) }),
    ...(fields !== undefined && { fields: storeValue(fields) }),
    ...(title !== undefined && { title }),
    ...(severity !== undefined && { severity }),
    ...(riskScore !== undefined && { riskScore }),
    ...(dedup !== undefined && { dedup }),
    ...(alertContext !== undefined && { alertContext: storeValue(alertContext) }),
    ...(unique !== undefined && { unique }),
    ...(group !== undefined && { group }),
    ...(run !== undefined && { run: { from: run.from, to: run.to } }),
  };
}

/** Throws `NotStored`. */
export function readMatch(stored: Json | undefined, rule: Rule): Match {
  const { record = null, members, time = null, fields, alertContext, run, riskScore, ...told } = readObject(stored);
  const { title, severity, dedup, unique, group } = told;
  return {
    rule,
    record: record === null ? undefined : readRecord(record),
    time: time === null ? undefined : readText(time),
    ...(members !== undefined && { members: readArray(members).map(readRecord) }),
    ...(fields !== undefined && { fields: readMembers(fields) }),
    ...(title !== undefined && { title: readText(title) }),
    ...(severity !== undefined && { severity: readSeverity(severity) }),
    ...(riskScore !== undefined && { riskScore: readNumber(riskScore) }),
    ...(dedup !== undefined && { dedup: readText(dedup) }),
    ...(alertContext !== undefined && { alertContext: readMember(alertContext) }),
    ...(unique !== undefined && { unique: readText(unique) }),
    ...(group !== undefined && { group: readText(group) }),
    ...(run !== undefined && { run: readRun(run) }),
  };
}

export function storeAlert({ id, title, severity, riskScore, dedup, first, last, count, source }: Alert): Json {
  const place = source === null ? null : storePlace(source);
  return [id, title, severity ?? null, riskScore ?? null, dedup ?? null, first, last, count, place];
}

/** Throws `NotStored`. */
export function readAlert(stored: Json | undefined, rule: Rule): Alert {
  const [id, title, severity, riskScore, dedup, first = null, last = null, count, source] = readArray(stored);
  return {
    id: readText(id),
    rule,
    title: readText(title),
    severity: severity === null ? undefined : readSeverity(severity),
    riskScore: riskScore === null ? undefined : readNumber(riskScore),
    dedup: dedup === null ? undefined : readText(dedup),
    first: first === null ? null : readText(first),
    last: last === null ? null : readText(last),
    count: readNumber(count),
    source: source === null ? null : readPlace(source),
  };
}

function storeRecord({ event, logType, shape, source }: LogRecord): Json {
  return [storeValue(event), logType, shape, storePlace(source)];
}

function readRecord(stored: Json): LogRecord {
  const [event, logType, shape, source] = readArray(stored);
  return {
    event: readMembers(event),
    logType: readText(logType),
    shape: readText(shape),
    source: readPlace(source),
  };
}

function readMembers(stored: Json | undefined): JsonObject {
  const members = readValue(stored);
  if (!isJsonObject(members)) throw new NotStored('the fields of a match are missing');
  return members;
}

/** What was stored as a member of a match that is JSON itself. */
function readMember(stored: Json): Json {
  return readMembers({ is: 'object', of: { member: stored } })['member'] ?? null;
}

function readSeverity(stored: Json | undefined): RuleSeverity {
  const severity = SEVERITIES.find((one) => one === stored);
  if (severity === undefined) throw new NotStored('a severity is missing');
  return severity;
}

function readRun(stored: Json): { readonly from: string; readonly to: string } {
  const { from, to } = readObject(stored);
  return { from: readText(from), to: readText(to) };
}
