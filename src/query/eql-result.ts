import type { Match } from '../alerts/match.ts';
import type { Json } from '../base/json.ts';
import { NULL } from '../ir/construct.ts';
import type { ColumnType } from '../ir/plan/plan.ts';
import type { PlanLogic } from '../ir/rule/rule.ts';
import type { EqlPipe, LoweredEql } from '../languages/eql/index.ts';
import { orderOf } from '../values/compare.ts';
import { displayText } from '../values/text-of.ts';
import { eventsOf, eventsResult, type FoundSequence, type FoundTable, placeOf } from './found.ts';

/** How the matches of an EQL query are told. */
export interface EqlShape {
  readonly kind: 'event' | 'sequence' | 'sample';
  /** Of sequences and samples: the columns with the join keys, and for each place whether an event is there. */
  readonly steps: LoweredEql['steps'];
  readonly pipes: readonly EqlPipe[];
}

/** What orders events: their time, and then what the query's tiebreaker says. */
const TIME = '(time)';
const TIE = '(tiebreaker)';

/** The query as a rule's logic, and how its matches are to be told. */
export function shapeEql(
  { plan, columns: made, steps, pipes, time, tie }: LoweredEql,
  kind: EqlShape['kind'],
): { readonly logic: PlanLogic; readonly shape: EqlShape } {
  const shape: EqlShape = { kind, steps, pipes };
  if (steps === undefined) {
    const columns = [
      { name: TIME, expr: time },
      { name: TIE, expr: tie ?? NULL },
    ];
    const types: readonly ColumnType[] = columns.map(({ name }) => ({ name, type: 'dynamic' }));
    return { logic: { kind: 'plan', plan: { kind: 'extend', input: plan, columns }, columns: types }, shape };
  }
  return { logic: { kind: 'plan', plan, columns: made }, shape };
}

/** What an EQL query found, in the order that Elasticsearch gives. */
export function eqlResult(
  matches: readonly Match[],
  { kind, steps, pipes }: EqlShape,
  size: number | undefined,
): FoundTable & { readonly sequences?: readonly FoundSequence[] } {
  if (steps === undefined) {
    const inOrder = [...matches].sort(
      (a, b) => compareValues(a.fields?.[TIME], b.fields?.[TIME]) || compareValues(a.fields?.[TIE], b.fields?.[TIE]),
    );
    return eventsResult(eventsOf(limited(inOrder, pipes, size)));
  }
  const told = matches.map((match) => sequenceOf(match, steps));
  // Samples come in the order of their keys, and a search ends with the last that it wants.
  if (kind === 'sample') told.sort((a, b) => compareKeys(a.keys, b.keys));
  const sequences = kind === 'sample' ? told.slice(0, size) : limited(told, pipes, size);
  return {
    columns: [...steps.keys, 'events'].map((name): ColumnType => ({ name, type: 'dynamic' })),
    rows: sequences.map(({ keys, events }) => [...keys, events.map((event) => event && placeOf(event))]),
    events: undefined,
    sequences,
  };
}

function sequenceOf(
  { members = [], fields = {} }: Match,
  { keys, places }: NonNullable<LoweredEql['steps']>,
): FoundSequence {
  const there = members.values();
  return {
    keys: keys.map((name) => fields[name] ?? null),
    events: places.map((place) => (place === 'missing' ? null : (there.next().value ?? null))),
  };
}

/** What the pipes leave, and of that no more than `size`: the last ones, unless a pipe takes the first. */
function limited<T>(found: readonly T[], pipes: readonly EqlPipe[], size: number | undefined): readonly T[] {
  let left = found;
  for (const { kind, count } of pipes) left = kind === 'head' ? left.slice(0, count) : last(left, count);
  if (size === undefined) return left;
  return pipes.some(({ kind }) => kind === 'head') ? left.slice(0, size) : last(left, size);
}

function last<T>(items: readonly T[], count: number): readonly T[] {
  return count === 0 ? [] : items.slice(-count);
}

function compareKeys(left: readonly Json[], right: readonly Json[]): number {
  for (const [place, key] of left.entries()) {
    const order = compareValues(key, right[place]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Nulls come first. */
function compareValues(a: Json | undefined, b: Json | undefined): number {
  const [one, other] = [a ?? null, b ?? null];
  if (one === null || other === null) return Number(other === null) - Number(one === null);
  return orderOf(one, other) ?? orderOf(displayText(one) ?? '', displayText(other) ?? '') ?? 0;
}
