import { type Json, stringifyJson } from '../../../base/json.ts';
import { type Match, parseDateTime, toEpochMs } from '../../../index.ts';
import { version } from '../../version.ts';
import { titleOf } from './title.ts';
import { Untimed } from './untimed.ts';
import type { MatchWriter } from './writer.ts';

/** The version of the schema whose class Detection Finding is written. */
const SCHEMA = '1.3.0';

const SEVERITIES: Readonly<Record<string, number>> = { informational: 1, low: 2, medium: 3, high: 4, critical: 5 };
const UNKNOWN = 0;
/** Findings, Detection Finding, Create; the type is the class and the activity. */
const CLASS = { category_uid: 2, class_uid: 2004, activity_id: 1, type_uid: 200_401 };
/** Of an analytic: a rule. */
const RULE = 1;
/** New. */
const STATUS = 1;

/** JSON lines of OCSF's class Detection Finding (2004). Its `time`, which every finding must have, is that of the event. */
export function ocsfWriter(): MatchWriter {
  const untimed = new Untimed('OCSF');
  return {
    match: (match) => {
      const time = match.time === undefined ? undefined : parseDateTime(match.time);
      return time === undefined ? untimed.leave() : `${stringifyJson(finding(match, toEpochMs(time)))}\n`;
    },
    end: () => '',
    leftOut: () => untimed.inWords(),
  };
}

function finding(match: Match, time: number): Record<string, Json> {
  const { rule, record, alert, riskScore, fields } = match;
  const attacks = [...rule.techniques.map((uid) => attackOf(uid)), ...rule.tactics.map((uid) => ({ tactic: { uid } }))];
  return {
    ...CLASS,
    time,
    severity_id: SEVERITIES[match.severity ?? rule.severity ?? ''] ?? UNKNOWN,
    status_id: STATUS,
    message: titleOf(match),
    metadata: {
      version: SCHEMA,
      product: { name: 'Dragoman', vendor_name: 'Dragoman', version },
      ...(record !== undefined && { log_name: record.logType }),
    },
    finding_info: {
      uid: alert?.id ?? `${rule.id}:${place(match)}`,
      title: titleOf(match),
      ...(rule.description !== '' && { desc: rule.description }),
      analytic: { type_id: RULE, uid: rule.id, name: rule.name, category: rule.format },
      ...(attacks.length > 0 && { attacks }),
      ...(rule.tags.length > 0 && { types: [...rule.tags] }),
    },
    ...(riskScore !== undefined && { risk_score: riskScore }),
    evidences: (match.members ?? (record === undefined ? [] : [record])).map((one) => ({ data: one.event })),
    ...(record !== undefined && { raw_data: stringifyJson(record.event) }),
    unmapped: { source: place(match), ...(fields !== undefined && { fields: { ...fields } }) },
  };
}

function attackOf(uid: string): Json {
  const [technique = uid, sub] = uid.split('.');
  return {
    technique: { uid: technique },
    ...(sub !== undefined && { sub_technique: { uid } }),
  };
}

function place({ record, time }: Match): string {
  if (record === undefined) return time ?? '';
  const { file, line, record: at } = record.source;
  return `${file}:${line}${at === undefined ? '' : `:${at}`}`;
}
