import type { Span } from '../../../base/span.ts';
import type { ValueType } from '../../../ir/types.ts';

/** Every node of Kusto's syntax tree knows its place. */
export interface Node {
  readonly span: Span;
}

/** A column, table, function or option by its name; a pattern of columns may have stars in it. */
export interface Name extends Node {
  readonly text: string;
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
