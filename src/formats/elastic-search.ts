import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { failure, type Result, success } from '../base/result.ts';
import { and, not } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import type { Plan } from '../ir/plan.ts';
import type { PlanLogic } from '../ir/rule.ts';
import type { Schema } from '../ir/view.ts';
import { lowerEql, parseEql } from '../languages/eql/index.ts';
import { lintKuery, lowerKuery, parseKuery } from '../languages/kuery/index.ts';
import type { RuleFields } from './elastic-fields.ts';
import { type ThresholdSettings, thresholdColumns, thresholdPlan } from './elastic-threshold.ts';
import type { LocatedText } from './located.ts';

/** What a rule asks its query of. */
export interface Searched {
  readonly query: LocatedText;
  /** All events of its indices. */
  readonly source: Plan;
  readonly filters: readonly Expr[];
  /** What its exceptions keep out; undefined without any. */
  readonly excepted: Expr | undefined;
  readonly schema: Schema;
}

/** What a rule finds. */
export interface Search {
  readonly logic: PlanLogic;
  /** The events that its exceptions keep out of the result; undefined where they cannot be told. */
  readonly excepted?: Plan;
  readonly lint: () => readonly Diagnostic[];
}

/** A rule of type `query` or `threshold` with a kuery query. */
export function kuerySearch(
  { query, source, filters, excepted, schema }: Searched,
  name: string,
  threshold: ThresholdSettings | undefined,
): Result<Search> {
  const parsed = parseKuery(query.source());
  if (parsed.diagnostics.some((found) => found.severity === 'error')) return failure(...parsed.diagnostics);
  const lowered = lowerKuery(parsed.ast, schema);
  const diagnostics = [...parsed.diagnostics, ...lowered.diagnostics];
  if (!lowered.ok) return failure(...diagnostics);
  const { span } = lowered.value;
  const asked = and([lowered.value, ...filters], span);
  const predicate = excepted === undefined ? asked : and([asked, not(excepted)], span);
  const events: Plan = { kind: 'where', input: source, predicate };
  const logic: PlanLogic =
    threshold === undefined
      ? { kind: 'plan', plan: events, columns: undefined }
      : { kind: 'plan', plan: thresholdPlan(events, name, threshold), columns: thresholdColumns(threshold) };
  const search: Search = {
    logic,
    ...(excepted && { excepted: { kind: 'where', input: source, predicate: and([asked, excepted]) } }),
    lint: () => lintKuery(parsed.ast, schema).map((found) => escapeFixes(found, query)),
  };
  return success(search, diagnostics);
}

/** What a rule of type `eql` says of its search, beside the query. */
export interface EqlRuleSettings {
  readonly category: string;
  readonly timestamp: string | null;
  readonly tiebreaker: string | null;
}

export function readEqlSettings(fields: RuleFields): EqlRuleSettings {
  return {
    category: fields.text('event_category_override') ?? 'event.category',
    timestamp: fields.text('timestamp_field') ?? null,
    tiebreaker: fields.text('tiebreaker_field') ?? null,
  };
}

/** A rule of type `eql`: its filters and exceptions are asked of each event, before any sequence is made. */
export function eqlSearch(
  { query, source, filters, excepted, schema }: Searched,
  settings: EqlRuleSettings,
): Result<Search> {
  const { ast, diagnostics } = parseEql(query.source());
  if (diagnostics.length > 0) return failure(...diagnostics);
  const conditions = [...filters, ...(excepted === undefined ? [] : [not(excepted)])];
  const filtered = (predicates: readonly Expr[]): Plan =>
    predicates.length === 0 ? source : { kind: 'where', input: source, predicate: and(predicates) };
  const lowerOver = (events: Plan): ReturnType<typeof lowerEql> =>
    lowerEql(ast, { ...settings, schema, isMapping: false, source: events, samples: 1 });
  const lowered = lowerOver(filtered(conditions));
  if (!lowered.ok) return lowered;
  const { plan, columns, pipes } = lowered.value;
  const refused = pipes.map(({ kind, span }) => diagnostic('unsupported/eql-pipe', { name: kind }, span));
  if (refused.length > 0) return failure(...refused);
  // Which sequences would have been there without the exceptions nobody knows; which events would, they tell.
  const unexcepted =
    ast.query.kind === 'event' && excepted !== undefined ? lowerOver(filtered([...filters, excepted])) : undefined;
  const search: Search = {
    logic: { kind: 'plan', plan, columns },
    ...(unexcepted?.ok === true && { excepted: unexcepted.value.plan }),
    lint: () => [],
  };
  return success(search, lowered.diagnostics);
}

/** Fixes are given in kuery; the file has the query inside a string of its own. */
function escapeFixes(found: Diagnostic, query: LocatedText): Diagnostic {
  const fixes = found.fixes.map((fix) => ({
    ...fix,
    edits: fix.edits.map((edit) => ({ ...edit, text: query.escape(edit.text) })),
  }));
  return { ...found, fixes };
}
