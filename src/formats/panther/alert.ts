import { diagnostic } from '../../base/diagnostic.ts';
import { text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { NamedExpr } from '../../ir/plan/plan.ts';
import type { AlertTemplate } from '../../ir/rule/alert.ts';
import { ALERT_SEMANTICS } from '../../ir/rule/alert-semantics.ts';
import type { RuleSeverity } from '../../ir/rule/rule.ts';
import {
  type Context,
  lowerEventKey,
  lowerExpressions,
  lowerJoined,
  lowerTemplate,
  type MapFields,
  parseExpressions,
  parseKey,
  parseTemplate,
} from '../../languages/panther/index.ts';
import { ticks } from '../../values/duration.ts';
import { type PantherMetadata, SEVERITIES } from './metadata.ts';

/** What stands between the values of `GroupBy` in a dedup text. */
const BETWEEN = ', ';

/** What any rule or policy says of how its matches become alerts. A Python rule says the rest in its functions. */
export function readAlert({ dedupMinutes, threshold, createAlert }: PantherMetadata): AlertTemplate {
  return {
    context: [],
    severities: [],
    group: {
      by: ALERT_SEMANTICS.panther.group,
      fields: [],
      missing: 'match',
      period: ticks(dedupMinutes * 60).toString(),
    },
    // One match is as many as there are anyway.
    ...(threshold > 1 && { threshold: { of: 'group', operator: 'ge', count: threshold, called: 'threshold' } }),
    createAlert,
  };
}

/** What `AlertTitle`, `AlertContext`, `GroupBy` and `DynamicSeverities` say of a simple detection's matches. */
export function readTexts(
  fields: MapFields,
  id: string,
  context: Context,
): Pick<AlertTemplate, 'title' | 'dedup' | 'context' | 'severities'> {
  const title = readTitle(fields);
  const groups = fields.maps('GroupBy').flatMap((group) => parseKey(group) ?? []);
  const dedup = groups.length === 0 ? title : lowerJoined(groups, BETWEEN);
  return {
    // As of a Python rule without `title()`: its id, which is no dedup text.
    title: title ?? text(id),
    ...(dedup !== undefined && { dedup }),
    context: readContext(fields),
    severities: readSeverities(fields, context),
  };
}

/** `Repository {repo} of {actor.name}`. */
function readTitle(fields: MapFields): Expr | undefined {
  const written = fields.text('AlertTitle');
  return written === undefined ? undefined : lowerTemplate(parseTemplate(written, fields, fields.get('AlertTitle')));
}

function readContext(fields: MapFields): NamedExpr[] {
  return fields.maps('AlertContext').flatMap((entry) => {
    const name = entry.name('KeyName');
    const specifier = entry.map('KeyValue');
    if (!entry.has('KeyValue')) entry.missing('KeyValue');
    if (name === undefined || specifier === undefined) return [];
    const key = parseKey(entry.inside(specifier, 'KeyValue'));
    return key === undefined ? [] : [{ name, expr: lowerEventKey(key) }];
  });
}

function readSeverities(
  fields: MapFields,
  context: Context,
): { readonly when: Expr; readonly severity: RuleSeverity }[] {
  return fields.maps('DynamicSeverities').flatMap((entry) => {
    const written = entry.requiredText('ChangeTo');
    if (!entry.has('Conditions')) entry.missing('Conditions');
    const when = lowerExpressions(parseExpressions('Conditions', entry), context, entry.node.get('Conditions')?.span);
    const severity = SEVERITIES.get(written?.toUpperCase() ?? '');
    if (written !== undefined && severity === undefined) {
      const span = entry.node.get('ChangeTo')?.span;
      fields.diagnostics.push(diagnostic('panther/severity', { severity: written }, span));
    }
    return severity === undefined ? [] : [{ when, severity }];
  });
}
