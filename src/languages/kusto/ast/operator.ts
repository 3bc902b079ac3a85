import type { Span } from '../../../base/span.ts';
import type { CallExpression, Expression } from './expression.ts';
import type { ColumnDeclaration, Name, Node, TypeName } from './node.ts';
import type { Statement } from './statement.ts';

/** An operator. `keyword`: where its name stands. */
export type Operator = OperatorForm & { readonly keyword: Span };

export type OperatorForm =
  | WhereOperator
  | ColumnsOperator
  | SerializeOperator
  | PatternOperator
  | ProjectByNamesOperator
  | RenameOperator
  | ReorderOperator
  | UnionOperator
  | JoinOperator
  | SortOperator
  | TakeOperator
  | SampleOperator
  | SampleDistinctOperator
  | TopOperator
  | TopHittersOperator
  | TopNestedOperator
  | CountOperator
  | DistinctOperator
  | SummarizeOperator
  | MakeSeriesOperator
  | ExpandOperator
  | ApplyOperator
  | ParseOperator
  | ParsePairsOperator
  | PartitionOperator
  | ForkOperator
  | FacetOperator
  | ScanOperator
  | SearchOperator
  | FindOperator
  | ReduceOperator
  | EvaluateOperator
  | PrintOperator
  | DatatableOperator
  | ExternalDataOperator
  | RangeOperator
  | AsOperator
  | InvokeOperator
  | GetSchemaOperator
  | AssertSchemaOperator
  | RenderOperator
  | ConsumeOperator
  | OtherOperator
  | BadOperator;

/** `kind = inner`, `hint.strategy = shuffle`, `isfuzzy = true`: words that steer an operator. */
export interface Option extends Node {
  readonly name: Name;
  readonly value: Expression;
}

/** A column that an operator makes: `name = value`, `(a, b) = value`, or just a value. */
export interface Assignment extends Node {
  readonly names: readonly Name[];
  readonly value: Expression;
}

export interface WhereOperator extends Node {
  readonly kind: 'where';
  readonly options: readonly Option[];
  /** `where x = …` gives the condition a name, which means nothing. */
  readonly name: Name | undefined;
  readonly predicate: Expression;
}

export interface ColumnsOperator extends Node {
  readonly kind: 'extend' | 'project';
  readonly options: readonly Option[];
  readonly columns: readonly Assignment[];
}

/** The rows have an order from here on, which `prev`, `next` and `row_number` need. Its columns are those of an `extend`. */
export interface SerializeOperator extends Node {
  readonly kind: 'serialize';
  readonly columns: readonly Assignment[];
}

/** Names that may hold stars. */
export interface PatternOperator extends Node {
  readonly kind: 'project-away' | 'project-keep';
  readonly patterns: readonly Name[];
}

/** Columns by names, or patterns of names, that constants hold. */
export interface ProjectByNamesOperator extends Node {
  readonly kind: 'project-by-names';
  readonly names: readonly Expression[];
}

export interface RenameOperator extends Node {
  readonly kind: 'project-rename';
  readonly columns: readonly { readonly to: Name; readonly from: Name }[];
}

export interface ReorderOperator extends Node {
  readonly kind: 'project-reorder';
  readonly columns: readonly { readonly pattern: Name; readonly order: 'asc' | 'desc' | undefined }[];
}

export interface UnionOperator extends Node {
  readonly kind: 'union';
  readonly options: readonly Option[];
  readonly inputs: readonly Expression[];
}

/** `on` are column names, equalities of `$left` and `$right`, or conditions. */
export interface JoinOperator extends Node {
  readonly kind: 'join' | 'lookup';
  readonly options: readonly Option[];
  readonly right: Expression;
  readonly on: readonly Expression[];
}

export interface SortKey extends Node {
  readonly value: Expression;
  readonly direction: 'asc' | 'desc' | undefined;
  readonly nulls: 'first' | 'last' | undefined;
}

export interface SortOperator extends Node {
  readonly kind: 'sort';
  readonly options: readonly Option[];
  readonly keys: readonly SortKey[];
}

export interface TakeOperator extends Node {
  readonly kind: 'take';
  readonly count: Expression;
}

export interface SampleOperator extends Node {
  readonly kind: 'sample';
  readonly count: Expression;
}

export interface SampleDistinctOperator extends Node {
  readonly kind: 'sample-distinct';
  readonly count: Expression;
  readonly of: Expression;
}

export interface TopOperator extends Node {
  readonly kind: 'top';
  readonly options: readonly Option[];
  readonly count: Expression;
  readonly keys: readonly SortKey[];
}

export interface TopHittersOperator extends Node {
  readonly kind: 'top-hitters';
  readonly count: Expression;
  readonly of: Expression;
  readonly by: Expression | undefined;
}

export interface TopNestedOperator extends Node {
  readonly kind: 'top-nested';
  readonly levels: readonly TopNestedLevel[];
}

/** `[count] of column [with others = value] by aggregate [asc | desc]` */
export interface TopNestedLevel extends Node {
  readonly count: Expression | undefined;
  readonly of: Assignment;
  readonly others: Expression | undefined;
  readonly by: Assignment;
  readonly direction: 'asc' | 'desc' | undefined;
}

export interface CountOperator extends Node {
  readonly kind: 'count';
  readonly as: Name | undefined;
}

export interface DistinctOperator extends Node {
  readonly kind: 'distinct';
  readonly options: readonly Option[];
  readonly columns: readonly Assignment[];
}

export interface SummarizeOperator extends Node {
  readonly kind: 'summarize';
  readonly options: readonly Option[];
  readonly aggregates: readonly Assignment[];
  readonly by: readonly Assignment[];
}

export interface MakeSeriesOperator extends Node {
  readonly kind: 'make-series';
  readonly options: readonly Option[];
  readonly aggregates: readonly SeriesColumn[];
  readonly on: Assignment;
  /** `from a to b step c`, or `in range(a, b, c)`, whose end is the start of the last bin. */
  readonly form: 'from' | 'range';
  readonly from: Expression | undefined;
  readonly to: Expression | undefined;
  readonly step: Expression;
  readonly by: readonly Assignment[];
}

/** `default`: what stands for a bin without rows. */
export interface SeriesColumn extends Node {
  readonly column: Assignment;
  readonly default: Expression | undefined;
}

/** A column to take apart; `type`: what its elements become. */
export interface ExpandedColumn extends Node {
  readonly column: Assignment;
  readonly type: TypeName | undefined;
}

export interface ExpandOperator extends Node {
  readonly kind: 'mv-expand';
  readonly options: readonly Option[];
  readonly columns: readonly ExpandedColumn[];
  readonly limit: Expression | undefined;
}

export interface ApplyOperator extends Node {
  readonly kind: 'mv-apply';
  readonly options: readonly Option[];
  readonly columns: readonly ExpandedColumn[];
  readonly limit: Expression | undefined;
  readonly body: readonly Operator[];
}

export type ParsePart =
  | ({ readonly kind: 'star' } & Node)
  | ({ readonly kind: 'text'; readonly text: string } & Node)
  | ({ readonly kind: 'column'; readonly name: Name; readonly type: TypeName | undefined } & Node);

export interface ParseOperator extends Node {
  readonly kind: 'parse' | 'parse-where';
  readonly options: readonly Option[];
  readonly subject: Expression;
  readonly pattern: readonly ParsePart[];
}

export interface ParsePairsOperator extends Node {
  readonly kind: 'parse-kv';
  readonly subject: Expression;
  readonly columns: readonly ColumnDeclaration[];
  readonly with: readonly Option[];
}

/** `body` is a pipe over each part, or, in braces, a query of its own. */
export interface PartitionOperator extends Node {
  readonly kind: 'partition';
  readonly options: readonly Option[];
  readonly by: Expression;
  readonly body:
    | { readonly kind: 'operators'; readonly operators: readonly Operator[] }
    | { readonly kind: 'query'; readonly statements: readonly Statement[] };
}

export interface ForkOperator extends Node {
  readonly kind: 'fork';
  readonly branches: readonly { readonly name: Name | undefined; readonly operators: readonly Operator[] }[];
}

export interface FacetOperator extends Node {
  readonly kind: 'facet';
  readonly by: readonly Name[];
  readonly with: readonly Operator[];
}

export interface ScanOperator extends Node {
  readonly kind: 'scan';
  readonly options: readonly Option[];
  readonly order: readonly SortKey[];
  readonly partition: readonly Expression[];
  readonly declares: readonly ScanColumn[];
  readonly steps: readonly ScanStep[];
}

export interface ScanColumn extends ColumnDeclaration {
  readonly value: Expression | undefined;
}

export interface ScanStep extends Node {
  readonly name: Name;
  readonly optional: boolean;
  readonly output: Name | undefined;
  readonly condition: Expression;
  readonly assignments: readonly Assignment[];
}

/** `in`: tables, by name or pattern; none: all there are, or the input. */
export interface SearchOperator extends Node {
  readonly kind: 'search';
  readonly options: readonly Option[];
  readonly in: readonly Expression[];
  readonly predicate: Expression;
}

export interface FindOperator extends Node {
  readonly kind: 'find';
  readonly options: readonly Option[];
  readonly in: readonly Expression[];
  readonly predicate: Expression;
  readonly output: FindOutput | undefined;
}

export type FindOutput =
  | { readonly kind: 'project-smart' }
  | { readonly kind: 'project-away'; readonly patterns: readonly Name[] }
  | {
      readonly kind: 'project';
      readonly columns: readonly { readonly name: Name; readonly type: TypeName | undefined }[];
    };

export interface ReduceOperator extends Node {
  readonly kind: 'reduce';
  readonly options: readonly Option[];
  readonly by: Expression;
  readonly with: readonly Option[];
}

/** A call of a plugin. `schema`: the columns that it is said to give; `open`: beside those of its input. */
export interface EvaluateOperator extends Node {
  readonly kind: 'evaluate';
  readonly options: readonly Option[];
  readonly call: CallExpression;
  readonly schema: { readonly open: boolean; readonly columns: readonly ColumnDeclaration[] } | undefined;
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

export interface ExternalDataOperator extends Node {
  readonly kind: 'externaldata';
  readonly columns: readonly ColumnDeclaration[];
  readonly from: readonly Expression[];
  readonly with: readonly Option[];
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
  readonly options: readonly Option[];
  readonly name: Name;
}

export interface InvokeOperator extends Node {
  readonly kind: 'invoke';
  readonly call: Expression;
}

export interface GetSchemaOperator extends Node {
  readonly kind: 'getschema';
}

export interface AssertSchemaOperator extends Node {
  readonly kind: 'assert-schema';
  readonly columns: readonly ColumnDeclaration[];
}

/** How the rows are shown. */
export interface RenderOperator extends Node {
  readonly kind: 'render';
  readonly visualization: Name;
  readonly with: readonly RenderProperty[];
}

/** Several values are columns. */
export interface RenderProperty extends Node {
  readonly name: Name;
  readonly values: readonly Expression[];
}

/** Reads the rows and gives none. */
export interface ConsumeOperator extends Node {
  readonly kind: 'consume';
  readonly options: readonly Option[];
}

/** An operator that Kusto has and whose parts are not read (those over graphs): its text. */
export interface OtherOperator extends Node {
  readonly kind: 'other';
  readonly name: Name;
  readonly text: string;
}

export interface BadOperator extends Node {
  readonly kind: 'bad-operator';
}
