import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import type { Match } from '../match.ts';
import {
  type Ancestor,
  alertOf,
  alertUuid,
  commonFields,
  type EcsAlert,
  type EcsSource,
  parentsOf,
  spanOf,
  suppressionOf,
  withoutAlert,
} from './ecs-alert.ts';
import { EcsFields } from './ecs-fields.ts';

/**
 * The alerts of a sequence (Kibana, `build_alert_group_from_sequence.ts`): a building block for each event, which no one sees by
 * itself, and the shell, which has what the events have in common. Overrides of severity, risk and name are asked of events, so that
 * the shell has the rule's own.
 */
export function sequenceAlerts(
  match: Match,
  source: EcsSource,
  members: readonly { readonly match: Match; readonly source: EcsSource }[],
  id: string,
): { readonly alert: Record<string, Json>; readonly blocks: readonly EcsAlert[] } {
  const { rule } = match;
  const group = alertUuid(rule, `${id} group`);
  const documents = members.map((one) => withoutAlert(one.source.document ?? {}));
  const parents: Ancestor[] = [];
  const blocks = members.map((one, index): EcsAlert => {
    const uuid = alertUuid(rule, `${id} block ${index}`);
    const of = parentsOf(new EcsFields(one.source.document ?? {}), one.source, one.source.document);
    const depth = Math.max(...of.map((parent) => parent.depth)) + 1;
    parents.push(...of, { id: uuid, type: 'signal', index: ALERTS_INDEX, depth, rule: rule.id });
    return {
      ...alertOf(one.match, { ...one.source, now: source.now }, `${id} block ${index}`),
      'kibana.alert.building_block_type': 'default',
      'kibana.alert.group.id': group,
      'kibana.alert.group.index': index,
    };
  });
  const common = documents.length === 0 ? {} : documents.reduce(intersection);
  const { first, last } = spanOf(match);
  const shell: Match = { rule, record: undefined, time: match.time, ...(match.run && { run: match.run }) };
  const alert: Record<string, Json> = {
    ...common,
    ...commonFields(shell, parents, source.now, alertUuid(rule, id)),
    'kibana.alert.group.id': group,
    ...suppressionOf(match, new EcsFields(common), first, last),
    ...(rule.alert?.isBuildingBlock === true && { 'kibana.alert.building_block_type': 'default' }),
  };
  return { alert, blocks };
}

/** Where Kibana keeps alerts. */
export const ALERTS_INDEX = '.alerts-security.alerts-default';

/** What two documents say alike: values that are equal, of objects and lists what is in both. */
function intersection(one: JsonObject, other: JsonObject): JsonObject {
  const common: [string, Json][] = [];
  for (const [name, value] of Object.entries(one)) {
    const found = name in other ? commonValue(value, other[name] ?? null) : undefined;
    if (found !== undefined) common.push([name, found]);
  }
  return Object.fromEntries(common);
}

function commonValue(one: Json, other: Json): Json | undefined {
  if (Array.isArray(one) && Array.isArray(other)) {
    const shared = one.filter((item) => other.some((same) => isDeepStrictEqual(item, same)));
    return shared.length === 0 ? undefined : shared;
  }
  if (isJsonObject(one) && isJsonObject(other)) {
    const inner = intersection(one, other);
    return Object.keys(inner).length === 0 ? undefined : inner;
  }
  return isDeepStrictEqual(one, other) ? one : undefined;
}
