import { diagnostic } from '../base/diagnostic.ts';
import type { AlertTemplate } from '../ir/alert.ts';
import { ALERT_SEMANTICS } from '../ir/alert-semantics.ts';
import { call, text } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import type { NamedExpr } from '../ir/plan.ts';
import type { RuleSeverity } from '../ir/rule.ts';
import { ticks } from '../values/duration.ts';
import type { PantherFields } from './panther-fields.ts';
import { EVENT, readKey, valueAtPath } from './panther-key.ts';
import { readMatchExpressions } from './panther-match.ts';
import { type PantherMetadata, SEVERITIES } from './panther-metadata.ts';

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
  fields: PantherFields,
  id: string,
): Pick<AlertTemplate, 'title' | 'dedup' | 'context' | 'severities'> {
  const title = readTitle(fields);
  const groups = fields.maps('GroupBy').flatMap((group) => readKey(group, EVENT)?.expr ?? []);
  const dedup = groups.length === 0 ? title : joined(groups);
  return {
    // As of a Python rule without `title()`: its id, which is no dedup text.
    title: title ?? text(id),
    ...(dedup !== undefined && { dedup }),
    context: readContext(fields),
    severities: readSeverities(fields),
  };
}

const PLACE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** `Repository {repo} of {actor.name}`; `{{` and `}}` are braces. */
function readTitle(fields: PantherFields): Expr | undefined {
  const written = fields.text('AlertTitle');
  if (written === undefined) return undefined;
  const node = fields.get('AlertTitle');
  const parts: Expr[] = [];
  let words = '';
  let from = 0;
  for (const found of written.matchAll(PLACE)) {
    const [whole, path] = found;
    words += written.slice(from, found.index);
    from = found.index + whole.length;
    if (path !== undefined) {
      const value = valueAtPath(path.trim(), fields, node);
      if (words !== '') parts.push(text(words));
      words = '';
      if (value !== undefined) parts.push(call('panther.text', [value.expr]));
    } else if (whole.length === 2) {
      words += whole[0] ?? '';
    } else {
      fields.diagnostics.push(diagnostic('panther/title-template', { reason: `a single \`${whole}\`` }, node?.span));
    }
  }
  words += written.slice(from);
  if (words !== '' || parts.length === 0) parts.push(text(words));
  return call('text.concat', parts, node?.span);
}

function joined(values: readonly Expr[]): Expr {
  const parts = values.flatMap((value, index) => {
    const shown = call('panther.text', [value]);
    return index === 0 ? [shown] : [text(BETWEEN), shown];
  });
  return call('text.concat', parts);
}

function readContext(fields: PantherFields): NamedExpr[] {
  return fields.maps('AlertContext').flatMap((entry) => {
    const name = entry.name('KeyName');
    const specifier = entry.map('KeyValue');
    if (!entry.has('KeyValue')) entry.missing('KeyValue');
    if (name === undefined || specifier === undefined) return [];
    const value = readKey(entry.inside(specifier, 'KeyValue'), EVENT);
    return value === undefined ? [] : [{ name, expr: value.expr }];
  });
}

function readSeverities(fields: PantherFields): { readonly when: Expr; readonly severity: RuleSeverity }[] {
  return fields.maps('DynamicSeverities').flatMap((entry) => {
    const written = entry.requiredText('ChangeTo');
    if (!entry.has('Conditions')) entry.missing('Conditions');
    const when = readMatchExpressions('Conditions', entry);
    const severity = SEVERITIES.get(written?.toUpperCase() ?? '');
    if (written !== undefined && severity === undefined) {
      const span = entry.node.get('ChangeTo')?.span;
      fields.diagnostics.push(diagnostic('panther/severity', { severity: written }, span));
    }
    return severity === undefined ? [] : [{ when, severity }];
  });
}
