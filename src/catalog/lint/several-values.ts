import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Span } from '../../base/span.ts';
import { type Clock, compileExpr, type Evaluate, rowOf } from '../../engines/memory/index.ts';
import { pipeline } from '../../engines/pipeline.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { children, planNodes } from '../../ir/traverse.ts';
import type { Binding } from '../../passes/bind.ts';

/** A value that a condition takes for one, bound to one log type in one shape. */
interface Operand {
  readonly rule: Rule;
  readonly field: string;
  readonly span: Span | undefined;
  readonly value: Evaluate;
}

interface Finding extends Operand {
  records: number;
}

/** Finds conditions of ES|QL rules that are never true of a record, because a field has several values there. */
export class SeveralValuesLint {
  private readonly rules: readonly Rule[];
  private readonly clock: Clock;
  private readonly operands = new Map<Binding, readonly Operand[]>();
  private readonly findings = new Map<string, Finding>();

  constructor(rules: readonly Rule[], clock: Clock) {
    this.rules = rules.filter(({ language }) => language === 'esql');
    this.clock = clock;
  }

  /** Looks at one record; `binding` must be the same object for all records of a log type in a shape. */
  see(event: JsonObject, binding: Binding): void {
    for (const operand of this.operandsFor(binding)) {
      const value = operand.value(rowOf(event));
      if (!Array.isArray(value) || value.length < 2) continue;
      const key = [operand.rule.id, operand.field, operand.span?.start].join('\0');
      const finding = this.findings.get(key) ?? { ...operand, records: 0 };
      finding.records += 1;
      this.findings.set(key, finding);
    }
  }

  report(): readonly Diagnostic[] {
    return [...this.findings.values()].map(({ rule, field, span, records }) =>
      diagnostic('lint/several-values', { field, records }, span ?? rule.span),
    );
  }

  private operandsFor(binding: Binding): readonly Operand[] {
    const known = this.operands.get(binding);
    if (known !== undefined) return known;
    const found = this.rules.flatMap((rule) => operandsOf(rule, binding, this.clock));
    this.operands.set(binding, found);
    return found;
  }
}

function operandsOf(rule: Rule, binding: Binding, clock: Clock): readonly Operand[] {
  const { feeds } = pipeline.prepare(rule.logic.plan, rule.logic.columns, rule.logic.shared);
  return feeds.flatMap((feed) => {
    if (pipeline.residual(feed.plan, binding).kind === 'never') return [];
    const written = filtersOf(feed.plan);
    const filters = filtersOf(pipeline.bound(feed.plan, binding));
    // `bind` keeps the structure; what it adds, the filters of the scope, comes first.
    const own = filters.slice(filters.length - written.length);
    return written.flatMap((filter, at) => {
      const bound = own[at];
      return bound === undefined ? [] : single(filter, bound, undefined).map((one) => ({ ...one, rule }));
    });
  });

  /** What a condition takes for one value, by the field that it reads. */
  function single(filter: Expr, bound: Expr, around: Span | undefined): readonly Omit<Operand, 'rule'>[] {
    const span = filter.span ?? around;
    const takesOne = isOneValue(filter) || (filter.kind === 'compare' && filter.many === 'null');
    const inner = children(bound);
    return children(filter).flatMap((child, at) => {
      const made = inner[at];
      if (made === undefined) return [];
      const field = takesOne ? fieldOf(child) : undefined;
      if (field !== undefined) return [{ field, span, value: compileExpr(made, clock) }];
      return single(child, made, span);
    });
  }
}

function isOneValue(expr: Expr): boolean {
  return expr.kind === 'call' && expr.fn === 'esql.one-value';
}

/** The field whose values an operand is, with nothing done to them. */
function fieldOf(operand: Expr): string | undefined {
  if (operand.kind !== 'call' || operand.fn !== 'esql.values') return undefined;
  const [place] = operand.args;
  return place?.kind === 'field' ? place.name : undefined;
}

function filtersOf(plan: Plan): readonly Expr[] {
  return [...planNodes(plan)].flatMap((node) => (node.kind === 'where' ? [node.predicate] : []));
}
