import type { Span } from '../../../../base/span.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Timespan } from '../../timespan.ts';
import type { EsqlType } from '../../types.ts';

/** An expression with what the binder knows of it. */
export interface Typed {
  readonly expr: Expr;
  readonly type: EsqlType;
  readonly span: Span;
  /** The value of a constant, where it may become one of another type, or is asked for as it is written. */
  readonly constant?: Constant;
  /** The name of an index's field that it is: what is searched as Lucene searches. */
  readonly field?: string;
  /** Of a field of logs, whose type no mapping says: its values read as those of some type. */
  readonly readAs?: (type: EsqlType) => Expr;
}

export type Constant =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number | bigint }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'timespan'; readonly value: Timespan }
  | { readonly kind: 'list'; readonly items: readonly Typed[] };

export function textOfConstant({ constant }: Typed): string | undefined {
  return constant?.kind === 'text' ? constant.value : undefined;
}

export function numberOfConstant({ constant }: Typed): number | undefined {
  return constant?.kind === 'number' ? Number(constant.value) : undefined;
}
