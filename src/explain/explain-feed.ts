import type { JsonObject } from '../base/json.ts';
import { type Explanation, explainPredicate } from '../engines/memory/explain.ts';
import { type Clock, compilePipeline, type Row, rowOf } from '../engines/memory/index.ts';
import { pipeline } from '../engines/pipeline.ts';
import { describe } from '../ir/describe.ts';
import type { Expr } from '../ir/expr.ts';
import type { Plan, Source } from '../ir/plan.ts';
import { alike, type Handlers, SCOPES, TESTS, VALUES, visit } from '../ir/traverse.ts';
import { bindingOf } from '../logs/binding.ts';
import type { LogType, Shape } from '../logs/log-type.ts';

/** A row-local pipeline on one record: its filters as the rule wrote them, each with its verdict. */
export function explainFeed(plan: Plan, event: JsonObject, type: LogType, shape: Shape, clock: Clock): Explanation {
  const written = chainOf(plan);
  const [source] = written;
  if (source?.kind !== 'source') return { verdict: false, text: 'reads no logs', children: [] };
  const bound = chainOf(pipeline.bound(plan, bindingOf(type, shape)));
  if (bound[0]?.kind === 'never') {
    const what = source.table === undefined ? `${source.schema} rules` : `rules on ${source.table}`;
    return { verdict: false, text: `the record is ${type.name}, which has no view for ${what}`, children: [] };
  }
  const steps: Explanation[] = [];
  let row: Row | undefined = rowOf(event);
  // The view's condition and the rule's scope come first; the other operators stand one to one.
  const boundSource = bound.slice(0, bound.length - written.length + 1);
  for (const filter of boundSource) {
    if (filter.kind === 'where') steps.push(explainScope(source, filter.predicate, type, row, clock));
  }
  for (const [index, operator] of written.slice(1).entries()) {
    const boundOperator = bound[boundSource.length + index];
    if (row === undefined || boundOperator === undefined) break;
    if (operator.kind === 'where' && boundOperator.kind === 'where') {
      const explained = explainPredicate(operator.predicate, boundOperator.predicate, row, clock);
      // Filters after each other, and conditions joined by `and`, all must hold: one list says it.
      steps.push(...(operator.predicate.kind === 'and' ? explained.children : [explained]));
    } else {
      row = compilePipeline(cutOff(boundOperator), clock)(row);
    }
  }
  const verdict = compilePipeline(pipeline.bound(plan, bindingOf(type, shape)), clock)(rowOf(event)) !== undefined;
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return { ...only, verdict };
  return { verdict, text: 'all of', children: steps };
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
  return {
    verdict,
    text: `the record (${type.name}) is what the rule is about: ${wanted.join(', ') || `events of ${source.schema}`}`,
    children: [],
  };
}

function scopeWords(scope: Expr): string {
  return visit(scope, SCOPE_WORDS, undefined);
}

const SCOPE_WORDS: Handlers<string> = {
  ...alike([...VALUES, ...TESTS, ...SCOPES, 'not', 'at-least'], describe),
  and: ({ items }) => items.map(scopeWords).join(' and '),
  or: ({ items }) => items.map(scopeWords).join(' or '),
};

/** The operators of a row-local pipeline, the source first. */
function chainOf(plan: Plan): readonly Plan[] {
  if (plan.kind === 'where' || plan.kind === 'extend' || plan.kind === 'project') return [...chainOf(plan.input), plan];
  return [plan];
}

/** An operator alone, over whatever row it is given. */
function cutOff(plan: Plan): Plan {
  if (plan.kind !== 'where' && plan.kind !== 'extend' && plan.kind !== 'project') return plan;
  return { ...plan, input: { kind: 'records', logType: '' } };
}
