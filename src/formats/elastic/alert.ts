import { field, MISSING, match } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { NamedExpr } from '../../ir/plan/plan.ts';
import type { AlertGroup, AlertSeverity, AlertTemplate, RiskScore } from '../../ir/rule/alert.ts';
import { ALERT_SEMANTICS } from '../../ir/rule/alert-semantics.ts';
import { parseDuration } from '../../values/duration.ts';
import type { LocatedTable } from '../source/located.ts';
import { RuleFields } from './fields.ts';

/**
 * What Kibana makes of a rule's matches. `groupedBy`: the fields by which the rule makes its rows, where it makes some; they are all that
 * can be asked of such a row.
 */
export function readAlert(fields: RuleFields, groupedBy: readonly string[] | undefined): AlertTemplate {
  const named = (name: string): Expr => (groupedBy === undefined || groupedBy.includes(name) ? field(name) : MISSING);
  const title = fields.text('rule_name_override');
  const risk = readRisk(fields, named);
  return {
    ...(title !== undefined && { title: named(title) }),
    context: [],
    severities: readSeverities(fields, named),
    ...(risk !== undefined && { risk }),
    group: readSuppression(fields, groupedBy),
    mostPerRun: {
      alerts: most(fields) ?? ALERT_SEMANTICS.elastic.mostPerRun ?? 0,
      stated: fields.get('max_signals') !== undefined,
    },
    createAlert: true,
    ruleType: fields.text('type') ?? 'query',
    ...(fields.text('building_block_type') !== undefined && { isBuildingBlock: true }),
  };
}

function most(fields: RuleFields): number | undefined {
  const written = fields.get('max_signals');
  if (written === undefined) return undefined;
  if (written.kind === 'number' && Number(written.value) >= 1) return Number(written.value);
  fields.wrong('max_signals', 'a whole number from 1', written);
  return undefined;
}

const LEVELS: readonly AlertSeverity[] = ['critical', 'high', 'medium', 'low'];

/** Of several mappings that hold, the one with the highest severity counts. */
function readSeverities(fields: RuleFields, named: (name: string) => Expr): AlertTemplate['severities'] {
  const found = fields.tables('severity_mapping').flatMap((table) => {
    const inner = new RuleFields(table, table.span);
    const name = inner.text('field');
    const value = inner.text('value') ?? '';
    const level = LEVELS.find((one) => one === inner.text('severity'));
    fields.diagnostics.push(...inner.diagnostics);
    // Kibana's form leaves a mapping without a field for each level that is not mapped.
    if (name === undefined || name === '' || level === undefined) return [];
    return [{ when: match(named(name), { kind: 'equals', value }), severity: level }];
  });
  return found.sort((a, b) => LEVELS.indexOf(a.severity) - LEVELS.indexOf(b.severity));
}

/** Only the first mapping counts. */
function readRisk(fields: RuleFields, named: (name: string) => Expr): RiskScore | undefined {
  const base = fields.get('risk_score');
  const score = base?.kind === 'number' ? Number(base.value) : undefined;
  const mapping = fields.tables('risk_score_mapping')[0];
  const inner = mapping && new RuleFields(mapping, mapping.span);
  const name = inner?.text('field');
  fields.diagnostics.push(...(inner?.diagnostics ?? []));
  if (score === undefined) return undefined;
  return name === undefined || name === '' ? { score } : { score, from: named(name) };
}

/** `alert_suppression`: of a rule that makes rows of groups it is by those groups. */
function readSuppression(fields: RuleFields, groupedBy: readonly string[] | undefined): AlertGroup {
  const table = fields.innerTable('alert_suppression');
  const alone: AlertGroup = { by: ALERT_SEMANTICS.elastic.group, fields: [], missing: 'match', period: null };
  if (table === undefined) return alone;
  const inner = new RuleFields(table, table.span);
  const names = groupedBy ?? inner.texts('group_by');
  const period = readPeriod(inner.innerTable('duration'), inner);
  const missing = inner.text('missing_fields_strategy') === 'doNotSuppress' ? 'match' : 'group';
  fields.diagnostics.push(...inner.diagnostics);
  const by = names.map((name): NamedExpr => ({ name, expr: field(name) }));
  return { by: by.length === 0 ? 'all' : 'fields', fields: by, missing, period: period?.toString() ?? null };
}

/** `{value: 6, unit: 'h'}`. Without one, an alert takes the matches of one run. */
function readPeriod(table: LocatedTable | undefined, outer: RuleFields): bigint | undefined {
  if (table === undefined) return undefined;
  const inner = new RuleFields(table, table.span);
  const value = inner.get('value');
  const unit = inner.text('unit');
  const found = value?.kind === 'number' ? parseDuration(`${value.value}${unit ?? ''}`) : undefined;
  outer.diagnostics.push(...inner.diagnostics);
  if (found === undefined) outer.wrong('duration', 'a `value` with a `unit` of s, m or h', table);
  return found;
}
