import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import type { Schedule } from '../../ir/rule/alert.ts';
import { children, expressions, planNodes } from '../../ir/traverse.ts';
import { durationInWords } from '../../values/duration.ts';

/** Times before now that a query asks for, further back than any run of the rule sees: nothing is found there. */
export function lintPeriod(plan: Plan, schedule: Schedule | undefined): readonly Diagnostic[] {
  if (schedule === undefined) return [];
  const lookback = BigInt(schedule.lookback);
  const spans = [...planNodes(plan)].flatMap(expressions).flatMap(spansBeforeNow);
  return spans
    .filter(({ ticks }) => ticks > lookback)
    .map(({ ticks, span }) =>
      diagnostic(
        'sentinel/period-too-short',
        { asks: durationInWords(ticks), period: durationInWords(lookback) },
        span,
      ),
    );
}

interface BeforeNow {
  readonly ticks: bigint;
  readonly span: Span | undefined;
}

/** `ago(…)` and `now() - …` of a written length. */
function spansBeforeNow(expr: Expr): BeforeNow[] {
  const inner = children(expr).flatMap(spansBeforeNow);
  if (expr.kind !== 'call' || expr.fn !== 'kusto.subtract') return inner;
  const [from, length] = expr.args;
  const isNow = from?.kind === 'call' && from.fn === 'kusto.now' && from.args.length === 0;
  if (!isNow || length?.kind !== 'literal' || length.type !== 'timespan' || length.value === null) return inner;
  return [{ ticks: BigInt(length.value), span: expr.span }];
}
