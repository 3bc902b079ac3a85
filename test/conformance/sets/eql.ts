import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json, type JsonObject } from '../../../src/base/json.ts';
import { sourceText } from '../../../src/base/source-text.ts';
import { compileExpr, rowOf } from '../../../src/engines/memory/index.ts';
import { query } from '../../../src/index.ts';
import { equal } from '../../../src/ir/equal.ts';
import { lowerEqlExpression, parseEql, parseEqlExpression, printEql } from '../../../src/languages/eql/index.ts';
import { fromEpochMs, parseDateTime } from '../../../src/values/date-time.ts';
import { toJson } from '../../../src/values/text-of.ts';
import { type Case, type ConformanceSet, disputed, failed, type Outcome, PASSED, type Tree } from '../case.ts';

interface EqlCase {
  readonly id: string;
  readonly set: string;
  readonly data: readonly string[];
  readonly id_field: string;
  readonly query: string;
  /** Flat, with -1 for an event that has to be missing; of several lists any is right. */
  readonly expected_event_ids: readonly number[] | readonly (readonly number[])[];
  readonly join_keys?: readonly (string | null)[];
  readonly size?: number;
  readonly max_samples_per_key?: number;
  /** Of the set `fold`. */
  readonly expression: string;
  readonly expected: Json;
}

/** What Elasticsearch's own tests of its EQL expect. */
export const eql: ConformanceSet = casesOf('eql', 'eql/cases.json', 'eql/data');
export const moreEql: ConformanceSet = casesOf('eql/more', 'eql/more/cases.json', 'eql/more/data');

/** Cases that we do not agree with, and why. */
const DISPUTED: ReadonlyMap<string, string> = new Map();

function casesOf(name: string, path: string, folder: string): ConformanceSet {
  return {
    name,
    read: (tree) => {
      const file = tree.find(path);
      if (file === undefined) return { absent: `there is no ${path}` };
      const cases: readonly EqlCase[] = JSON.parse(readFileSync(file, 'utf8'));
      const scratch = mkdtempSync(join(tmpdir(), 'dragoman-eql-'));
      return {
        cases: cases.map(
          (one): Case => ({
            id: one.id,
            run: async () => disputed(await outcomeOf(one, tree, folder, scratch), DISPUTED.get(one.id)),
          }),
        ),
        close: () => rmSync(scratch, { recursive: true }),
      };
    },
  };
}

async function outcomeOf(one: EqlCase, tree: Tree, folder: string, scratch: string): Promise<Outcome> {
  if (one.set === 'fold') return folds(one);
  const printed = parseEql(sourceText('<query>', one.query));
  if (printed.diagnostics.length === 0) {
    const again = parseEql(sourceText('<query>', printEql(printed.ast)));
    if (!equal(again.ast, printed.ast)) return failed(`printed as ${printEql(printed.ast)}, another query`);
  }
  if (one.set === 'reject') {
    const { ok } = await query(one.query, { language: 'eql', logs: [] });
    return ok ? failed('it is not refused') : PASSED;
  }
  const files = one.data.map((name) => {
    // The file with the times worked out, where there is one.
    const timed = tree.find(`${folder}/${name.replace('.json', '.timed.json')}`);
    return timed ?? tree.find(`${folder}/${name}`) ?? tree.find(`eql/data/${name}`) ?? name;
  });
  const mapping = mappingOf(one.data, tree);
  const isNanos = one.set === 'test_queries_date_nanos';
  const isTest = one.data.includes('test_data.json');
  const logs = isNanos ? files.map((file, place) => inNanoseconds(file, join(scratch, `${place}.json`))) : files;
  const hasType = !one.set.startsWith('series');
  const result = await query(one.query, {
    language: 'eql',
    logs,
    ...(mapping !== undefined && { indexMapping: { path: 'mapping.json', text: JSON.stringify(mapping) } }),
    eql: {
      ...(hasType && { eventCategory: 'event_type' }),
      ...(isTest && { tiebreaker: 'serial_event_id' }),
      ...((one.set === 'test_extra' || one.set === 'test_missing_events') && { tiebreaker: 'sequence' }),
      ...(one.max_samples_per_key !== undefined && { maxSamplesPerKey: one.max_samples_per_key }),
    },
    ...(one.size !== undefined && { size: one.size }),
  });
  if (!result.ok) return failed(`refused: ${result.diagnostics.map(({ message }) => message).join('; ')}`);
  const steps = result.sequences?.flatMap(({ events }) => events) ?? (result.events ?? []).map(({ record }) => record);
  const found = steps.map((record) => (record === null ? -1 : Number(record.event[one.id_field])));
  const keys = result.sequences?.flatMap((sequence) => sequence.keys.map(keyText));
  return sameIds(found, one) ?? sameKeys(keys, one) ?? PASSED;
}

function sameIds(found: readonly number[], { expected_event_ids: expected }: EqlCase): Outcome | undefined {
  const wanted = expected.some(Array.isArray) ? expected : [expected];
  if (wanted.some((ids) => isDeepStrictEqual(ids, found))) return undefined;
  return failed(`${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
}

function sameKeys(found: readonly string[] | undefined, { join_keys: wanted }: EqlCase): Outcome | undefined {
  if (wanted === undefined || isDeepStrictEqual(found, wanted.map(keyText))) return undefined;
  return failed(`keys ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}

/** Null is written as itself and as text. */
function keyText(key: Json): string {
  return String(key);
}

/** Of several files one mapping, as of several indices. */
function mappingOf(data: readonly string[], tree: Tree): JsonObject | undefined {
  const files = data.map((name) => tree.find(`eql/mappings/${name}`));
  if (files.some((file) => file === undefined)) return undefined;
  return Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(file ?? '', 'utf8'))));
}

/** The events with `timestamp` read as nanoseconds since 1970. */
function inNanoseconds(file: string, into: string): string {
  const events: readonly JsonObject[] = JSON.parse(readFileSync(file, 'utf8'));
  const timed = events.map((event) => {
    const nanoseconds = BigInt(String(event['timestamp']));
    const seconds = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19);
    const fraction = (nanoseconds % 1_000_000_000n).toString().padStart(9, '0');
    return { ...event, '@timestamp': `${seconds}.${fraction}Z` };
  });
  writeFileSync(into, JSON.stringify(timed));
  return into;
}

/** The value of an expression without fields. */
function folds({ expression, expected }: EqlCase): Outcome {
  const { ast, diagnostics } = parseEqlExpression(sourceText('<expression>', expression));
  const lowered = lowerEqlExpression(ast, { name: 'ecs', typeOf: () => undefined, fieldNames: () => [] }, true);
  const refused = [...diagnostics, ...(lowered.ok ? [] : lowered.diagnostics)];
  if (!lowered.ok || refused.length > 0) return failed(`refused: ${refused.map(({ message }) => message).join('; ')}`);
  const value = toJson(compileExpr(lowered.value, { now: parseDateTime('2020-01-01') ?? fromEpochMs(0) })(rowOf({})));
  const plain = typeof value === 'bigint' ? Number(value) : value;
  return isDeepStrictEqual(plain, expected) && !isJsonObject(plain)
    ? PASSED
    : failed(`${JSON.stringify(plain)}, not ${JSON.stringify(expected)}`);
}
