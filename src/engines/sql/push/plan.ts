import type { Expr } from '../../../ir/expr.ts';
import type { Distinct, Order, Plan, Project, Union } from '../../../ir/plan/plan.ts';
import { aggregate, ascending, sqlColumn, sqlLong } from '../tree/construct.ts';
import type { SqlNamed, SqlOrder } from '../tree/sql-expr.ts';
import { ExpressionPushing } from './expressions.ts';
import { pushJoin } from './join.ts';
import { allOf, type Pushing } from './pushing.ts';
import {
  Aliases,
  close,
  distinctNames,
  namesOf,
  overQuery,
  placeName,
  type Relation,
  type SqlTable,
  tableRelation,
  withOnePlace,
} from './relation.ts';
import { pushSummarize } from './summarize.ts';
import { isNested, isOpaque, type Typed, typed } from './typed.ts';

/** The stored table whose records a leaf reads. */
export type TableOf = (logType: string) => SqlTable | undefined;

/** Plans put into SQL, each as a whole; what SQL cannot say exactly is undefined, and `reasons` says why. */
export class PlanPushing {
  /** Why the operators that were refused last are not pushed, by the operator. */
  readonly reasons: Map<Plan, string> = new Map();
  private readonly tableOf: TableOf;
  private readonly aliases = new Aliases();
  private readonly known = new Map<Plan, Relation | undefined>();
  private reason: string | undefined;

  constructor(tableOf: TableOf) {
    this.tableOf = tableOf;
  }

  relation(plan: Plan): Relation | undefined {
    if (this.known.has(plan)) return this.known.get(plan);
    this.reason = undefined;
    const found = this.pushed(plan);
    if (found === undefined && this.reason !== undefined) this.reasons.set(plan, this.reason);
    this.known.set(plan, found);
    return found;
  }

  /** Those of the conditions over a relation's rows that can be said, as filters; the others stay. */
  conditions(
    conditions: readonly Expr[],
    relation: Relation,
  ): { readonly relation: Relation; readonly others: readonly Expr[] } {
    const pushing = this.over(relation);
    const others: Expr[] = [];
    const where = conditions.flatMap((condition) => {
      const found = pushing.truth(condition, 'filter');
      if (found !== undefined) return [found];
      others.push(condition);
      return [];
    });
    return { relation: { ...relation, where: [...relation.where, ...where] }, others };
  }

  private over(relation: Relation): Pushing {
    return new ExpressionPushing(namesOf(relation), (reason) => {
      this.reason ??= reason;
    });
  }

  private pushed(plan: Plan): Relation | undefined {
    switch (plan.kind) {
      case 'records': {
        const table = this.tableOf(plan.logType);
        return table && tableRelation(table);
      }
      case 'where':
        return this.through(plan.input, (input) => {
          const { relation, others } = this.conditions([plan.predicate], input);
          return others.length === 0 ? relation : undefined;
        });
      case 'extend':
        return this.through(plan.input, (input) => {
          const made = this.made(plan.columns, input);
          return made && { ...input, columns: new Map([...input.columns, ...made]) };
        });
      case 'project':
        return this.through(plan.input, (input) => this.project(plan, input));
      case 'summarize':
        return this.through(plan.input, (input) =>
          pushSummarize(plan, input, this.aliases, (relation) => this.over(relation)),
        );
      case 'distinct':
        return this.through(plan.input, (input) => this.distinct(plan, input));
      case 'order':
        return this.through(plan.input, (input) => this.order(plan, input));
      case 'limit':
        return this.through(plan.input, (input) => this.limit(plan.count, input));
      case 'union':
        return this.union(plan);
      case 'join': {
        const left = this.relation(plan.left);
        const right = this.relation(plan.right);
        if (left === undefined || right === undefined) return undefined;
        return pushJoin(plan, left, right, this.aliases, (relation) => this.over(relation));
      }
      case 'unnest':
      case 'unpack':
      case 'ask':
      case 'apply':
      case 'window':
      case 'series':
      case 'scan':
      case 'threshold':
      case 'first-seen':
      case 'sequence':
      case 'shared':
      case 'table':
      case 'rows':
      case 'matches':
      case 'source':
      case 'input':
      case 'never':
        return this.refuse(`the operator ${plan.kind}`);
    }
  }

  private refuse(reason: string): undefined {
    this.reason ??= reason;
    return undefined;
  }

  private through(input: Plan, operator: (input: Relation) => Relation | undefined): Relation | undefined {
    const relation = this.relation(input);
    return relation && operator(relation);
  }

  private project({ columns }: Project, input: Relation): Relation | undefined {
    const made = this.made(columns, input);
    return made && { ...input, columns: new Map(made), record: undefined };
  }

  private made(
    columns: readonly { readonly name: string; readonly expr: Expr }[],
    input: Relation,
  ): readonly (readonly [string, Typed])[] | undefined {
    const pushing = this.over(input);
    return allOf(columns, ({ name, expr }) => {
      const value = pushing.value(expr);
      if (value?.isOwn === true) return pushing.refuse('values as records have them');
      return value && ([name, value] as const);
    });
  }

  /** Rows with the same values once, where the first of them stands. */
  private distinct(_plan: Distinct, input: Relation): Relation | undefined {
    if (input.record !== undefined) return this.refuse('distinct records');
    const placed = withOnePlace(input, this.aliases);
    const place = placed.order[0]?.expr;
    if (place === undefined) return undefined;
    if ([...placed.columns.values()].some(isNested)) return this.refuse('distinct nested values');
    const names = distinctNames([...placed.columns.keys(), placeName(0)]);
    const named = (name: string): string => names.get(name) ?? name;
    const alias = this.aliases.next();
    const columns: SqlNamed[] = [...placed.columns].map(([name, { sql }]) => ({ expr: sql, as: named(name) }));
    columns.push({ expr: aggregate('min', [place]), as: named(placeName(0)) });
    const groupBy = [...placed.columns.values()].flatMap(({ sql, constant }) => (constant === undefined ? [sql] : []));
    if (groupBy.length === 0) return this.refuse('rows of constants alone');
    const query = { kind: 'select', columns, from: placed.from, where: placed.where, groupBy } as const;
    const made = new Map(
      [...placed.columns].map(([name, value]) => [
        name,
        typed(value.kind, sqlColumn(named(name), alias), value.isNullable),
      ]),
    );
    return overQuery(query, alias, made, [ascending(sqlColumn(named(placeName(0)), alias))], false);
  }

  private order({ keys }: Order, input: Relation): Relation | undefined {
    const pushing = this.over(input);
    const terms = allOf(keys, ({ expr, direction, nulls }): SqlOrder | undefined => {
      const value = pushing.value(expr);
      if (value === undefined) return undefined;
      // Texts are in the order of UTF-16 to us; what is not a number has none.
      if (value.kind === 'text' || value.kind === 'real' || isOpaque(value.kind)) {
        return pushing.refuse(`the order of ${value.kind} values`);
      }
      return { expr: value.sql, direction, nulls };
    });
    // A constant orders nothing, and a number in its place would name a column.
    const telling = terms?.filter(({ expr }) => expr.kind !== 'literal');
    return telling && { ...input, order: [...telling, ...input.order], isInOrder: false };
  }

  private limit(count: number, input: Relation): Relation | undefined {
    if (input.record !== undefined) return this.refuse('the first records as they are');
    const { select, relation } = close(input, this.aliases.next(), false);
    const orderBy = input.isInOrder ? [] : input.order;
    const query = { ...select, orderBy, limit: BigInt(count) };
    const { from } = relation;
    return from.kind === 'query' ? { ...relation, from: { ...from, query }, isInOrder: false } : undefined;
  }

  /** The rows of one input after those of the other. */
  private union({ inputs }: Union): Relation | undefined {
    const relations = allOf(inputs, (input) => {
      const found = this.relation(input);
      return found?.record === undefined ? found : this.refuse('a union of records');
    });
    if (relations === undefined) return undefined;
    const kinds = new Map<string, Typed['kind']>();
    for (const { columns } of relations) {
      for (const [name, { kind, constant }] of columns) {
        if (constant === null) continue;
        if (isOpaque(kind) || (kinds.has(name) && kinds.get(name) !== kind)) {
          return this.refuse('a union of columns of several types');
        }
        kinds.set(name, kind);
      }
    }
    const names = [...new Set(relations.flatMap(({ columns }) => [...columns.keys()]))];
    const none: Typed = { kind: 'json', sql: { kind: 'literal', type: 'null' }, isNullable: true };
    const alias = this.aliases.next();
    const parts = relations.map((relation, at) => {
      const placed = withOnePlace(relation, this.aliases);
      const columns = new Map(names.map((name) => [name, placed.columns.get(name) ?? none]));
      const order = [ascending(sqlLong(BigInt(at))), ...placed.order];
      return close({ ...placed, columns, order }, alias, true);
    });
    const [first] = parts;
    if (first === undefined) return this.refuse('a union of nothing');
    const columns = new Map(
      [...first.relation.columns].map(([name, { sql }]) => [name, typed(kinds.get(name) ?? 'json', sql)]),
    );
    const query = { kind: 'union', queries: parts.map(({ select }) => select) } as const;
    return overQuery(query, alias, columns, first.relation.order, false);
  }
}
