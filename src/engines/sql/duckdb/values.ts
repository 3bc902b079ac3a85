import type { DuckDBValue } from '@duckdb/node-api';
import type { Json } from '../../../base/json.ts';
import { parseJson } from '../../../logs/decode/json/json-value.ts';
import { EPOCH_TICKS, formatDateTime, fromEpochMs, MAX_TICKS, TICKS_PER_DAY } from '../../../values/date-time.ts';
import { DateTime, TimeSpan, type Value } from '../../../values/value.ts';
import { implementations } from '../../memory/functions/index.ts';
import type { ValueKind } from '../push/typed.ts';

const TIMELESS = { now: fromEpochMs(0) };

/** A cell of a column that we made. */
export function cellValue(cell: DuckDBValue | undefined, kind: ValueKind): Value {
  if (cell === null || cell === undefined) return null;
  switch (kind) {
    case 'moment':
      return new DateTime(wholeOf(cell));
    case 'span':
      return new TimeSpan(wholeOf(cell));
    case 'long':
      return wholeOf(cell);
    case 'bool':
    case 'real':
    case 'text':
      return jsonOf(cell);
    case 'json':
      return implementations['convert.dynamic']([jsonOf(cell)], TIMELESS);
    case 'document': {
      const parsed = parseJson(String(cell));
      if (!parsed.ok) throw new Error(`a document that we wrote is no JSON: ${parsed.reason}`);
      return parsed.value;
    }
  }
}

function wholeOf(cell: DuckDBValue): bigint {
  if (typeof cell === 'bigint') return cell;
  if (typeof cell === 'number') return BigInt(cell);
  throw new Error(`a whole number was expected of DuckDB, it gave ${String(cell)}`);
}

/** A stored value as a record has it: times are text in UTC, whole numbers plain up to 2^53, decimals numbers. */
export function jsonOf(cell: DuckDBValue): Json {
  if (cell === null) return null;
  switch (typeof cell) {
    case 'boolean':
    case 'number':
    case 'string':
      return cell;
    case 'bigint':
      return cell >= -MAX_PLAIN && cell <= MAX_PLAIN ? Number(cell) : cell;
    default:
      return jsonOfObject(cell);
  }
}

const MAX_PLAIN = BigInt(Number.MAX_SAFE_INTEGER);

function jsonOfObject(cell: Exclude<DuckDBValue, string | number | boolean | bigint | null>): Json {
  if ('micros' in cell && !('months' in cell)) return timeText(cell.micros * 10n, String(cell));
  if ('nanos' in cell) return timeText(floorBy(cell.nanos, 100n), String(cell));
  if ('millis' in cell) return timeText(cell.millis * 10_000n, String(cell));
  if ('seconds' in cell) return timeText(cell.seconds * 10_000_000n, String(cell));
  if ('days' in cell && !('months' in cell)) return timeText(BigInt(cell.days) * TICKS_PER_DAY, String(cell));
  if ('scale' in cell) return Number(String(cell));
  if ('items' in cell) return cell.items.map(jsonOf);
  if ('entries' in cell) {
    const entries = Array.isArray(cell.entries)
      ? cell.entries.map(({ key, value }): [string, Json] => [String(key), jsonOf(value)])
      : Object.entries(cell.entries).map(([key, value]): [string, Json] => [key, jsonOf(value)]);
    return Object.fromEntries(entries);
  }
  return String(cell);
}

function floorBy(value: bigint, by: bigint): bigint {
  const rest = value % by;
  return (value - (rest < 0n ? rest + by : rest)) / by;
}

/** Text that is read as the same moment; of times outside of the years 1 to 9999, which are no moments, what DuckDB says. */
function timeText(sinceEpoch: bigint, otherwise: string): string {
  const ticks = sinceEpoch + EPOCH_TICKS;
  return ticks < 0n || ticks > MAX_TICKS ? `(${otherwise})` : formatDateTime(new DateTime(ticks));
}
