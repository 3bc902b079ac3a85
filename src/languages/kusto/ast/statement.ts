import type { SourceText } from '../../../base/source-text.ts';
import type { Expression } from './expression.ts';
import type { ColumnDeclaration, Name, Node, TypeName } from './node.ts';

/** Kusto's syntax tree. What could not be read is a `bad` node with a diagnostic. */
export interface KustoQuery {
  readonly source: SourceText;
  readonly statements: readonly Statement[];
}

export type Statement =
  | LetStatement
  | SetStatement
  | ParametersStatement
  | AliasStatement
  | RestrictStatement
  | OtherStatement
  | ExpressionStatement
  | BadStatement;

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

/** A request property: `set notruncation`, `set query_now = …`. */
export interface SetStatement extends Node {
  readonly kind: 'set';
  readonly name: Name;
  readonly value: Expression | undefined;
}

/** `declare query_parameters(…)`: values that whoever asks the query gives. */
export interface ParametersStatement extends Node {
  readonly kind: 'parameters';
  readonly parameters: readonly Parameter[];
}

/** `alias database name = cluster(…).database(…)` */
export interface AliasStatement extends Node {
  readonly kind: 'alias';
  readonly name: Name;
  readonly value: Expression;
}

/** `restrict access to (…)`: the statements behind it see these tables alone. */
export interface RestrictStatement extends Node {
  readonly kind: 'restrict';
  readonly to: readonly Expression[];
}

/** A statement that Kusto has and whose parts are not read (`declare pattern`): its text. */
export interface OtherStatement extends Node {
  readonly kind: 'other-statement';
  readonly word: string;
  readonly text: string;
}

export interface ExpressionStatement extends Node {
  readonly kind: 'expression';
  readonly value: Expression;
}

export interface BadStatement extends Node {
  readonly kind: 'bad-statement';
}
