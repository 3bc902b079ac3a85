import type { Span } from '../../base/span.ts';

/** ES|QL as it is written. Spans point into the query's source and take no part in equality. */

interface Node {
  readonly span: Span;
}

/** `SET a = 1; FROM … | …` */
export interface EsqlQuery extends Node {
  readonly settings: readonly EsqlSetting[];
  readonly pipeline: EsqlPipeline;
}

export interface EsqlSetting extends Node {
  readonly name: EsqlPart;
  readonly value: EsqlExpr;
}

/** Commands one after the other; the first one gives rows, but for branches of `FORK`. */
export interface EsqlPipeline extends Node {
  readonly commands: readonly EsqlCommand[];
}

/** One part of a dotted name. `text` is without quotes; in patterns `*` is a wildcard where the part is not quoted. */
export interface EsqlPart extends Node {
  readonly text: string;
  readonly written: 'plain' | 'quoted' | 'parameter' | 'name-parameter';
}

/** A dotted name: a column, or in `KEEP` and `DROP` a pattern. */
export interface EsqlName extends Node {
  readonly kind: 'name';
  readonly parts: readonly EsqlPart[];
}

/** `cluster:index::selector`, quoted or not, or a query in brackets. */
export type EsqlSource = EsqlIndex | EsqlSubquery;

export interface EsqlIndex extends Node {
  readonly kind: 'index';
  readonly text: string;
}

export interface EsqlSubquery extends Node {
  readonly kind: 'subquery';
  readonly pipeline: EsqlPipeline;
}

/** `name = value`, or a value without a name. */
export interface EsqlField extends Node {
  readonly name: EsqlName | null;
  readonly value: EsqlExpr;
}

/** An aggregate with the condition behind it. */
export interface EsqlAggregate extends EsqlField {
  readonly where: EsqlExpr | null;
}

export interface EsqlOrder extends Node {
  readonly value: EsqlExpr;
  readonly direction: 'asc' | 'desc' | null;
  readonly nulls: 'first' | 'last' | null;
}

export interface EsqlRenaming extends Node {
  readonly from: EsqlName;
  readonly to: EsqlName;
}

export interface EsqlString extends Node {
  readonly kind: 'string';
  readonly value: string;
}

export type EsqlCommand =
  | FromCommand
  | RowCommand
  | ShowCommand
  | WhereCommand
  | EvalCommand
  | KeepCommand
  | DropCommand
  | RenameCommand
  | SortCommand
  | LimitCommand
  | StatsCommand
  | ExpandCommand
  | GrokCommand
  | DissectCommand
  | EnrichCommand
  | JoinCommand
  | ForkCommand
  | SampleCommand
  | ChangePointCommand
  | CompletionCommand
  | PartsCommand
  | OtherCommand
  | ErrorCommand;

export interface FromCommand extends Node {
  readonly kind: 'from' | 'ts';
  readonly sources: readonly EsqlSource[];
  readonly metadata: readonly EsqlName[];
}

export interface RowCommand extends Node {
  readonly kind: 'row';
  readonly fields: readonly EsqlField[];
}

export interface ShowCommand extends Node {
  readonly kind: 'show';
}

export interface WhereCommand extends Node {
  readonly kind: 'where';
  readonly condition: EsqlExpr;
}

export interface EvalCommand extends Node {
  readonly kind: 'eval';
  readonly fields: readonly EsqlField[];
}

export interface KeepCommand extends Node {
  readonly kind: 'keep';
  readonly names: readonly EsqlName[];
}

export interface DropCommand extends Node {
  readonly kind: 'drop';
  readonly names: readonly EsqlName[];
}

export interface RenameCommand extends Node {
  readonly kind: 'rename';
  readonly renamings: readonly EsqlRenaming[];
}

export interface SortCommand extends Node {
  readonly kind: 'sort';
  readonly orders: readonly EsqlOrder[];
}

export interface LimitCommand extends Node {
  readonly kind: 'limit';
  readonly count: EsqlExpr;
  readonly by: readonly EsqlExpr[];
}

export interface StatsCommand extends Node {
  readonly kind: 'stats' | 'inline-stats';
  readonly aggregates: readonly EsqlAggregate[];
  readonly by: readonly EsqlField[];
}

export interface ExpandCommand extends Node {
  readonly kind: 'mv-expand';
  readonly name: EsqlName;
}

export interface GrokCommand extends Node {
  readonly kind: 'grok';
  readonly subject: EsqlExpr;
  readonly patterns: readonly EsqlString[];
}

export interface DissectCommand extends Node {
  readonly kind: 'dissect';
  readonly subject: EsqlExpr;
  readonly pattern: EsqlString;
  readonly options: readonly EsqlField[];
}

export interface EnrichCommand extends Node {
  readonly kind: 'enrich';
  readonly policy: EsqlIndex;
  readonly on: EsqlName | null;
  readonly fields: readonly { readonly name: EsqlName | null; readonly field: EsqlName; readonly span: Span }[];
}

export interface JoinCommand extends Node {
  readonly kind: 'join';
  readonly type: 'lookup' | 'left' | 'right' | 'full';
  readonly target: EsqlIndex;
  readonly on: readonly EsqlExpr[];
}

export interface ForkCommand extends Node {
  readonly kind: 'fork';
  readonly branches: readonly EsqlPipeline[];
}

export interface SampleCommand extends Node {
  readonly kind: 'sample';
  readonly probability: EsqlExpr;
}

export interface ChangePointCommand extends Node {
  readonly kind: 'change-point';
  readonly value: EsqlName;
  readonly key: EsqlName | null;
  readonly type: EsqlName | null;
  readonly pvalue: EsqlName | null;
  readonly by: readonly EsqlExpr[];
}

export interface CompletionCommand extends Node {
  readonly kind: 'completion';
  readonly target: EsqlName | null;
  readonly prompt: EsqlExpr;
  readonly options: EsqlMap | null;
}

/** Commands that take a value apart into columns of one prefix. */
export interface PartsCommand extends Node {
  readonly kind: 'parts';
  readonly command: 'URI_PARTS' | 'REGISTERED_DOMAIN' | 'USER_AGENT' | 'IP_LOCATION';
  readonly prefix: EsqlName;
  readonly value: EsqlExpr;
  readonly options: EsqlMap | null;
}

/** A command of Elasticsearch's whose arguments nobody here reads. */
export interface OtherCommand extends Node {
  readonly kind: 'other';
  readonly name: string;
  readonly text: string;
}

/** What could not be read. */
export interface ErrorCommand extends Node {
  readonly kind: 'error';
}

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%';
export type ComparisonOp = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type EsqlExpr =
  | EsqlName
  | EsqlString
  | EsqlNumber
  | EsqlBoolean
  | EsqlNull
  | EsqlArray
  | EsqlTimespan
  | EsqlParameter
  | EsqlMap
  | EsqlStar
  | EsqlCall
  | EsqlSign
  | EsqlArithmetic
  | EsqlComparison
  | EsqlLogic
  | EsqlNot
  | EsqlIsNull
  | EsqlIn
  | EsqlLike
  | EsqlMatch
  | EsqlCast
  | EsqlError;

export interface EsqlNumber extends Node {
  readonly kind: 'number';
  /** As it is written, without a sign. */
  readonly text: string;
  readonly whole: boolean;
}

export interface EsqlBoolean extends Node {
  readonly kind: 'boolean';
  readonly value: boolean;
}

export interface EsqlNull extends Node {
  readonly kind: 'null';
}

export interface EsqlArray extends Node {
  readonly kind: 'array';
  readonly items: readonly EsqlExpr[];
}

export interface EsqlTimespan extends Node {
  readonly kind: 'timespan';
  readonly count: EsqlNumber;
  readonly unit: string;
}

/** `?`, `?1`, `?name`: a constant. One without a name has the number of its place among those. `??name` is part of a name. */
export interface EsqlParameter extends Node {
  readonly kind: 'parameter';
  readonly name: string;
}

export interface EsqlMap extends Node {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: EsqlString; readonly value: EsqlExpr }[];
}

/** The `*` of `COUNT(*)`. */
export interface EsqlStar extends Node {
  readonly kind: 'star';
}

export interface EsqlCall extends Node {
  readonly kind: 'call';
  readonly name: EsqlPart;
  readonly args: readonly EsqlExpr[];
}

export interface EsqlSign extends Node {
  readonly kind: 'sign';
  readonly op: '+' | '-';
  readonly item: EsqlExpr;
}

export interface EsqlArithmetic extends Node {
  readonly kind: 'arithmetic';
  readonly op: ArithmeticOp;
  readonly left: EsqlExpr;
  readonly right: EsqlExpr;
}

export interface EsqlComparison extends Node {
  readonly kind: 'comparison';
  readonly op: ComparisonOp;
  readonly left: EsqlExpr;
  readonly right: EsqlExpr;
}

export interface EsqlLogic extends Node {
  readonly kind: 'and' | 'or';
  readonly items: readonly EsqlExpr[];
}

export interface EsqlNot extends Node {
  readonly kind: 'not';
  readonly item: EsqlExpr;
}

export interface EsqlIsNull extends Node {
  readonly kind: 'is-null';
  readonly negated: boolean;
  readonly subject: EsqlExpr;
}

export interface EsqlIn extends Node {
  readonly kind: 'in';
  readonly negated: boolean;
  readonly subject: EsqlExpr;
  readonly among: readonly EsqlExpr[] | EsqlSubquery;
}

export interface EsqlLike extends Node {
  readonly kind: 'like' | 'rlike';
  readonly negated: boolean;
  readonly subject: EsqlExpr;
  /** `listed`: the patterns stand in brackets. */
  readonly patterns: readonly EsqlExpr[];
  readonly listed: boolean;
}

/** `field : constant` */
export interface EsqlMatch extends Node {
  readonly kind: 'match';
  readonly subject: EsqlExpr;
  readonly query: EsqlExpr;
}

export interface EsqlCast extends Node {
  readonly kind: 'cast';
  readonly item: EsqlExpr;
  readonly type: EsqlPart;
}

export interface EsqlError extends Node {
  readonly kind: 'error';
}

/** The text of a name, as Elasticsearch calls the column. */
export function nameText({ parts }: EsqlName): string {
  return parts.map(({ text }) => text).join('.');
}
