import { diagnostic } from '../../base/diagnostic.ts';
import { failure, type Result, success } from '../../base/result.ts';
import { and, not } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import type { PlanLogic } from '../../ir/rule/rule.ts';
import type { Schema } from '../../ir/view.ts';
import { type EqlStatement, lowerEql, parseEql } from '../../languages/eql/index.ts';
import type { LocatedText } from '../source/located.ts';
import type { RuleFields } from './fields.ts';

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

/** What a rule finds, and the events that its exceptions keep out of that; undefined where those cannot be told. */
export interface EqlSearch {
  readonly logic: PlanLogic;
  readonly excepted: Plan | undefined;
  readonly statement: EqlStatement;
}

/** The search of a rule of type `eql`: its filters and exceptions are asked of each event, before any sequence is made. */
export function eqlSearch(
  query: LocatedText,
  settings: EqlRuleSettings,
  source: Plan,
  filters: readonly Expr[],
  exceptions: Expr | undefined,
  schema: Schema,
): Result<EqlSearch> {
  const { ast, diagnostics } = parseEql(query.source());
  if (diagnostics.length > 0) return failure(...diagnostics);
  const lowerOver = (conditions: readonly Expr[]): ReturnType<typeof lowerEql> => {
    const events: Plan =
      conditions.length === 0 ? source : { kind: 'where', input: source, predicate: and(conditions) };
    return lowerEql(ast, { ...settings, schema, isMapping: false, source: events, samples: 1 });
  };
  const lowered = lowerOver([...filters, ...(exceptions === undefined ? [] : [not(exceptions)])]);
  if (!lowered.ok) return lowered;
  const { plan, columns, pipes } = lowered.value;
  const refused = pipes.map(({ kind, span }) => diagnostic('unsupported/eql-pipe', { name: kind }, span));
  if (refused.length > 0) return failure(...refused);
  // Which sequences there would be without the exceptions nobody knows; which events would match, they tell.
  const kept = ast.query.kind === 'event' && exceptions !== undefined ? lowerOver([...filters, exceptions]) : undefined;
  const excepted = kept?.ok === true ? kept.value.plan : undefined;
  return success({ logic: { kind: 'plan', plan, columns }, excepted, statement: ast }, lowered.diagnostics);
}
