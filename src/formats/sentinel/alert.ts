import { diagnostic } from '../../base/diagnostic.ts';
import { call, field, match, text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { NamedExpr } from '../../ir/plan/plan.ts';
import type {
  AlertSeverity,
  AlertTemplate,
  AlertThreshold,
  NotApplied,
  Schedule,
  ThresholdOperator,
} from '../../ir/rule/alert.ts';
import { ALERT_SEMANTICS, DEFENDER_LOOKBACK, SENTINEL_DELAY } from '../../ir/rule/alert-semantics.ts';
import { ticks } from '../../values/duration.ts';
import type { YamlNode } from '../source/yaml-source.ts';
import type { FieldReader } from './fields.ts';

/** When Sentinel runs a rule. A hunting query has no schedule: it is run by hand. */
export function readSentinelSchedule(node: YamlNode, reader: FieldReader): Schedule | undefined {
  const every = reader.duration(node, 'queryFrequency');
  const lookback = reader.duration(node, 'queryPeriod');
  if (node.get('kind')?.asString() === 'NRT') {
    const minute = ticks(60).toString();
    return {
      every: minute,
      lookback: minute,
      delay: ticks(SENTINEL_DELAY.NRT).toString(),
      by: 'ingestion',
      stated: true,
    };
  }
  const period = lookback ?? every;
  if (period === undefined) return undefined;
  return {
    every: (every ?? period).toString(),
    lookback: period.toString(),
    delay: ticks(SENTINEL_DELAY.Scheduled).toString(),
    by: 'event',
    stated: true,
  };
}

/** What Sentinel makes of a rule's rows. */
export function readSentinelAlert(node: YamlNode, reader: FieldReader): AlertTemplate {
  const threshold = readTrigger(node, reader);
  const details = reader.map(node, 'alertDetailsOverride');
  const title = details && readTitle(details, 'alertDisplayNameFormat', reader);
  const severity = details && reader.text(details, 'alertSeverityColumnName');
  const grouping = reader.map(node, 'eventGroupingSettings');
  const kind = grouping && reader.text(grouping, 'aggregationKind');
  const isRule = ['queryFrequency', 'queryPeriod', 'triggerOperator'].some((key) => node.get(key) !== undefined);
  const isScheduled = isRule || node.get('kind')?.asString() === 'NRT';
  const each = kind?.toLowerCase() === 'alertperresult' || !isScheduled;
  const by = each ? 'match' : ALERT_SEMANTICS.sentinel.group;
  const suppression = reader.duration(node, 'suppressionDuration');
  const isSuppressed = reader.boolean(node, 'suppressionEnabled') === true;
  return {
    ...(title !== undefined && { title }),
    context: readDetails(node, reader),
    severities: severity === undefined ? [] : severitiesOf(severity),
    group: {
      by,
      fields: [],
      missing: 'match',
      // Suppression stops the rule for a time after an alert: what it would have found then belongs to that alert.
      period: isSuppressed && suppression !== undefined ? suppression.toString() : null,
    },
    ...(threshold !== undefined && { threshold }),
    createAlert: true,
  };
}

/** A rule that alerts on each row has no alert that could take what it would have found while it was stopped. */
export function readSentinelRest(node: YamlNode, alert: AlertTemplate): readonly NotApplied[] {
  if (alert.group.by !== 'match' || alert.group.period === null) return [];
  return [{ what: 'alert-suppression', names: [node.get('suppressionDuration')?.asString() ?? ''] }];
}

/** When Defender runs a custom detection. A frequency of 0 is continuous. */
export function readDefenderSchedule(node: YamlNode, reader: FieldReader): Schedule | undefined {
  const every = reader.duration(node, 'frequency') ?? reader.duration(node, 'period');
  const lookback = reader.duration(node, 'lookback');
  if (every === undefined || every === 0n) return undefined;
  const usual = DEFENDER_LOOKBACK.find((row) => every >= ticks(row.every))?.lookback;
  const back = lookback ?? (usual === undefined ? every : ticks(usual));
  return { every: every.toString(), lookback: back.toString(), delay: '0', by: 'event', stated: true };
}

export function readDefenderAlert(template: YamlNode, reader: FieldReader): AlertTemplate {
  const title = readTitle(template, 'title', reader);
  return {
    ...(title !== undefined && { title }),
    context: [],
    severities: [],
    group: { by: ALERT_SEMANTICS.defender.group, fields: [], missing: 'match', period: null },
    createAlert: true,
  };
}

/** How many rows make an alert, where it is not the usual: any. */
function readTrigger(node: YamlNode, reader: FieldReader): AlertThreshold | undefined {
  const operator = reader.text(node, 'triggerOperator')?.toLowerCase();
  const value = node.get('triggerThreshold');
  const count = value?.asNumber();
  if (value !== undefined && count === undefined) reader.wrong(value, 'triggerThreshold', 'a number');
  const short = operator === undefined ? 'gt' : OPERATORS.get(operator);
  if (short === undefined) {
    const found = operator ?? '';
    reader.diagnostics.push(diagnostic('sentinel/bad-operator', { found }, node.get('triggerOperator')?.span));
    return undefined;
  }
  if (short === 'gt' && (count ?? 0) === 0) return undefined;
  return { of: 'run', operator: short, count: count ?? 0, called: 'trigger' };
}

const OPERATORS: ReadonlyMap<string, ThresholdOperator> = new Map([
  ['gt', 'gt'],
  ['lt', 'lt'],
  ['eq', 'eq'],
  ['ne', 'ne'],
  ['greaterthan', 'gt'],
  ['lessthan', 'lt'],
  ['equal', 'eq'],
  ['notequal', 'ne'],
]);

const PLACE = /\{\{([^{}]*)\}\}/g;

/** `Logons from {{IPAddress}}`: the row's columns in a text. Undefined without one: then the title is the rule's own text. */
function readTitle(node: YamlNode, key: string, reader: FieldReader): Expr | undefined {
  const written = reader.text(node, key);
  if (written === undefined || !/\{\{/.test(written)) return undefined;
  const parts: Expr[] = [];
  let from = 0;
  for (const found of written.matchAll(PLACE)) {
    const [whole, column = ''] = found;
    if (found.index > from) parts.push(text(written.slice(from, found.index)));
    parts.push(call('convert.string', [field(column.trim())]));
    from = found.index + whole.length;
  }
  if (from < written.length) parts.push(text(written.slice(from)));
  return call('text.concat', parts, node.get(key)?.span);
}

/** `customDetails: {Name: Column}`. */
function readDetails(node: YamlNode, reader: FieldReader): NamedExpr[] {
  const details = reader.map(node, 'customDetails');
  return (details?.entries() ?? []).flatMap(({ key, value }) => {
    const column = value.asString();
    if (column === undefined) reader.wrong(value, `customDetails.${key}`, 'a string');
    return column === undefined ? [] : [{ name: key, expr: field(column) }];
  });
}

const SEVERITIES: readonly AlertSeverity[] = ['high', 'medium', 'low', 'informational'];

function severitiesOf(column: string): AlertTemplate['severities'] {
  return SEVERITIES.map((severity) => ({
    when: match(field(column), { kind: 'equals', value: severity }, { collation: 'ignore-case' }),
    severity,
  }));
}
