import type { Match } from '../../alerts/match.ts';
import { ruleFingerprint } from '../../alerts/rule-fingerprint.ts';
import { readMatch, storeMatch } from '../../alerts/stored-match.ts';
import type { Json } from '../../base/json.ts';
import type { Schedule } from '../../ir/rule/alert.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { StoredOperator } from '../../state/checkpoint.ts';
import { NotStored, readArray, readBigInt, readNumber, readPlace, storePlace, storeValue } from '../../state/plain.ts';
import type { Kinds } from '../seen/seen-record.ts';
import { readEvent, readKind, storeKind } from '../seen/stored-record.ts';
import type { InputRecord } from '../session.ts';
import { feedsOf } from './replay-feeds.ts';

/** When something happened, in ticks; undefined before the first record that has a time. */
export interface Placed<T> {
  readonly of: T;
  readonly at: bigint | undefined;
}

/** A rule that is replayed, with what is kept for it while records come. */
export interface Replayed {
  readonly rule: Rule;
  readonly schedule: Schedule;
  /** Whether it asks nowhere what time it is. */
  readonly isTimeless: boolean;
  /** Its matches, where each is decided by one record alone, at any time. */
  readonly matches: Placed<Match>[] | undefined;
  /** Else the records that its rows are made of, each once. */
  readonly records: Set<Placed<InputRecord>>;
  /** Those of them that every run sees. */
  readonly always: Set<Placed<InputRecord>>;
  /** Its matches in the whole range, and the identities of those in its runs. */
  readonly whole: Match[];
  readonly found: Set<string>;
  missed: readonly Match[];
}

export function replayedOf(rule: Rule, schedule: Schedule): Replayed {
  const { isRecordWise, isTimeless } = feedsOf(rule);
  return {
    rule,
    schedule,
    isTimeless,
    matches: isRecordWise && isTimeless ? [] : undefined,
    records: new Set(),
    always: new Set(),
    whole: [],
    found: new Set(),
    missed: [],
  };
}

/** What is kept for a rule; `records` gives those that are stored beside it their places. */
export function storeReplayed(
  part: string,
  { rule, matches, records, always, whole }: Replayed,
  places: ReadonlyMap<Placed<InputRecord>, number>,
): StoredOperator {
  const state: Json = [
    matches?.map((match) => storePlaced(match, storeMatch(match.of))) ?? null,
    [...records].map((record) => places.get(record) ?? null),
    whole.map(storeMatch),
    [...always].map((record) => places.get(record) ?? null),
  ];
  const { format, id, name } = rule;
  return { part, rule: { format, id, name }, fingerprint: ruleFingerprint(rule), state };
}

/** Throws `NotStored`. */
export function readReplayed(
  stored: Json,
  { rule, matches, records, always, whole }: Replayed,
  kept: readonly Placed<InputRecord>[],
): void {
  const [storedMatches = null, places, storedWhole, alwaysPlaces] = readArray(stored);
  if (storedMatches !== null) {
    for (const match of readArray(storedMatches)) matches?.push(readPlaced(match, (one) => readMatch(one, rule)));
  }
  readPlacedRecords(places, kept, records);
  readPlacedRecords(alwaysPlaces, kept, always);
  for (const match of readArray(storedWhole)) whole.push(readMatch(match, rule));
}

function readPlacedRecords(
  places: Json | undefined,
  kept: readonly Placed<InputRecord>[],
  into: Set<Placed<InputRecord>>,
): void {
  for (const place of readArray(places)) {
    const record = kept[readNumber(place)];
    if (record === undefined) throw new NotStored('a record of a schedule is missing');
    into.add(record);
  }
}

export function storePlaced({ at }: Placed<unknown>, of: Json): Json {
  return [at?.toString() ?? null, of];
}

/** Throws `NotStored`. */
export function readPlaced<T>(stored: Json, read: (of: Json) => T): Placed<T> {
  const [at = null, of = null] = readArray(stored);
  return { at: at === null ? undefined : readBigInt(at), of: read(of) };
}

export function storeInput({ event, source, as }: InputRecord, kinds: Kinds): Json {
  return [storePlace(source), storeValue(event), as === undefined ? null : storeKind(as, event, kinds)];
}

/** Throws `NotStored`. */
export function readInput(stored: Json, kinds: Kinds): InputRecord {
  const [source, storedEvent, kind = null] = readArray(stored);
  const event = readEvent(storedEvent);
  return { event, source: readPlace(source), as: readKind(kind, event, kinds) };
}
