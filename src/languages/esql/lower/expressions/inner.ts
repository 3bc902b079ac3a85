import type { Diagnostic } from '../../../../base/diagnostic.ts';
import type { Span } from '../../../../base/span.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { EsqlExpr } from '../../ast.ts';
import type { EsqlType } from '../../types.ts';
import type { Context } from '../context.ts';
import type { Scope } from '../scope.ts';
import type { Typed } from './typed.ts';

/** Where an expression stands: what it may do there. */
export interface Place {
  /** Whether it filters documents of an index, so that it may search them. */
  readonly searches?: boolean;
  /** What stands for an expression in STATS: for aggregates, and for keys. */
  readonly aggregate?: (expr: EsqlExpr) => Typed | undefined;
  /** What may stand here, for messages. */
  readonly what: string;
}

/** The binder of expressions, as its parts know it. */
export interface Inner {
  readonly scope: Scope;
  readonly context: Context;
  readonly place: Place;
  report(found: Diagnostic): void;
  failed(span: Span): Typed;
  condition(expr: EsqlExpr): Expr;
  typed(expr: EsqlExpr): Typed;
  converted(value: Typed, type: EsqlType, span: Span): Typed;
}
