import { equal, fingerprint, sameStructure } from '../../ir/equal.ts';
import type { Expr, Pattern } from '../../ir/expr.ts';

/** So many expressions that look alike are compared one by one. */
const FEW = 8;

/** Expressions, each once. Most differ at first sight: only what looks like another is compared, and of many only what has its fingerprint. */
export class ExprSet {
  private readonly few = new Map<string, Expr[]>();
  private readonly others = new Map<number, Expr[]>();

  /** False where it was there. */
  add(expr: Expr): boolean {
    const look = lookOf(expr);
    const alike = this.few.get(look);
    if (this.isAmong(alike ?? [], expr)) return false;
    if (alike === undefined) {
      this.few.set(look, [expr]);
    } else if (alike.length < FEW) {
      alike.push(expr);
    } else {
      const print = fingerprint(expr);
      this.others.set(print, [...(this.others.get(print) ?? []), expr]);
    }
    return true;
  }

  has(expr: Expr): boolean {
    return this.isAmong(this.few.get(lookOf(expr)) ?? [], expr);
  }

  private isAmong(alike: readonly Expr[], expr: Expr): boolean {
    if (alike.some((other) => sameStructure(other, expr))) return true;
    return alike.length === FEW && this.others.get(fingerprint(expr))?.some((other) => equal(other, expr)) === true;
  }
}

/** The same for equal expressions, and mostly different for others. */
function lookOf(expr: Expr): string {
  return expr.kind === 'match' ? lookOfPattern(expr.pattern) : expr.kind;
}

function lookOfPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'equals':
      return `equals ${pattern.value}`;
    case 'prefix':
    case 'suffix':
    case 'contains':
    case 'term':
    case 'analysed':
      return `${pattern.kind} ${pattern.text}`;
    case 'regex':
      return `regex ${pattern.source}`;
    case 'cidr':
      return `cidr ${pattern.network}`;
    case 'one-of':
      return `one-of ${pattern.values.length} ${pattern.values[0]}`;
    case 'wildcard':
    case 'token-wildcard':
      return `${pattern.kind} ${pattern.parts.map((part) => ('text' in part ? part.text : part.any)).join(' ')}`;
    case 'range':
      return 'range';
  }
}
