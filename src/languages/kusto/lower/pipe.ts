import { diagnostic } from '../../../base/diagnostic.ts';
import { NULL } from '../../../ir/construct.ts';
import type {
  CallExpression,
  Expression,
  FindOperator,
  FunctionDeclaration,
  KustoQuery,
  LetStatement,
  Operator,
  ParametersStatement,
  RestrictStatement,
  SearchOperator,
  Statement,
} from '../ast/index.ts';
import { parseKusto as parseQuery } from '../parse/index.ts';
import { isUnsupported, lowerOperator, reportUnsupported } from './operator.ts';
import {
  type Binding,
  broken,
  Columns,
  type Context,
  type Environment,
  Scope,
  type Table,
  type Typed,
} from './scope.ts';
import { lowerFind, sourceColumn } from './tables/find.ts';
import { lowerExternalData, lowerFileProfile, lowerWatchlist } from './tables/given.ts';
import { lowerDatatable, lowerPrint, lowerRange } from './tables/rows.ts';
import { lowerSearch, SOURCE_COLUMN } from './tables/search.ts';
import { nothing, sourceTable } from './tables/source.ts';
import { lowerUnion, type UnionInput } from './tables/union.ts';
import { asType, constantText } from './values/convert.ts';
import { lowerExpression } from './values/expression.ts';

/** Lowers the statements of a query and gives its one tabular result. */
export function lowerQuery(ast: KustoQuery, context: Context): Table | undefined {
  return new PipeLowering(context).query(ast);
}

/** A `let` function's body gives a table or a value. */
type Lowered = { readonly table: Table } | { readonly value: Typed };

class PipeLowering {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  query(ast: KustoQuery): Table | undefined {
    const scope = new Scope(undefined, (name) => this.saved(name));
    const results: Expression[] = [];
    for (const statement of ast.statements) {
      if (statement.kind === 'expression') results.push(statement.value);
      else this.statement(statement, scope);
    }
    const [first, second] = results;
    if (second !== undefined) {
      this.context.report(diagnostic('kusto/several-queries', {}, second.span));
      return undefined;
    }
    if (first === undefined && ast.statements.some(({ kind }) => kind === 'let')) {
      this.context.report(diagnostic('kusto/no-result', {}, ast.statements[0]?.span));
      return { ...nothing(), columns: new Columns([]) };
    }
    if (first === undefined) {
      if (!ast.statements.some((statement) => statement.kind === 'bad-statement')) {
        const end = ast.source.text.trimEnd().length;
        this.context.report(diagnostic('kusto/empty-query', {}, ast.source.span(Math.max(0, end - 1), end)));
      }
      return undefined;
    }
    return this.table(first, scope);
  }

  /** A function that is saved beside the rules; what is wrong in it is told in its own file. */
  private saved(name: string): Binding | undefined {
    const text = this.context.schema.savedFunction?.(name);
    if (text === undefined) return undefined;
    const { ast, diagnostics } = parseQuery(text);
    for (const found of diagnostics) this.context.report(found);
    const [declared] = ast.statements;
    if (declared?.kind !== 'let' || declared.value.kind !== 'function') return undefined;
    const scope = new Scope(undefined, (other) => (other === name ? undefined : this.saved(other)));
    return { kind: 'function', declaration: declared.value, scope, name };
  }

  private statement(statement: Exclude<Statement, { kind: 'expression' }>, scope: Scope): void {
    switch (statement.kind) {
      case 'let':
        this.let(statement, scope);
        return;
      case 'parameters':
        this.parameters(statement, scope);
        return;
      case 'restrict':
        this.restrict(statement, scope);
        return;
      case 'alias':
      case 'other-statement':
        this.context.report(diagnostic('unsupported/kusto-operator', { name: statement.kind }, statement.span));
        return;
      // Request properties steer the service, and change no rows.
      case 'set':
      case 'bad-statement':
        return;
    }
  }

  /** `restrict access to (T, U*, view)`: no other table is seen by what follows. */
  private restrict({ to }: RestrictStatement, scope: Scope): void {
    const allowed = to.flatMap((node): ((name: string) => boolean)[] => {
      if (node.kind === 'name') return [(name) => name === node.name];
      if (node.kind === 'star') return [(name) => wildcardOf(node.pattern).test(name)];
      const name = 'restrict access to what is of another database';
      this.context.report(diagnostic('unsupported/kusto-operator', { name }, node.span));
      return [];
    });
    scope.restrict((name) => allowed.some((allows) => allows(name)));
  }

  /** Values that whoever asks the query may give; here they are what the query says. */
  private parameters({ parameters }: ParametersStatement, scope: Scope): void {
    for (const { name, type, value, span } of parameters) {
      const own = type === null || 'length' in type ? 'dynamic' : (type.type ?? 'dynamic');
      if (value === undefined) {
        const told = `the query parameter ${name.text} without a value`;
        this.context.report(diagnostic('unsupported/kusto-operator', { name: told }, span));
      }
      const given = value === undefined ? undefined : lowerExpression(value, this.environment(scope, undefined));
      const expr = given === undefined ? NULL : asType(given, own);
      scope.bind(name.text, { kind: 'scalar', value: { expr, type: own } });
    }
  }

  private let(statement: LetStatement, scope: Scope): void {
    const { name, value } = statement;
    if (value.kind === 'function') {
      // Its names are those before it: a function cannot call itself.
      const declared = new Scope(scope.snapshot());
      scope.bind(name.text, { kind: 'function', declaration: value, scope: declared, name: name.text });
      return;
    }
    const lowered = this.either(value, scope);
    if (lowered === undefined) return;
    const binding: Binding =
      'table' in lowered
        ? { kind: 'table', table: lowered.table, view: false }
        : { kind: 'scalar', value: lowered.value };
    scope.bind(name.text, binding);
  }

  /** An expression whose form decides whether it gives a table or a value. */
  private either(node: Expression, scope: Scope): Lowered | undefined {
    switch (node.kind) {
      case 'pipe':
      case 'source':
      case 'star':
        return { table: this.table(node, scope) };
      case 'name': {
        const binding = scope.lookup(node.name);
        if (binding?.kind === 'scalar') return { value: binding.value };
        return { table: this.table(node, scope) };
      }
      case 'call': {
        const binding = scope.lookup(node.name.text);
        if (binding?.kind === 'function')
          return this.call(binding, node, this.environment(scope, undefined), undefined);
        if (node.name.text === 'materialize' || node.name.text === 'table') return { table: this.table(node, scope) };
        if (/^_|^[A-Z]/.test(node.name.text)) return { table: this.table(node, scope) };
        return { value: lowerExpression(node, this.environment(scope, undefined)) };
      }
      default:
        return { value: lowerExpression(node, this.environment(scope, undefined)) };
    }
  }

  private environment(scope: Scope, columns: Columns | undefined): Environment {
    return {
      context: this.context,
      scope,
      columns,
      lower: lowerExpression,
      table: (node) => this.table(node, scope),
      operators: (operators, input) => this.operators(operators, input, scope),
      callFunction: (node, environment) => {
        const binding = environment.scope.lookup(node.name.text);
        if (binding?.kind !== 'function') return undefined;
        const lowered = this.call(binding, node, environment, undefined);
        if (lowered === undefined) return undefined;
        if ('value' in lowered) return lowered.value;
        this.context.report(diagnostic('kusto/not-a-scalar', { what: `${node.name.text}()` }, node.span));
        return undefined;
      },
    };
  }

  /** An expression that gives a table. */
  table(node: Expression, scope: Scope): Table {
    switch (node.kind) {
      case 'pipe':
        return this.operators(node.operators, this.table(node.source, scope), scope);
      case 'source':
        return this.operator(node.operator, undefined, scope);
      case 'name':
        return this.named(node.name, node, scope);
      case 'call':
        return this.called(node, scope);
      case 'bad':
        return nothing();
      case 'literal':
      case 'star':
      case 'member':
      case 'method':
      case 'index':
      case 'unary':
      case 'binary':
      case 'logic':
      case 'between':
      case 'list':
      case 'typeof': {
        const elsewhere = node.kind === 'member' || node.kind === 'method';
        const what = elsewhere ? 'a table of another database' : 'this expression';
        if (elsewhere) this.context.report(diagnostic('unsupported/kusto-operator', { name: what }, node.span));
        else this.context.report(diagnostic('kusto/not-a-table', { what }, node.span));
        return nothing();
      }
    }
  }

  private operators(operators: readonly Operator[], input: Table, scope: Scope): Table {
    let table = input;
    let inner = scope;
    for (const operator of operators) {
      if (operator.kind === 'as') {
        inner = new Scope(inner);
        table = { ...table, name: operator.name.text };
        inner.bind(operator.name.text, { kind: 'table', table, view: false });
      } else table = this.operator(operator, table, inner);
    }
    return table;
  }

  private named(name: string, node: Expression, scope: Scope): Table {
    const binding = scope.lookup(name);
    if (binding?.kind !== 'scalar' && !scope.sees(name)) {
      this.context.report(diagnostic('kusto/restricted', { name }, node.span));
      return nothing();
    }
    switch (binding?.kind) {
      case 'table':
        return binding.table;
      case 'scalar':
        this.context.report(diagnostic('kusto/not-a-table', { what: `\`${name}\`` }, node.span));
        return nothing();
      case 'function': {
        const call: CallExpression = { kind: 'call', name: { text: name, span: node.span }, args: [], span: node.span };
        return this.called(call, scope);
      }
      case undefined:
        return sourceTable(this.context, name, node.span);
    }
  }

  private called(node: CallExpression, scope: Scope): Table {
    const binding = scope.lookup(node.name.text);
    if (binding?.kind === 'function') {
      const lowered = this.call(binding, node, this.environment(scope, undefined), undefined);
      if (lowered === undefined) return nothing();
      if ('table' in lowered) return lowered.table;
      this.context.report(diagnostic('kusto/not-a-table', { what: `${node.name.text}()` }, node.span));
      return nothing();
    }
    const first = node.args[0]?.value;
    if (node.name.text === 'materialize' && first !== undefined) return this.table(first, scope);
    if (node.name.text === 'table' && first !== undefined) {
      const name = constantText(lowerExpression(first, this.environment(scope, undefined)));
      if (name !== undefined) return this.named(name, { kind: 'name', name, span: first.span }, scope);
      this.context.report(diagnostic('kusto/constant-needed', { what: 'the name of the table' }, first.span));
      return nothing();
    }
    if (node.name.text === '_GetWatchlist') return lowerWatchlist(node, this.environment(scope, undefined));
    this.context.report(diagnostic('unsupported/kusto-function', { name: node.name.text }, node.name.span));
    return nothing();
  }

  private operator(node: Operator, input: Table | undefined, scope: Scope): Table {
    const environment = this.environment(scope, input?.columns);
    switch (node.kind) {
      case 'union': {
        const piped: UnionInput[] = input === undefined ? [] : [{ table: input, name: input.name ?? 'union_arg0' }];
        const inputs = this.unionInputs(node.inputs, piped.length, scope);
        if (piped.length + inputs.length === 0) return nothing();
        return lowerUnion(node, [...piped, ...inputs], this.context);
      }
      case 'find':
        return lowerFind(node, this.found(node, input, scope), environment);
      case 'search':
        return lowerSearch(node, this.searched(node, input, scope), environment);
      case 'print':
        return lowerPrint(node, environment);
      case 'datatable':
        return lowerDatatable(node, environment);
      case 'range':
        return lowerRange(node, environment);
      case 'externaldata':
        return lowerExternalData(node, environment);
      case 'as':
        return input ?? nothing();
      case 'invoke':
        return this.invoke(node.call, input, scope, environment);
      default: {
        if (input !== undefined) return lowerOperator(node, input, environment);
        if (isUnsupported(node)) reportUnsupported(node, this.context);
        else if (node.kind !== 'bad-operator') {
          this.context.report(diagnostic('kusto/not-a-table', { what: `\`${node.kind}\`` }, node.span));
        }
        return nothing();
      }
    }
  }

  /** `before`: how many inputs come before these; what is of no table is called by its place. */
  private unionInputs(nodes: readonly Expression[], before: number, scope: Scope): UnionInput[] {
    const inputs: UnionInput[] = [];
    for (const [at, node] of nodes.entries()) {
      if (node.kind === 'star') {
        inputs.push(...this.wildcard(node.pattern, scope, node));
        continue;
      }
      const inner = node.kind === 'pipe' ? node.source : node;
      const written = inner.kind === 'name' ? inner.name : inner.kind === 'call' ? inner.name.text : undefined;
      const bound = written === undefined ? undefined : scope.lookup(written);
      const table = this.table(node, scope);
      const own = bound?.kind === 'table' ? table.name : written;
      inputs.push({ table, name: own ?? table.name ?? `union_arg${before + at}` });
    }
    return inputs;
  }

  /** The tables that a `search` is in, as one; without any, its input, or all that there are. */
  private searched(node: SearchOperator & Operator, input: Table | undefined, scope: Scope): Table {
    if (node.in.length === 0 && input !== undefined) return input;
    const { span } = node;
    const name = { text: 'withsource', span };
    const options = [{ name, value: { kind: 'name', name: SOURCE_COLUMN, span }, span }] as const;
    const everything: readonly Expression[] = [{ kind: 'star', pattern: '*', span: node.keyword }];
    const wanted = node.in.length === 0 ? everything : node.in;
    const inputs = this.unionInputs(wanted, 0, scope);
    if (inputs.length === 0) return nothing();
    return lowerUnion({ kind: 'union', options, inputs: node.in, span }, inputs, this.context);
  }

  /** What a `find` looks through, as one table that says where a row is from. */
  private found(node: FindOperator & Operator, input: Table | undefined, scope: Scope): Table {
    const everything: readonly Expression[] = [{ kind: 'star', pattern: '*', span: node.keyword }];
    const piped: UnionInput[] = input === undefined ? [] : [{ table: input, name: input.name ?? 'union_arg0' }];
    const wanted = node.in.length === 0 && piped.length === 0 ? everything : node.in;
    const inputs = [...piped, ...this.unionInputs(wanted, piped.length, scope)];
    if (inputs.length === 0) return nothing();
    const { span } = node;
    const source: Expression = { kind: 'name', name: sourceColumn(node), span };
    const options = [{ name: { text: 'withsource', span }, value: source, span }];
    return lowerUnion({ kind: 'union', options, inputs: node.in, span }, inputs, this.context);
  }

  /** Tables by a pattern: the views of the query, and those of which there may be rows. */
  private wildcard(pattern: string, scope: Scope, node: Expression): UnionInput[] {
    const fits = wildcardOf(pattern);
    const views = [...scope.all()].flatMap(([name, binding]) => {
      if (binding.kind !== 'function' || !binding.declaration.view || !fits.test(name)) return [];
      return [{ table: this.named(name, node, scope), name }];
    });
    const present = this.context.schema.presentTables?.();
    if (present === undefined) {
      const name = `union of tables by pattern (${pattern})`;
      this.context.report(diagnostic('unsupported/kusto-operator', { name }, node.span));
      return views;
    }
    // Everything is what there can be rows of; a name that is begun may be any table of the schema too.
    const candidates = pattern === '*' ? present : [...present, ...(this.context.schema.tableNames?.() ?? [])];
    const tables = [...new Set(candidates)].filter((name) => fits.test(name) && scope.sees(name));
    return [...views, ...tables.map((name) => ({ table: sourceTable(this.context, name, node.span), name }))];
  }

  /** `T | invoke f(x)` is `f(T, x)`. */
  private invoke(node: Expression, input: Table | undefined, scope: Scope, environment: Environment): Table {
    const binding = node.kind === 'call' ? scope.lookup(node.name.text) : undefined;
    if (node.kind !== 'call' || input === undefined) return nothing();
    if (binding?.kind !== 'function') {
      if (node.name.text === 'FileProfile') return lowerFileProfile(node, input, environment);
      this.context.report(diagnostic('unsupported/kusto-function', { name: node.name.text }, node.name.span));
      return broken(input);
    }
    const lowered = this.call(binding, node, environment, input);
    if (lowered === undefined) return nothing();
    if ('table' in lowered) return lowered.table;
    this.context.report(diagnostic('kusto/not-a-table', { what: `${node.name.text}()` }, node.span));
    return nothing();
  }

  /** A call of a `let` function is its body with the arguments put in. */
  private call(
    binding: Binding & { kind: 'function' },
    node: CallExpression,
    environment: Environment,
    piped: Table | undefined,
  ): Lowered | undefined {
    if (!this.context.inline(node.span)) return undefined;
    const { declaration } = binding;
    const scope = new Scope(binding.scope);
    if (!this.bindArguments(declaration, node, environment, piped, scope)) return undefined;
    let result: Expression | undefined;
    for (const statement of declaration.body) {
      if (statement.kind === 'expression') result = statement.value;
      else this.statement(statement, scope);
    }
    if (result === undefined) {
      this.context.report(diagnostic('kusto/empty-query', {}, declaration.span));
      return undefined;
    }
    return this.either(result, scope);
  }

  private bindArguments(
    declaration: FunctionDeclaration,
    node: CallExpression,
    environment: Environment,
    piped: Table | undefined,
    scope: Scope,
  ): boolean {
    const { parameters } = declaration;
    const named = new Map(
      node.args.flatMap((arg) => (arg.name === undefined ? [] : [[arg.name.text, arg.value] as const])),
    );
    const positional = node.args.filter((arg) => arg.name === undefined).map((arg) => arg.value);
    let given = piped;
    for (const parameter of parameters) {
      if (given !== undefined) {
        scope.bind(parameter.name.text, { kind: 'table', table: given, view: false });
        given = undefined;
        continue;
      }
      const value = named.get(parameter.name.text) ?? positional.shift() ?? parameter.value;
      if (value === undefined) {
        const expected = `${parameters.length} argument${parameters.length === 1 ? '' : 's'}`;
        const params = { name: node.name.text, expected, found: node.args.length };
        this.context.report(diagnostic('kusto/argument-count', params, node.span));
        return false;
      }
      if (parameter.type === null || 'length' in parameter.type) {
        scope.bind(parameter.name.text, { kind: 'table', table: this.table(value, environment.scope), view: false });
        continue;
      }
      const lowered = lowerExpression(value, environment);
      const type = parameter.type.type ?? 'dynamic';
      scope.bind(parameter.name.text, { kind: 'scalar', value: { expr: asType(lowered, type), type } });
    }
    if (positional.length > 0) {
      const params = { name: node.name.text, expected: `${parameters.length} arguments`, found: node.args.length };
      this.context.report(diagnostic('kusto/argument-count', params, node.span));
    }
    return true;
  }
}

function wildcardOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/\W/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
