/**
 * The syntax tree of Python 3. Kinds and fields are named as in CPython's `ast` module, so that the two can be compared;
 * `start` and `end` are offsets in the module's text.
 */
interface Node {
  readonly start: number;
  readonly end: number;
}

export interface Module {
  readonly body: readonly Stmt[];
}

export type Expression =
  | Constant
  | Name
  | (Node & { readonly kind: 'JoinedStr'; readonly values: readonly Expression[] })
  | FormattedValue
  | (Node & { readonly kind: 'List' | 'Tuple' | 'Set'; readonly elts: readonly Expression[] })
  | Dict
  | (Node & { readonly kind: 'UnaryOp'; readonly op: UnaryOperator; readonly operand: Expression })
  | BinOp
  | (Node & { readonly kind: 'BoolOp'; readonly op: 'And' | 'Or'; readonly values: readonly Expression[] })
  | Compare
  | Call
  | Attribute
  | Subscript
  | (Node & {
      readonly kind: 'Slice';
      readonly lower: Expression | null;
      readonly upper: Expression | null;
      readonly step: Expression | null;
    })
  | (Node & { readonly kind: 'Starred'; readonly value: Expression })
  | IfExp
  | Lambda
  | Comprehension
  | (Node & { readonly kind: 'NamedExpr'; readonly target: Name; readonly value: Expression })
  | (Node & { readonly kind: 'Await' | 'YieldFrom'; readonly value: Expression })
  | (Node & { readonly kind: 'Yield'; readonly value: Expression | null });

/** Whole numbers as decimal text, floats and strings as they are; bytes as text of one character for each. */
export interface Constant extends Node {
  readonly kind: 'Constant';
  readonly type: 'str' | 'bytes' | 'int' | 'float' | 'complex' | 'bool' | 'none' | 'ellipsis';
  readonly value: string | number | boolean | null;
}

export interface Name extends Node {
  readonly kind: 'Name';
  readonly id: string;
}

export interface FormattedValue extends Node {
  readonly kind: 'FormattedValue';
  readonly value: Expression;
  /** The letter after `!`, or nothing. */
  readonly conversion: '' | 's' | 'r' | 'a';
  readonly format_spec: Expression | null;
}

/** A null key is `**value`. */
export interface Dict extends Node {
  readonly kind: 'Dict';
  readonly keys: readonly (Expression | null)[];
  readonly values: readonly Expression[];
}

export type UnaryOperator = 'Not' | 'USub' | 'UAdd' | 'Invert';

export interface BinOp extends Node {
  readonly kind: 'BinOp';
  readonly op: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export type BinaryOperator =
  | 'Add'
  | 'Sub'
  | 'Mult'
  | 'MatMult'
  | 'Div'
  | 'Mod'
  | 'Pow'
  | 'LShift'
  | 'RShift'
  | 'BitOr'
  | 'BitXor'
  | 'BitAnd'
  | 'FloorDiv';

export interface Compare extends Node {
  readonly kind: 'Compare';
  readonly left: Expression;
  readonly ops: readonly CompareOperator[];
  readonly comparators: readonly Expression[];
}

export type CompareOperator = 'Eq' | 'NotEq' | 'Lt' | 'LtE' | 'Gt' | 'GtE' | 'Is' | 'IsNot' | 'In' | 'NotIn';

export interface Call extends Node {
  readonly kind: 'Call';
  readonly func: Expression;
  readonly args: readonly Expression[];
  readonly keywords: readonly Keyword[];
}

/** A null `arg` is `**value`. */
export interface Keyword {
  readonly arg: string | null;
  readonly value: Expression;
}

export interface Attribute extends Node {
  readonly kind: 'Attribute';
  readonly value: Expression;
  readonly attr: string;
}

export interface Subscript extends Node {
  readonly kind: 'Subscript';
  readonly value: Expression;
  readonly slice: Expression;
}

export interface IfExp extends Node {
  readonly kind: 'IfExp';
  readonly test: Expression;
  readonly body: Expression;
  readonly orelse: Expression;
}

export interface Lambda extends Node {
  readonly kind: 'Lambda';
  readonly args: Parameters;
  readonly body: Expression;
}

export interface Comprehension extends Node {
  readonly kind: 'ListComp' | 'SetComp' | 'GeneratorExp' | 'DictComp';
  /** The element; of a `DictComp` the key. */
  readonly elt: Expression;
  /** The value of a `DictComp`, else null. */
  readonly value: Expression | null;
  readonly generators: readonly Generator[];
}

export interface Generator {
  readonly target: Expression;
  readonly iter: Expression;
  readonly ifs: readonly Expression[];
  readonly is_async: boolean;
}

export interface Parameter {
  readonly arg: string;
  readonly annotation: Expression | null;
}

export interface Parameters {
  readonly posonlyargs: readonly Parameter[];
  readonly args: readonly Parameter[];
  readonly vararg: Parameter | null;
  readonly kwonlyargs: readonly Parameter[];
  readonly kw_defaults: readonly (Expression | null)[];
  readonly kwarg: Parameter | null;
  readonly defaults: readonly Expression[];
}

export type Stmt =
  | FunctionDef
  | ClassDef
  | (Node & { readonly kind: 'Return'; readonly value: Expression | null })
  | (Node & { readonly kind: 'Delete'; readonly targets: readonly Expression[] })
  | Assign
  | (Node & {
      readonly kind: 'AugAssign';
      readonly target: Expression;
      readonly op: BinaryOperator;
      readonly value: Expression;
    })
  | AnnAssign
  | For
  | (Node & {
      readonly kind: 'While';
      readonly test: Expression;
      readonly body: readonly Stmt[];
      readonly orelse: readonly Stmt[];
    })
  | If
  | With
  | (Node & { readonly kind: 'Raise'; readonly exc: Expression | null; readonly cause: Expression | null })
  | Try
  | Match
  | (Node & { readonly kind: 'Assert'; readonly test: Expression; readonly msg: Expression | null })
  | (Node & { readonly kind: 'Import'; readonly names: readonly Alias[] })
  | ImportFrom
  | (Node & { readonly kind: 'Global' | 'Nonlocal'; readonly names: readonly string[] })
  | (Node & { readonly kind: 'Expr'; readonly value: Expression })
  | (Node & { readonly kind: 'Pass' | 'Break' | 'Continue' });

export interface FunctionDef extends Node {
  readonly kind: 'FunctionDef' | 'AsyncFunctionDef';
  readonly name: string;
  readonly args: Parameters;
  readonly body: readonly Stmt[];
  readonly decorator_list: readonly Expression[];
  readonly returns: Expression | null;
}

export interface ClassDef extends Node {
  readonly kind: 'ClassDef';
  readonly name: string;
  readonly bases: readonly Expression[];
  readonly keywords: readonly Keyword[];
  readonly body: readonly Stmt[];
  readonly decorator_list: readonly Expression[];
}

export interface Assign extends Node {
  readonly kind: 'Assign';
  readonly targets: readonly Expression[];
  readonly value: Expression;
}

export interface AnnAssign extends Node {
  readonly kind: 'AnnAssign';
  readonly target: Expression;
  readonly annotation: Expression;
  readonly value: Expression | null;
}

export interface For extends Node {
  readonly kind: 'For' | 'AsyncFor';
  readonly target: Expression;
  readonly iter: Expression;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
}

export interface If extends Node {
  readonly kind: 'If';
  readonly test: Expression;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
}

export interface With extends Node {
  readonly kind: 'With' | 'AsyncWith';
  readonly items: readonly { readonly context_expr: Expression; readonly optional_vars: Expression | null }[];
  readonly body: readonly Stmt[];
}

export interface Try extends Node {
  readonly kind: 'Try';
  readonly body: readonly Stmt[];
  readonly handlers: readonly Handler[];
  readonly orelse: readonly Stmt[];
  readonly finalbody: readonly Stmt[];
}

export interface Match extends Node {
  readonly kind: 'Match';
  readonly subject: Expression;
  readonly cases: readonly MatchCase[];
}

export interface MatchCase {
  readonly pattern: MatchPattern;
  readonly guard: Expression | null;
  readonly body: readonly Stmt[];
}

export type MatchPattern =
  | (Node & { readonly kind: 'MatchValue'; readonly value: Expression })
  | (Node & { readonly kind: 'MatchSingleton'; readonly value: boolean | null })
  | (Node & { readonly kind: 'MatchSequence' | 'MatchOr'; readonly patterns: readonly MatchPattern[] })
  | (Node & {
      readonly kind: 'MatchMapping';
      readonly keys: readonly Expression[];
      readonly patterns: readonly MatchPattern[];
      readonly rest: string | null;
    })
  | (Node & {
      readonly kind: 'MatchClass';
      readonly cls: Expression;
      readonly patterns: readonly MatchPattern[];
      readonly kwd_attrs: readonly string[];
      readonly kwd_patterns: readonly MatchPattern[];
    })
  | (Node & { readonly kind: 'MatchStar'; readonly name: string | null })
  /** `_` has neither. */
  | (Node & { readonly kind: 'MatchAs'; readonly pattern: MatchPattern | null; readonly name: string | null });

export interface Handler {
  readonly type: Expression | null;
  readonly name: string | null;
  readonly body: readonly Stmt[];
}

export interface Alias {
  readonly name: string;
  readonly asname: string | null;
}

export interface ImportFrom extends Node {
  readonly kind: 'ImportFrom';
  readonly module: string | null;
  readonly names: readonly Alias[];
  readonly level: number;
}
