import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Span } from '../../base/span.ts';
import { type Clock, compileExpr, type Evaluate, rowOf } from '../../engines/memory/index.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { children } from '../../ir/traverse.ts';
import type { Binding } from '../../passes/bind.ts';
import { boundFilters } from './bound-filters.ts';

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
    const row = rowOf(event);
    for (const operand of this.operandsFor(binding)) {
      const value = operand.value(row);
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
  return boundFilters(rule, binding).flatMap(({ written, bound }) =>
    oneValues(written, bound, undefined, clock).map((one) => ({ ...one, rule })),
  );
}

/** What a condition takes for one value, by the field that it reads. */
function oneValues(
  written: Expr,
  bound: Expr,
  around: Span | undefined,
  clock: Clock,
): readonly Omit<Operand, 'rule'>[] {
  const span = written.span ?? around;
  const takesOne = isOneValue(written) || (written.kind === 'compare' && written.many === 'null');
  const inner = children(bound);
  return children(written).flatMap((child, at) => {
    const made = inner[at];
    if (made === undefined) return [];
    const field = takesOne ? fieldOf(child) : undefined;
    if (field !== undefined) return [{ field, span, value: compileExpr(made, clock) }];
    return oneValues(child, made, span, clock);
  });
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
