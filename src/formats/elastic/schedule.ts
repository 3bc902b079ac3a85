import { diagnostic } from '../../base/diagnostic.ts';
import type { Schedule } from '../../ir/rule/alert.ts';
import { ALERT_SEMANTICS } from '../../ir/rule/alert-semantics.ts';
import { type DateMath, parseDateMath, resolveDateMath } from '../../values/date-math.ts';
import { parseDuration, ticks } from '../../values/duration.ts';
import type { LocatedText } from '../source/located.ts';
import type { RuleFields } from './fields.ts';

/** The field that says when Elasticsearch got a document. */
const INGESTED = 'event.ingested';
/** What a time before now is measured at: a moment at which nothing that is rounded down is shorter than it can be. */
const ANCHORS = [Date.UTC(2024, 11, 31, 23, 59, 59, 999), Date.UTC(2024, 11, 29, 23, 59, 59, 999)];
/** A run that looks back to a fixed day sees all there is since then, whenever it is. */
const FOREVER = ticks(200 * 366 * 86_400);

/** `interval`, `from`, `to` and the field of time; what the file leaves out is what Kibana puts there. */
export function readSchedule(fields: RuleFields, history: LocatedText | undefined): Schedule {
  const usual = ALERT_SEMANTICS.elastic.schedule;
  const every = duration(fields, 'interval') ?? ticks(usual?.every ?? 0);
  const from = dateMath(fields.located('from'), 'from', fields);
  const to = dateMath(fields.located('to'), 'to', fields);
  const back = from?.before ?? ticks(usual?.lookback ?? 0);
  const delay = to?.before ?? 0n;
  const seen = dateMath(history, 'history_window_start', fields);
  const override = fields.text('timestamp_override');
  return {
    every: every.toString(),
    lookback: (back > delay ? back - delay : 0n).toString(),
    delay: delay.toString(),
    by: override === INGESTED ? 'ingestion' : 'event',
    stated: ['interval', 'from', 'to'].some((key) => fields.get(key) !== undefined),
    math: { from: from?.text ?? `now-${usual?.lookback ?? 0}s`, to: to?.text ?? 'now' },
    ...(seen !== undefined && { history: seen.text }),
    ...(override !== undefined && {
      timestamp: { field: override, fallback: fields.boolean('timestamp_override_fallback_disabled') !== true },
    }),
  };
}

/** How far before the end of a run its history begins, in ticks; null: at the beginning of all time. */
export function historyOf({ history }: Schedule): bigint | null {
  const math = history === undefined ? undefined : parseDateMath(history);
  // A fixed day is as good as the beginning: a run over logs of any time has them all.
  if (math === undefined || math.anchor !== 'now') return null;
  return beforeNow(math);
}

function beforeNow(math: DateMath): bigint {
  const spans = ANCHORS.map((now) => now - resolveDateMath(math, now, false));
  return ticks(Math.max(...spans) / 1000);
}

function duration(fields: RuleFields, key: string): bigint | undefined {
  const written = fields.located(key);
  if (written === undefined) return undefined;
  const found = parseDuration(written.value);
  if (found === undefined) reject(fields, key, written, 'a duration such as 5m');
  return found;
}

/** Date math, with how long before now it is. */
function dateMath(
  written: LocatedText | undefined,
  key: string,
  fields: RuleFields,
): { readonly text: string; readonly before: bigint } | undefined {
  if (written === undefined) return undefined;
  const expected = 'a time before now such as now-6m';
  const math = parseDateMath(written.value);
  if (math === undefined) return reject(fields, key, written, expected);
  const before = math.anchor === 'now' ? beforeNow(math) : key === 'to' ? 0n : FOREVER;
  return before < 0 ? reject(fields, key, written, expected) : { text: written.value, before };
}

function reject(fields: RuleFields, key: string, { value, span }: LocatedText, expected: string): undefined {
  fields.diagnostics.push(diagnostic('elastic/bad-schedule', { key, expected, found: value }, span));
}
