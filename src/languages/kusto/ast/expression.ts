import type { Span } from '../../../base/span.ts';
import type { ValueType } from '../../../ir/types.ts';
import type { Name, Node, TypeName } from './node.ts';
import type { Operator } from './operator.ts';

export type Expression =
  | LiteralExpression
  | NameExpression
  | StarExpression
  | MemberExpression
  | MethodExpression
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

/** `cluster('x').database('y')`: a call in the place of a member. */
export interface MethodExpression extends Node {
  readonly kind: 'method';
  readonly target: Expression;
  readonly call: CallExpression;
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

/** What could not be read; a diagnostic says why. */
export interface BadExpression extends Node {
  readonly kind: 'bad';
}
