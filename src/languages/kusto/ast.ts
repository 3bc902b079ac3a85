import type { SourceText } from '../../base/source-text.ts';
import type { Span } from '../../base/span.ts';
import type { ValueType } from '../../ir/types.ts';

/** Kusto's syntax tree. Every node knows its place; what could not be read is a `bad` node with a diagnostic. */
export interface KustoQuery {
  readonly source: SourceText;
  readonly statements: readonly Statement[];
}

export type Statement = LetStatement | SetStatement | ExpressionStatement | BadStatement;

interface Node {
  readonly span: Span;
}

export interface Name extends Node {
  readonly text: string;
}

export interface LetStatement extends Node {
  readonly kind: 'let';
  readonly name: Name;
  readonly value: Expression | FunctionDeclaration;
}

/** `(parameters) { body }`; a `view` is seen by wildcard unions. */
export interface FunctionDeclaration extends Node {
  readonly kind: 'function';
  readonly view: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

export interface Parameter extends Node {
  readonly name: Name;
  /** A scalar type, the columns of a table, or null for `(*)`: any table. */
  readonly type: TypeName | readonly ColumnDeclaration[] | null;
  readonly value: Expression | undefined;
}

/** A type as written; `type` is undefined when there is no such type. */
export interface TypeName extends Node {
  readonly text: string;
  readonly type: ValueType | undefined;
}

export interface ColumnDeclaration extends Node {
  readonly name: Name;
  readonly type: TypeName;
}

/** `set x = y`, `declare …`, `alias …`, `restrict …`, `pattern …`. */
export interface SetStatement extends Node {
  readonly kind: 'set';
  readonly word: string;
}

export interface ExpressionStatement extends Node {
  readonly kind: 'expression';
  readonly value: Expression;
}

export interface BadStatement extends Node {
  readonly kind: 'bad-statement';
}

export type Expression =
  | LiteralExpression
  | NameExpression
  | StarExpression
  | MemberExpression
  | IndexExpression
  | CallExpression
  | UnaryExpression
  | BinaryExpression
  | LogicExpression
  | BetweenExpression
  | ListExpression
  | TypeofExpression
  | PipeExpression
  | SourceExpression
  | BadExpression;

/** A constant; `value` is what IR's literal carries. `dynamic` carries JSON text. */
export interface LiteralExpression extends Node {
  readonly kind: 'literal';
  readonly type: ValueType;
  readonly value: string | number | boolean | null;
}

export interface NameExpression extends Node {
  readonly kind: 'name';
  readonly name: string;
}

/** `*`, or a name with stars in it: `Device*`. */
export interface StarExpression extends Node {
  readonly kind: 'star';
  readonly pattern: string;
}

export interface MemberExpression extends Node {
  readonly kind: 'member';
  readonly target: Expression;
  readonly name: Name;
}

export interface IndexExpression extends Node {
  readonly kind: 'index';
  readonly target: Expression;
  readonly index: Expression;
}

export interface CallExpression extends Node {
  readonly kind: 'call';
  readonly name: Name;
  readonly args: readonly Argument[];
}

export interface Argument extends Node {
  readonly name: Name | undefined;
  readonly value: Expression;
}

export interface UnaryExpression extends Node {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly operand: Expression;
}

/** Arithmetic, comparison, and text operators, by the operator's text (`<>` is `!=`). */
export interface BinaryExpression extends Node {
  readonly kind: 'binary';
  readonly operator: string;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}

export interface LogicExpression extends Node {
  readonly kind: 'logic';
  readonly operator: 'and' | 'or';
  readonly items: readonly Expression[];
}

export interface BetweenExpression extends Node {
  readonly kind: 'between';
  readonly subject: Expression;
  readonly negated: boolean;
  readonly low: Expression;
  readonly high: Expression;
}

/** `in`, `!in~`, `has_any`, … with the list in parentheses. */
export interface ListExpression extends Node {
  readonly kind: 'list';
  readonly operator: string;
  readonly operatorSpan: Span;
  readonly subject: Expression;
  readonly items: readonly Expression[];
}

export interface TypeofExpression extends Node {
  readonly kind: 'typeof';
  readonly type: TypeName;
}

/** `source | operator | operator …` */
export interface PipeExpression extends Node {
  readonly kind: 'pipe';
  readonly source: Expression;
  readonly operators: readonly Operator[];
}

/** An operator that stands at the start of a pipe: `union …`, `print …`, `datatable …`. */
export interface SourceExpression extends Node {
  readonly kind: 'source';
  readonly operator: Operator;
}

export interface BadExpression extends Node {
  readonly kind: 'bad';
}

export type Operator =
  | WhereOperator
  | ColumnsOperator
  | PatternOperator
  | RenameOperator
  | ReorderOperator
  | UnionOperator
  | SortOperator
  | TakeOperator
  | TopOperator
  | CountOperator
  | DistinctOperator
  | SummarizeOperator
  | PrintOperator
  | DatatableOperator
  | RangeOperator
  | AsOperator
  | InvokeOperator
  | GetSchemaOperator
  | PassOperator
  | OtherOperator
  | BadOperator;

/** A column that an operator makes: `name = value`, `(a, b) = value`, or just a value. */
export interface Assignment extends Node {
  readonly names: readonly Name[];
  readonly value: Expression;
}

export interface WhereOperator extends Node {
  readonly kind: 'where';
  /** `where x = …` gives the condition a name, which means nothing. */
  readonly name: Name | undefined;
  readonly predicate: Expression;
}

export interface ColumnsOperator extends Node {
  readonly kind: 'extend' | 'project';
  readonly columns: readonly Assignment[];
}

/** Names that may hold stars. */
export interface PatternOperator extends Node {
  readonly kind: 'project-away' | 'project-keep';
  readonly patterns: readonly Name[];
}

export interface RenameOperator extends Node {
  readonly kind: 'project-rename';
  readonly columns: readonly { readonly to: Name; readonly from: Name }[];
}

export interface ReorderOperator extends Node {
  readonly kind: 'project-reorder';
  readonly columns: readonly { readonly pattern: Name; readonly order: 'asc' | 'desc' | undefined }[];
}

export interface Option extends Node {
  readonly name: Name;
  readonly value: Expression;
}

export interface UnionOperator extends Node {
  readonly kind: 'union';
  readonly options: readonly Option[];
  readonly inputs: readonly Expression[];
}

export interface SortKey extends Node {
  readonly value: Expression;
  readonly direction: 'asc' | 'desc' | undefined;
  readonly nulls: 'first' | 'last' | undefined;
}

export interface SortOperator extends Node {
  readonly kind: 'sort';
  readonly keys: readonly SortKey[];
}

export interface TakeOperator extends Node {
  readonly kind: 'take';
  readonly count: Expression;
}

export interface TopOperator extends Node {
  readonly kind: 'top';
  readonly count: Expression;
  readonly keys: readonly SortKey[];
}

export interface CountOperator extends Node {
  readonly kind: 'count';
  readonly as: Name | undefined;
}

export interface DistinctOperator extends Node {
  readonly kind: 'distinct';
  readonly columns: readonly Assignment[];
}

export interface SummarizeOperator extends Node {
  readonly kind: 'summarize';
  readonly aggregates: readonly Assignment[];
  readonly by: readonly Assignment[];
}

export interface PrintOperator extends Node {
  readonly kind: 'print';
  readonly columns: readonly Assignment[];
}

export interface DatatableOperator extends Node {
  readonly kind: 'datatable';
  readonly columns: readonly ColumnDeclaration[];
  readonly values: readonly Expression[];
}

export interface RangeOperator extends Node {
  readonly kind: 'range';
  readonly column: Name;
  readonly from: Expression;
  readonly to: Expression;
  readonly step: Expression;
}

export interface AsOperator extends Node {
  readonly kind: 'as';
  readonly name: Name;
}

export interface InvokeOperator extends Node {
  readonly kind: 'invoke';
  readonly call: Expression;
}

export interface GetSchemaOperator extends Node {
  readonly kind: 'getschema';
}

/** Changes no rows: `render` (presentation), `serialize` without columns, `consume`. */
export interface PassOperator extends Node {
  readonly kind: 'pass';
  readonly name: Name;
}

/** An operator that Kusto has and this front-end does not lower yet. Its text was skipped. */
export interface OtherOperator extends Node {
  readonly kind: 'other';
  readonly name: Name;
}

export interface BadOperator extends Node {
  readonly kind: 'bad-operator';
}
