import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/span.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { Plan } from '../../../ir/plan/plan.ts';
import type { Schema } from '../../../ir/view.ts';
import type { CallExpression, Expression, FunctionDeclaration, Operator } from '../ast/index.ts';
import type { KustoType } from '../types.ts';

/** A lowered value. */
export interface Typed {
  readonly expr: Expr;
  readonly type: KustoType;
  /** Where a function gives several values at once; `expr` and `type` are those of the first. */
  readonly tuple?: Tuple;
  /** Where an aggregate gives several columns: all of them, by their own names. */
  readonly several?: readonly (Column & { readonly expr: Expr })[];
}

/** Several values of one call, as an array. */
export interface Tuple {
  readonly expr: Expr;
  readonly parts: readonly TuplePart[];
}

/** A column that holds it is called after the function, one of the arguments and what it is: `series_stats_x_min`. */
export interface TuplePart {
  readonly prefix: string | undefined;
  readonly argument: number;
  readonly suffix: string;
  readonly type: KustoType;
}

export interface Column {
  readonly name: string;
  readonly type: KustoType;
}

/** Which columns of a union later steps ask for; it is told, so that a union need not carry every column of its inputs. */
export interface Wanted {
  readonly names: Set<string>;
  all: boolean;
}

/**
 * The columns of a table in a pipe. `open`: the table may have more, of unknown types, because no schema describes it. `ofRecords`:
 * rows still are those of a table, whose records may have more than its schema says.
 */
export class Columns {
  readonly list: readonly Column[];
  readonly open: boolean;
  /** The unions whose columns these still are. */
  readonly wanted: readonly Wanted[];
  /** Whether it is open because something before could not be lowered: then nothing more is reported about it. */
  readonly failed: boolean;
  readonly ofRecords: boolean;
  private readonly byName: ReadonlyMap<string, KustoType>;

  constructor(
    list: readonly Column[],
    open = false,
    wanted: readonly Wanted[] = [],
    failed = false,
    ofRecords = false,
  ) {
    this.failed = failed;
    this.ofRecords = ofRecords;
    this.list = list;
    this.open = open;
    this.wanted = wanted;
    this.byName = new Map(list.map((column) => [column.name, column.type]));
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** The type of a column, noting that it is used; undefined where there is none of that name. */
  typeOf(name: string): KustoType | undefined {
    const type = this.byName.get(name);
    if (type !== undefined) for (const one of this.wanted) one.names.add(name);
    return type;
  }

  /** A column of an open table that no schema knows. */
  want(name: string): void {
    for (const one of this.wanted) one.names.add(name);
  }

  /** All columns, each of them used. */
  all(): readonly Column[] {
    for (const one of this.wanted) one.all = true;
    return this.list;
  }

  names(): readonly string[] {
    return this.list.map((column) => column.name);
  }

  /** With columns added, or replaced in place. */
  with(columns: readonly Column[]): Columns {
    const added = new Map(columns.map((column) => [column.name, column]));
    const kept = this.list.map((column) => {
      const replaced = added.get(column.name);
      added.delete(column.name);
      return replaced ?? column;
    });
    return new Columns([...kept, ...added.values()], this.open, this.wanted, this.failed, this.ofRecords);
  }
}

/** A lowered tabular expression. */
export interface Table {
  readonly plan: Plan;
  readonly columns: Columns;
  /** Whether an operator has already fixed which columns there are. */
  readonly shaped: boolean;
  /** Columns that `extend` has made since the columns were last fixed. */
  readonly made: readonly string[];
  /** For `withsource`: the table's name. */
  readonly name?: string;
}

/** After what could not be lowered nothing is known of the columns: nothing more is reported about them. */
export function broken(input: Table): Table {
  return { plan: input.plan, columns: new Columns([], true, [], true), shaped: true, made: [] };
}

export type Binding =
  | { readonly kind: 'scalar'; readonly value: Typed }
  | { readonly kind: 'table'; readonly table: Table; readonly view: boolean }
  | {
      readonly kind: 'function';
      readonly declaration: FunctionDeclaration;
      readonly scope: Scope;
      readonly name: string;
    };

/** What names mean: those of `let`, in nested scopes. */
export class Scope {
  private readonly parent: Scope | undefined;
  private readonly bindings = new Map<string, Binding>();
  private restriction: { readonly sees: (name: string) => boolean; readonly after: Set<string> } | undefined;
  private readonly resolve: ((name: string) => Binding | undefined) | undefined;

  /** `resolve`: what else names may mean; it is asked once for each. */
  constructor(parent?: Scope, resolve?: (name: string) => Binding | undefined) {
    this.parent = parent;
    this.resolve = resolve;
  }

  bind(name: string, binding: Binding): void {
    this.bindings.set(name, binding);
    this.restriction?.after.add(name);
  }

  /** From here on, only tables that `sees` allows are seen, and what is bound later. */
  restrict(sees: (name: string) => boolean): void {
    const before = this.restriction;
    const allows = before === undefined ? sees : (name: string) => sees(name) && before.sees(name);
    this.restriction = { sees: allows, after: new Set() };
  }

  /** Whether a table of this name may be read from here. */
  sees(name: string): boolean {
    if (this.bindings.has(name) && this.restriction === undefined) return true;
    if (this.restriction?.after.has(name) === true) return true;
    if (this.restriction?.sees(name) === false) return false;
    return this.parent?.sees(name) ?? true;
  }

  /** A scope of its own with what this one binds now. */
  snapshot(): Scope {
    const copy = new Scope(this.parent?.snapshot(), this.resolve);
    for (const [name, binding] of this.bindings) copy.bindings.set(name, binding);
    if (this.restriction !== undefined)
      copy.restriction = { sees: this.restriction.sees, after: new Set(this.restriction.after) };
    return copy;
  }

  lookup(name: string): Binding | undefined {
    const known = this.bindings.get(name) ?? this.parent?.lookup(name);
    if (known !== undefined || this.resolve === undefined) return known;
    const found = this.resolve(name);
    if (found !== undefined) this.bindings.set(name, found);
    return found;
  }

  *all(): Generator<[string, Binding]> {
    yield* this.bindings;
    if (this.parent !== undefined) yield* this.parent.all();
  }
}

/** What every part of lowering shares. */
export interface Context {
  readonly schema: Schema;
  report(found: Diagnostic): void;
  /** Notes a table the query reads. */
  readTable(name: string, at: Span): void;
  /** Counts an inlined function; false when there have been too many. */
  inline(at: Span): boolean;
  /** Makes a plan one that expressions can name, and gives its name. */
  share(plan: Plan): string;
  /** What was found in an earlier pass of the columns a union must carry. */
  wantedOf(union: object): Wanted;
}

/** What a value may refer to: the columns of the row it is computed on, if there is one, and `let` names. */
export interface Environment {
  readonly context: Context;
  readonly scope: Scope;
  readonly columns: Columns | undefined;
  /** Lowers an expression; here so that the functions need not know where that is done. */
  lower(node: Expression, environment: Environment): Typed;
  /** Lowers a call of a `let` function that gives a value. */
  callFunction(node: CallExpression, environment: Environment): Typed | undefined;
  /** Lowers an expression that gives a table. */
  table(node: Expression): Table;
  /** Lowers operators, one after the other, over a table. */
  operators(operators: readonly Operator[], input: Table): Table;
  /** Where functions over rows in their order are allowed: gives the column that holds what they give. */
  readonly window?: (node: CallExpression) => Typed;
  /** Where aggregates are allowed: gives the column that holds the aggregate. */
  readonly aggregate?: (node: CallExpression) => Typed;
}
