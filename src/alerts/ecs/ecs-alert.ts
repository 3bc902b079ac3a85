import { createHash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { Match } from '../match.ts';
import { EcsFields } from './ecs-fields.ts';

/** What an alert's document is made of beside its first match. */
export interface EcsSource {
  /** The record of the match as a document of ECS; undefined where the match is of several records. */
  readonly document: JsonObject | undefined;
  /** Where the record is known to Elasticsearch, or was read. */
  readonly id: string;
  readonly index: string;
  /** When the run was that found it; ISO 8601. */
  readonly now: string;
}

/** An alert as Kibana's detection engine writes it into `.alerts-security.alerts-default`. Names are written with dots. */
export type EcsAlert = Readonly<Record<string, Json>>;

/** The document of an alert, as its first match tells it. `id`: the alert's. */
export function alertOf(match: Match, source: EcsSource, id: string): Record<string, Json> {
  const { rule } = match;
  const { document } = source;
  const fields = new EcsFields(document ?? {});
  const parents = parentsOf(fields, source, document);
  const { first, last } = spanOf(match);
  return {
    ...overlaid(asSignal(withoutAlert(document ?? {})), columnsOf(match)),
    ...commonFields(match, parents, source.now, alertUuid(rule, id)),
    ...(last !== null && { 'kibana.alert.original_time': last }),
    ...originalEvent(fields),
    ...(rule.alert?.isBuildingBlock === true && { 'kibana.alert.building_block_type': 'default' }),
    ...termsOf(match),
    ...thresholdOf(match, first),
    ...suppressionOf(match, fields, first, last),
  };
}

/** What any alert of a rule says. */
export function commonFields(
  match: Match,
  parents: readonly Ancestor[],
  now: string,
  uuid: string,
): Record<string, Json> {
  const { rule } = match;
  const severity = match.severity ?? rule.severity ?? null;
  return {
    '@timestamp': now,
    'event.kind': 'signal',
    'kibana.alert.uuid': uuid,
    'kibana.alert.status': 'active',
    'kibana.alert.workflow_status': 'open',
    'kibana.alert.depth': Math.max(...parents.map(({ depth }) => depth)) + 1,
    'kibana.alert.ancestors': parents.map((parent) => ({ ...parent })),
    'kibana.alert.severity': severity,
    'kibana.alert.risk_score': match.riskScore ?? rule.alert?.risk?.score ?? null,
    'kibana.alert.reason': `${match.title ?? rule.name}: ${severity ?? 'unknown'} severity alert`,
    ...ruleFields(match),
    'kibana.space_ids': ['default'],
  };
}

export function alertUuid({ id: rule }: Rule, id: string): string {
  return createHash('sha256').update(`${id} default:${rule}`).digest('hex');
}

export interface Ancestor {
  readonly id: string;
  readonly type: 'event' | 'signal';
  readonly index: string;
  readonly depth: number;
  readonly rule?: string;
}

/** The record, and where that is an alert itself, what that was made of. */
export function parentsOf(fields: EcsFields, source: EcsSource, document: JsonObject | undefined): readonly Ancestor[] {
  const depth = fields.at('kibana.alert.depth');
  if (typeof depth !== 'number' || document === undefined) {
    return [{ id: source.id, type: 'event', index: source.index, depth: 0 }];
  }
  const rule = fields.at('kibana.alert.rule.uuid');
  const older = fields.at('kibana.alert.ancestors');
  return [
    ...(Array.isArray(older) ? older.filter(isAncestor) : []),
    { id: source.id, type: 'signal', index: source.index, depth, ...(typeof rule === 'string' && { rule }) },
  ];
}

function isAncestor(value: Json): value is Ancestor & JsonObject {
  return isJsonObject(value) && typeof value['id'] === 'string' && typeof value['depth'] === 'number';
}

/** An alert on an alert has its own fields of the kind, not those of the other. */
export function withoutAlert(document: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(document).filter(([name]) => !name.startsWith('kibana.') && name !== 'kibana'),
  );
}

/** What kind of event the document was stands with the original event. */
function asSignal(document: JsonObject): JsonObject {
  const { event } = document;
  return event !== undefined && isJsonObject(event) && event['kind'] !== undefined
    ? { ...document, event: { ...event, kind: 'signal' } }
    : document;
}

function originalEvent(fields: EcsFields): JsonObject {
  const event = fields.below('event');
  return Object.fromEntries([...event].map(([name, value]) => [`kibana.alert.original_event.${name}`, value]));
}

function ruleFields({ rule, title }: Match): JsonObject {
  const { schedule, alert } = rule;
  return {
    'kibana.alert.rule.uuid': rule.id,
    'kibana.alert.rule.rule_id': rule.id,
    'kibana.alert.rule.name': title ?? rule.name,
    'kibana.alert.rule.description': rule.description,
    'kibana.alert.rule.type': alert?.ruleType ?? 'query',
    'kibana.alert.rule.tags': rule.tags,
    'kibana.alert.rule.references': rule.references,
    'kibana.alert.rule.false_positives': rule.falsePositives,
    'kibana.alert.rule.threat.technique.id': rule.techniques,
    'kibana.alert.rule.threat.tactic.id': rule.tactics,
    'kibana.alert.rule.enabled': rule.enabled,
    'kibana.alert.rule.producer': 'siem',
    'kibana.alert.rule.consumer': 'siem',
    ...(rule.severity !== undefined && { 'kibana.alert.rule.severity': rule.severity }),
    ...(alert?.risk !== undefined && { 'kibana.alert.rule.risk_score': alert.risk.score }),
    ...(schedule?.math !== undefined && {
      'kibana.alert.rule.from': schedule.math.from,
      'kibana.alert.rule.to': schedule.math.to,
    }),
    ...(alert?.mostPerRun !== undefined && { 'kibana.alert.rule.max_signals': alert.mostPerRun.alerts }),
  };
}

export const SUPPRESSION = 'kibana.alert.suppression';
const THRESHOLD_RESULT = 'threshold_result.';

/** A document in which some fields are others, however it writes them. */
function overlaid(document: JsonObject, fields: JsonObject): JsonObject {
  const names = Object.keys(fields);
  return names.length === 0 ? document : { ...names.reduce(without, document), ...fields };
}

/** The document without a field, be it written with dots or as objects in each other. */
function without(document: JsonObject, name: string): JsonObject {
  const kept = Object.entries(document).flatMap(([key, value]): readonly [string, Json][] => {
    if (key === name) return [];
    if (!name.startsWith(`${key}.`) || !isJsonObject(value)) return [[key, value]];
    const rest = without(value, name.slice(key.length + 1));
    return Object.keys(rest).length === 0 ? [] : [[key, rest]];
  });
  return Object.fromEntries(kept);
}

/**
 * What the rule's own columns are in a document: the fields that a group of events has in common. Those of an ES|QL query stand over
 * the fields of its event, but for nulls and for what Elasticsearch says of the document beside it.
 */
function columnsOf({ rule, record, fields = {} }: Match): JsonObject {
  if (rule.language === 'esql' && record !== undefined) {
    return Object.fromEntries(
      Object.entries(fields).filter(([name, value]) => value !== null && !name.startsWith('_')),
    );
  }
  if (rule.logic.plan.kind === 'first-seen' || record !== undefined) {
    const enrichments = fields['threat.enrichments'];
    return enrichments === undefined ? {} : { 'threat.enrichments': enrichments };
  }
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !name.startsWith(THRESHOLD_RESULT)));
}

function termsOf({ rule, fields = {} }: Match): JsonObject {
  const { plan } = rule.logic;
  if (plan.kind !== 'first-seen') return {};
  return { 'kibana.alert.new_terms': plan.by.map(({ name }) => fields[name] ?? null) };
}

function thresholdOf({ rule, fields = {} }: Match, first: string | null): JsonObject {
  const { plan } = rule.logic;
  if (plan.kind !== 'threshold' || rule.format !== 'elastic') return {};
  const { by, inputs } = plan;
  const cardinality = fields[`${THRESHOLD_RESULT}cardinality`];
  const counted = inputs[0]?.keep[0]?.expr;
  return {
    'kibana.alert.threshold_result.count': fields[`${THRESHOLD_RESULT}count`] ?? null,
    'kibana.alert.threshold_result.from': first,
    'kibana.alert.threshold_result.terms': by.map(({ name }) => ({ field: name, value: fields[name] ?? null })),
    ...(cardinality !== undefined && {
      'kibana.alert.threshold_result.cardinality': [
        { field: counted?.kind === 'field' ? counted.name : '', value: cardinality },
      ],
    }),
  };
}

export function suppressionOf(match: Match, fields: EcsFields, first: string | null, last: string | null): JsonObject {
  const group = match.rule.alert?.group;
  if (group === undefined || group.by === 'match' || group.by === 'dedup') return {};
  // A match that lacks one of the fields may stand alone.
  if (group.by === 'fields' && match.group === undefined) return {};
  const value = (name: string): Json => match.fields?.[name] ?? fields.at(name) ?? null;
  return {
    [`${SUPPRESSION}.terms`]: group.fields.map(({ name }) => ({ field: name, value: value(name) })),
    [`${SUPPRESSION}.start`]: first,
    [`${SUPPRESSION}.end`]: last,
    [`${SUPPRESSION}.docs_count`]: 0,
  };
}

/** When the first and the last event of a match happened: of a group both, else that of its record. */
export function spanOf({ time, fields = {} }: Match): { readonly first: string | null; readonly last: string | null } {
  const from = fields[`${THRESHOLD_RESULT}from`];
  const last = isoOf(time);
  return { first: (typeof from === 'string' ? isoOf(from) : undefined) ?? last ?? null, last: last ?? null };
}

/** As Kibana writes times: to the millisecond. */
export function isoOf(time: string | undefined): string | undefined {
  if (time === undefined) return undefined;
  const ms = Date.parse(time.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(ms) ? time : new Date(ms).toISOString();
}
