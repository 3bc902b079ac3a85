import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import type { LocatedTable, LocatedText } from '../source/located.ts';
import { RuleFields } from './fields.ts';

/** One comparison of a rule of type `threat_match`: a field of the event with one of the indicator. */
export interface ThreatEntry {
  readonly field: LocatedText;
  readonly value: LocatedText;
  /** The two must differ. */
  readonly negate: boolean;
}

/** What a rule of type `threat_match` looks for. */
export interface ThreatMatchSettings {
  readonly patterns: readonly LocatedText[];
  /** Undefined: every document of the indices is an indicator. */
  readonly query: LocatedText | undefined;
  readonly language: 'kuery' | 'lucene';
  readonly filters: readonly LocatedTable[];
  /** One of the items has to hold, and of an item all entries. */
  readonly items: readonly (readonly ThreatEntry[])[];
  /** Where in an indicator's document the indicator stands. */
  readonly path: string;
  readonly span: Span;
}

const DEFAULT_PATH = 'threat.indicator';

/** The settings (Kibana, "Indicator match rule"); undefined, with diagnostics, where they are wrong. */
export function readThreatMatch(fields: RuleFields, place: Span): ThreatMatchSettings | undefined {
  const mapping = fields.get('threat_mapping');
  const patterns = fields.locatedTexts('threat_index');
  if (mapping === undefined) fields.missing('threat_mapping');
  if (patterns.length === 0) fields.missing('threat_index');
  const items = fields.tables('threat_mapping').map((item) => readItem(item, fields));
  if (mapping?.kind === 'list' && items.length === 0) fields.wrong('threat_mapping', 'a list with an item', mapping);
  const language = fields.located('threat_language');
  if (language !== undefined && language.value !== 'kuery' && language.value !== 'lucene') {
    fields.wrong('threat_language', 'kuery or lucene', language);
  }
  const settings: ThreatMatchSettings = {
    patterns,
    query: fields.located('threat_query'),
    language: language?.value === 'lucene' ? 'lucene' : 'kuery',
    filters: fields.tables('threat_filters'),
    items,
    path: fields.text('threat_indicator_path') ?? DEFAULT_PATH,
    span: mapping?.span ?? place,
  };
  return fields.diagnostics.some(({ severity }) => severity === 'error') ? undefined : settings;
}

function readItem(item: LocatedTable, outer: RuleFields): readonly ThreatEntry[] {
  const inner = new RuleFields(item, item.span);
  const entries = inner.tables('entries').flatMap((entry) => readEntry(entry, inner));
  if (inner.get('entries') === undefined) inner.missing('entries');
  outer.diagnostics.push(...inner.diagnostics);
  if (inner.diagnostics.length > 0) return entries;
  if (entries.every(({ negate }) => negate)) outer.diagnostics.push(onlyNegated(item));
  return entries;
}

function onlyNegated(item: LocatedTable): Diagnostic {
  const reason = 'an item needs an entry that is not negated';
  return diagnostic('elastic/bad-threat-mapping', { reason }, item.span);
}

function readEntry(entry: LocatedTable, outer: RuleFields): readonly ThreatEntry[] {
  const inner = new RuleFields(entry, entry.span);
  const field = inner.required('field');
  const value = inner.required('value');
  const type = inner.located('type');
  const negate = inner.boolean('negate') ?? false;
  if (type !== undefined && type.value !== 'mapping') inner.wrong('type', '`mapping`', type);
  outer.diagnostics.push(...inner.diagnostics);
  return field === undefined || value === undefined ? [] : [{ field, value, negate }];
}
