import type { Span } from '../../base/span.ts';

/** A whole query with what comes after its `|`. */
export interface EqlStatement {
  readonly query: EqlQuery;
  readonly pipes: readonly EqlPipe[];
  readonly span: Span;
}

export type EqlQuery = EqlEventQuery | EqlSequence | EqlSample;

/** `category where condition` */
export interface EqlEventQuery {
  readonly kind: 'event';
  readonly filter: EqlFilter;
  readonly span: Span;
}

/** `sequence by keys with maxspan=5m [step] [step] until [step]` */
export interface EqlSequence {
  readonly kind: 'sequence';
  readonly by: readonly EqlField[];
  readonly maxspan: EqlDuration | null;
  readonly terms: readonly EqlTerm[];
  readonly until: EqlTerm | null;
  readonly span: Span;
}

/** `sample by keys [step] [step]` */
export interface EqlSample {
  readonly kind: 'sample';
  readonly by: readonly EqlField[];
  readonly terms: readonly EqlTerm[];
  readonly span: Span;
}

/** `[category where condition] by keys with runs=n`, or `![…]` where no such event may be. */
export interface EqlTerm {
  readonly missing: boolean;
  readonly filter: EqlFilter;
  readonly by: readonly EqlField[];
  readonly runs: EqlRuns | null;
  readonly span: Span;
}

export interface EqlRuns {
  readonly count: number;
  readonly span: Span;
}

export interface EqlFilter {
  /** Null: `any`. */
  readonly category: { readonly name: string; readonly span: Span } | null;
  readonly condition: EqlExpr;
  readonly span: Span;
}

export type EqlTimeUnit = 'ms' | 's' | 'm' | 'h' | 'd';

export interface EqlDuration {
  readonly count: number;
  readonly unit: EqlTimeUnit;
  readonly span: Span;
}

export interface EqlPipe {
  readonly kind: 'head' | 'tail';
  readonly count: number;
  readonly span: Span;
}

export type EqlExpr =
  | EqlJoined
  | EqlNot
  | EqlComparison
  | EqlMembership
  | EqlMatching
  | EqlArithmetic
  | EqlSign
  | EqlCall
  | EqlField
  | EqlConstant
  | EqlError;

/** Two or more conditions. */
export interface EqlJoined {
  readonly kind: 'and' | 'or';
  readonly items: readonly EqlExpr[];
  readonly span: Span;
}

export interface EqlNot {
  readonly kind: 'not';
  readonly item: EqlExpr;
  readonly span: Span;
}

export type EqlCompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=';

export interface EqlComparison {
  readonly kind: 'compare';
  readonly op: EqlCompareOp;
  readonly left: EqlExpr;
  readonly right: EqlExpr;
  readonly span: Span;
}

/** `subject in (…)`; `in~` disregards case. */
export interface EqlMembership {
  readonly kind: 'in';
  readonly ignoreCase: boolean;
  readonly negated: boolean;
  readonly subject: EqlExpr;
  readonly items: readonly EqlExpr[];
  readonly span: Span;
}

export type EqlMatchOp = ':' | 'like' | 'like~' | 'regex' | 'regex~';

/** `subject : "pattern"` and `subject like ("one", "another")`. */
export interface EqlMatching {
  readonly kind: 'matching';
  readonly op: EqlMatchOp;
  readonly subject: EqlExpr;
  readonly patterns: readonly EqlConstant[];
  readonly span: Span;
}

export type EqlArithmeticOp = '+' | '-' | '*' | '/' | '%';

export interface EqlArithmetic {
  readonly kind: 'arithmetic';
  readonly op: EqlArithmeticOp;
  readonly left: EqlExpr;
  readonly right: EqlExpr;
  readonly span: Span;
}

export interface EqlSign {
  readonly kind: 'sign';
  readonly op: '+' | '-';
  readonly item: EqlExpr;
  readonly span: Span;
}

/** `name(…)`, or `name~(…)` without regard to case. */
export interface EqlCall {
  readonly kind: 'call';
  /** As written, without the tilde. */
  readonly name: { readonly text: string; readonly span: Span };
  readonly ignoreCase: boolean;
  readonly args: readonly EqlExpr[];
  readonly span: Span;
}

export interface EqlField {
  readonly kind: 'field';
  /** The dotted name. */
  readonly name: string;
  /** `?name`: null where no index has the field. */
  readonly optional: boolean;
  readonly span: Span;
}

export type EqlConstant = EqlString | EqlNumber | EqlBoolean | EqlNull;

export interface EqlString {
  readonly kind: 'string';
  readonly value: string;
  readonly span: Span;
}

export interface EqlNumber {
  readonly kind: 'number';
  /** As written: a whole number is `long`, one with a point or an exponent `double`, and so is one too large for a long. */
  readonly text: string;
  readonly type: 'long' | 'double';
  readonly span: Span;
}

export interface EqlBoolean {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly span: Span;
}

export interface EqlNull {
  readonly kind: 'null';
  readonly span: Span;
}

/** What could not be read; a diagnostic says why. */
export interface EqlError {
  readonly kind: 'error';
  readonly span: Span;
}
