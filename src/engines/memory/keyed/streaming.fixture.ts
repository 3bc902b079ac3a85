import type { JsonObject } from '../../../base/json.ts';
import type { MatchRow } from '../../../state/state-row.ts';
import { fromEpochMs } from '../../../values/date-time.ts';
import type { Clock, Row } from '../row.ts';
import type { Operator } from './operator.ts';

/** What tests of operators over keys and time share: events in seconds, and the ways in which an operator may see them. */

export const clock: Clock = { now: fromEpochMs(0) };
const START = Date.UTC(2026, 0, 1);

/** Ticks from seconds. */
export function seconds(count: number): string {
  return (BigInt(count) * 10_000_000n).toString();
}

export function moment(at: number): bigint {
  return fromEpochMs(START + at * 1000).ticks;
}

/** The second of a moment. */
export function secondOf(ticks: bigint): number {
  return Number((ticks - moment(0)) / 10_000_000n);
}

/** A row of an input, which happened at a second; rows of one `order` are of one record. */
export interface Push {
  readonly input: number;
  readonly at: number;
  readonly row: Row;
}

export function push(input: number, order: number, at: number, event: JsonObject): Push {
  const body = { ...event, time: new Date(START + at * 1000).toISOString() };
  return { input, at, row: { event: body, columns: new Map(), id: { order, place: { file: 'f', line: order + 1 } } } };
}

export function batch(operator: Operator, pushes: readonly Push[]): MatchRow[] {
  for (const { input, row } of pushes) operator.push(input, [row]);
  return operator.advance('end');
}

/** Rows that come in the order of their times, but for so many seconds, each with the watermark that this allows. */
export function stream(operator: Operator, pushes: readonly Push[], lateness: number): MatchRow[] {
  const found: MatchRow[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const { input, at, row } of shaken(pushes, lateness)) {
    operator.push(input, [row]);
    latest = Math.max(latest, at);
    found.push(...operator.advance(moment(latest - lateness)));
  }
  return [...found, ...operator.advance('end')];
}

/** As `stream`, but after some rows another operator goes on with what this one has stored, as text. */
export function cut(make: () => Operator, pushes: readonly Push[], lateness: number, after: number): MatchRow[] {
  const found: MatchRow[] = [];
  let operator = make();
  let latest = Number.NEGATIVE_INFINITY;
  for (const [place, { input, at, row }] of shaken(pushes, lateness).entries()) {
    if (place === after) {
      const stored = JSON.stringify(operator.snapshot());
      operator = make();
      operator.restore(JSON.parse(stored));
      if (JSON.stringify(operator.snapshot()) !== stored) throw new Error('a snapshot changed');
    }
    operator.push(input, [row]);
    latest = Math.max(latest, at);
    found.push(...operator.advance(moment(latest - lateness)));
  }
  return [...found, ...operator.advance('end')];
}

function shaken(pushes: readonly Push[], lateness: number): readonly Push[] {
  return pushes
    .map((one, index) => ({ one, due: one.at + ((index * 7) % (lateness + 1)) }))
    .sort((a, b) => a.due - b.due)
    .map(({ one }) => one);
}
