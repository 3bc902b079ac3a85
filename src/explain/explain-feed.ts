import type { JsonObject } from '../base/json.ts';
import { type Explanation, explainPredicate } from '../engines/memory/explain.ts';
import { type Clock, compileRowStep, type Row, rowOf } from '../engines/memory/index.ts';
import type { Expr } from '../ir/expr.ts';
import type { Plan, Source } from '../ir/plan/plan.ts';
import { rowPath } from '../ir/plan/row-path.ts';
import { describe } from '../ir/print/describe.ts';
import { alike, type Handlers, SCOPES, TESTS, VALUES, visit } from '../ir/traverse.ts';
import type { LogType } from '../logs/log-type.ts';
import type { Taken } from '../logs/undeclared/taken.ts';
import type { BoundFeed } from './bound-feeds.ts';

/** A row-local pipeline on one record: its filters as the rule wrote them, each with its verdict. */
export function explainFeed(plan: Plan, feed: BoundFeed, event: JsonObject, type: LogType, clock: Clock): Explanation {
  const { below: source, steps: written } = rowPath(plan);
  if (source.kind !== 'source') return { verdict: false, text: 'reads no logs', children: [] };
  const bound = rowPath(feed.bound);
  if (bound.below.kind === 'never') {
    const what = source.table === undefined ? `${source.schema} rules` : `rules on ${source.table}`;
    return { verdict: false, text: `the record is ${type.name}, which has no view for ${what}`, children: [] };
  }
  const steps: Explanation[] = [];
  const start = rowOf(event);
  // The view's condition and the rule's scope come first; the other operators stand one to one.
  const ofSource = bound.steps.length - written.length;
  for (const filter of bound.steps.slice(0, ofSource)) {
    if (filter.kind === 'where') steps.push(explainScope(source, filter.predicate, type, start, clock));
  }
  let rows: readonly Row[] = [start];
  for (const [index, operator] of written.entries()) {
    const boundOperator = bound.steps[ofSource + index];
    if (rows.length === 0 || boundOperator === undefined) break;
    if (operator.kind === 'where' && boundOperator.kind === 'where') {
      const explained = rows.map((row) => explainPredicate(operator.predicate, boundOperator.predicate, row, clock));
      steps.push(...filterSteps(operator.predicate, explained));
      // Of several rows only those that pass go on; a single one does, so that all that is asked of it is told.
      const passed = rows.filter((_, at) => explained[at]?.verdict === true);
      if (passed.length > 0) rows = passed;
    } else {
      rows = rows.flatMap(compileRowStep(boundOperator, clock));
      if (rows.length === 0) steps.push({ verdict: false, text: 'there is an element to look at', children: [] });
    }
  }
  const verdict = feed.through(start).length > 0;
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return { ...only, verdict };
  return { verdict, text: 'all of', op: 'and', children: steps };
}

/** What a filter asks, of one row or of any of several. */
function filterSteps(predicate: Expr, explained: readonly Explanation[]): readonly Explanation[] {
  const [only] = explained;
  if (explained.length > 1) {
    const verdict = explained.some((each) => each.verdict === true);
    return [{ verdict, text: `any of the ${explained.length} elements`, children: explained }];
  }
  // Filters after each other, and conditions joined by `and`, all must hold: one list says it.
  return predicate.kind === 'and' ? (only?.children ?? []) : explained;
}

/** Whether the record is what the rule looks at, told as one condition: the rule's log source, or the table. */
function explainScope(
  source: Source,
  bound: Parameters<typeof explainPredicate>[1],
  type: LogType,
  row: Row,
  clock: Clock,
): Explanation {
  const { verdict } = explainPredicate(bound, bound, row, clock);
  const wanted = [
    ...(source.table === undefined ? [] : [`a row of ${source.table}`]),
    ...(source.scope === null ? [] : [scopeWords(source.scope)]),
  ];
  const text = `the record (${type.name}) is what the rule is about: ${wanted.join(', ') || `events of ${source.schema}`}`;
  const taken = (type.undeclared?.taken ?? []).filter((one) => one.schema === source.schema);
  return { verdict, text, children: type.undeclared === undefined ? [] : takenWords(taken, verdict) };
}

/** What a record of an undeclared type was taken for: nothing else lets rules about a log source look at it. */
function takenWords(taken: readonly Taken[], verdict: Explanation['verdict']): readonly Explanation[] {
  if (taken.length === 0) {
    const text = 'nothing says what log source the record is of: --log-source, or `logSources` in dragoman.yaml, would';
    return [{ verdict, text, children: [] }];
  }
  const only = verdict === true ? '' : 'only ';
  return taken.map(({ as, by }) => ({ verdict, text: `it is taken ${only}as ${as}, by ${by}`, children: [] }));
}

function scopeWords(scope: Expr): string {
  return visit(scope, SCOPE_WORDS, undefined);
}

const SCOPE_WORDS: Handlers<string> = {
  ...alike([...VALUES, ...TESTS, ...SCOPES, 'not', 'at-least'], describe),
  and: ({ items }) => items.map(scopeWords).join(' and '),
  or: ({ items }) => items.map(scopeWords).join(' or '),
};
