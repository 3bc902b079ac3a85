import { diagnostic } from '../../base/diagnostic.ts';
import { field } from '../../ir/construct.ts';
import type { Key } from '../../ir/plan/keyed.ts';
import { type ColumnType, EVENT_TIME, type FirstSeen, type Plan } from '../../ir/plan/plan.ts';
import type { LocatedText } from '../source/located.ts';
import { RuleFields } from './fields.ts';

/** What a rule of type `new_terms` looks for. */
export interface NewTermsSettings {
  /** The fields whose values together are a term. */
  readonly fields: readonly string[];
  readonly history: LocatedText;
}

const MOST_FIELDS = 3;

/**
 * The settings, as the API writes them (`new_terms_fields`, `history_window_start`) or as the files of detection-rules do
 * (`new_terms` with `field` and `value`). Undefined, with diagnostics, where they are wrong.
 */
export function readNewTerms(fields: RuleFields): NewTermsSettings | undefined {
  const nested = fields.innerTable('new_terms');
  const inner = nested && new RuleFields(nested, nested.span);
  const names = inner === undefined ? fields.locatedTexts('new_terms_fields') : inner.locatedTexts('value');
  const history = inner === undefined ? fields.required('history_window_start') : historyIn(inner);
  fields.diagnostics.push(...(inner?.diagnostics ?? []));
  const key = inner === undefined ? 'new_terms_fields' : 'new_terms.value';
  if (names.length === 0) fields.missing(key);
  if (names.length > MOST_FIELDS) {
    const params = { key, expected: `1 to ${MOST_FIELDS} fields`, found: `${names.length}` };
    fields.diagnostics.push(diagnostic('input/wrong-type', params, names[MOST_FIELDS]?.span));
    return undefined;
  }
  return names.length === 0 || history === undefined ? undefined : { fields: names.map(({ value }) => value), history };
}

function historyIn(inner: RuleFields): LocatedText | undefined {
  const [first] = inner.tables('history_window_start');
  if (first === undefined) {
    inner.missing('history_window_start');
    return undefined;
  }
  const start = new RuleFields(first, first.span);
  const value = start.required('value');
  inner.diagnostics.push(...start.diagnostics);
  return value;
}

/**
 * Events with a term that was not there in the time of the history before. As in Elasticsearch, each value of an array is one,
 * several fields make every combination of theirs, and an event without one of the fields has no term.
 */
export function newTermsPlan(
  events: Plan,
  name: string,
  { fields }: NewTermsSettings,
  history: bigint | null,
): FirstSeen {
  return {
    kind: 'first-seen',
    input: { name, plan: events, time: field(EVENT_TIME), keys: fields.map((one) => field(one)), keep: [] },
    by: fields.map((one): Key => ({ name: one, missing: 'drop', many: 'each' })),
    history: history === null ? null : history.toString(),
  };
}

/** The term itself, field by field. */
export function newTermsColumns({ fields }: NewTermsSettings): readonly ColumnType[] {
  return fields.map((name): ColumnType => ({ name, type: 'dynamic' }));
}
