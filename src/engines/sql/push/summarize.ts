import type { Summarize } from '../../../ir/plan/plan.ts';
import { aggregate, ascending, sqlColumn, sqlLong } from '../tree/construct.ts';
import type { SqlNamed } from '../tree/sql-expr.ts';
import { pushAggregate } from './aggregates.ts';
import { allOf, type Pushing } from './pushing.ts';
import { type Aliases, distinctNames, overQuery, placeName, type Relation, withOnePlace } from './relation.ts';
import { isNested, typed } from './typed.ts';

/** Groups, in the order in which their first rows come. */
export function pushSummarize(
  { by, aggregates }: Summarize,
  relation: Relation,
  aliases: Aliases,
  pushingOver: (relation: Relation) => Pushing,
): Relation | undefined {
  const needsPlace = aggregates.some(({ fn }) => fn === 'arg-max' || fn === 'arg-min' || fn === 'take-any');
  const input = needsPlace || relation.order.length !== 1 ? withOnePlace(relation, aliases) : relation;
  const pushing = pushingOver(input);
  const place = input.order[0]?.expr;
  if (place === undefined) return undefined;
  const keys = allOf(by, ({ name, expr }) => {
    const value = pushing.value(expr);
    if (value !== undefined && isNested(value)) return pushing.refuse('nested values as keys');
    return value && { name, value };
  });
  if (keys === undefined) return undefined;
  const folded = allOf(aggregates, (one) => pushAggregate(one, place, pushing));
  if (folded === undefined) return undefined;
  // SQL has no group for no rows, and one where nothing is grouped by.
  const groupBy = keys.flatMap(({ value }) => (value.constant === undefined ? [value.sql] : []));
  if (groupBy.length === 0 && keys.length > 0) return pushing.refuse('groups by constants alone');
  const columns = new Map([...keys, ...folded.flat()].map(({ name, value }) => [name, value]));
  const names = distinctNames([...columns.keys(), placeName(0)]);
  const alias = aliases.next();
  const named = (name: string): string => names.get(name) ?? name;
  const select: SqlNamed[] = [...columns].map(([name, { sql }]) => ({ expr: sql, as: named(name) }));
  // The one group of no rows has a place, too.
  select.push({ expr: by.length === 0 ? sqlLong(0n) : aggregate('min', [place]), as: named(placeName(0)) });
  const query = { kind: 'select', columns: select, from: input.from, where: input.where, groupBy } as const;
  const made = new Map(
    [...columns].map(([name, { kind, isNullable }]) => [name, typed(kind, sqlColumn(named(name), alias), isNullable)]),
  );
  return overQuery(query, alias, made, [ascending(sqlColumn(named(placeName(0)), alias))], false);
}
