import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import type { Schedule } from '../../ir/rule/alert.ts';
import { isGroup } from '../../ir/schema-names.ts';
import type { Schema } from '../../ir/view.ts';
import { type EqlStatement, eqlFieldsOf, eqlNeeded, millisecondsOf } from '../../languages/eql/index.ts';
import { fieldsOf, type KueryQuery, type NamedField, needed } from '../../languages/kuery/index.ts';
import { durationInWords, ticks } from '../../values/duration.ts';
import type { LocatedText } from '../source/located.ts';

/** What a rule's query asks for, as far as lint has to know it. */
export interface LintedQuery {
  /** Worked out when asked for. */
  readonly fields: () => readonly NamedField[];
  /** Whether nothing is found that lacks one of some fields: the place of one of them. */
  readonly needed: (isMeant: (name: string) => boolean) => Span | undefined;
}

export function lintedKuery(ast: KueryQuery): LintedQuery {
  return { fields: () => fieldsOf(ast), needed: (isMeant) => needed(ast, isMeant) };
}

export function lintedEql(statement: EqlStatement): LintedQuery {
  return { fields: () => eqlFieldsOf(statement), needed: (isMeant) => eqlNeeded(statement, isMeant) };
}

/** Fields that a schema does not know, each once; a name that others lie below is a group. */
export function unknownTo(schema: Schema, fields: readonly NamedField[]): readonly string[] {
  const unknown = new Set(fields.map(({ name }) => name).filter((name) => schema.typeOf(name) === undefined));
  return [...unknown].filter((name) => !isGroup(name, schema));
}

/** What is suspicious between a rule's query and its indices. */
export function lintIndices(query: LintedQuery, patterns: readonly LocatedText[]): readonly Diagnostic[] {
  const wanted = patterns.map(({ value }) => value.replace(/^[^<:]*:/, '')).filter((value) => !value.startsWith('-'));
  return [...datasetScope(query, wanted), ...notInIndex(query, wanted)];
}

const BEATS = /^(?:file|audit|packet|winlog|heart|metric)beat-/;

/** Beats write to indices of their own, not to data streams by dataset. */
function datasetScope({ needed: asks }: LintedQuery, patterns: readonly string[]): readonly Diagnostic[] {
  const beats = patterns.filter((pattern) => BEATS.test(pattern));
  const span = beats.length === 0 ? undefined : asks((name) => name.startsWith('data_stream.'));
  return span === undefined ? [] : [diagnostic('elastic/dataset-scope', { patterns: beats }, span)];
}

/** Fields that one integration alone has, by their root, and the names of its packages and of the Beats whose modules write them. */
const ROOTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['aws', ['aws']],
  ['azure', ['azure', 'entityanalytics_entra_id']],
  ['gcp', ['gcp', 'google_cloud']],
  ['okta', ['okta', 'entityanalytics_okta']],
  ['o365', ['o365', 'microsoft_exchange_online_message_trace']],
  ['google_workspace', ['google_workspace', 'gsuite']],
  ['github', ['github']],
  ['crowdstrike', ['crowdstrike']],
  ['m365_defender', ['m365_defender']],
  ['cyberarkpas', ['cyberarkpas']],
  ['zoom', ['zoom']],
  ['endgame', ['endgame']],
]);

function notInIndex({ fields }: LintedQuery, patterns: readonly string[]): readonly Diagnostic[] {
  if (patterns.length === 0) return [];
  const said = new Set<string>();
  return fields().flatMap(({ name, span }) => {
    const root = name.slice(0, name.indexOf('.'));
    const packages = ROOTS.get(root);
    if (packages === undefined || said.has(root)) return [];
    if (patterns.some((pattern) => mayHold(pattern, packages))) return [];
    said.add(root);
    return [diagnostic('elastic/not-in-index', { field: name, root, patterns }, span)];
  });
}

/** Whether indices of a pattern may have what one of the packages writes: its own, those of any data, of Filebeat, of alerts, of others. */
function mayHold(pattern: string, packages: readonly string[]): boolean {
  const stream = /^logs-([^-*]*)(\*?)/.exec(pattern);
  if (stream !== null) {
    const [, name = '', star] = stream;
    return packages.some((one) => name === one || name.startsWith(`${one}.`) || (star === '*' && one.startsWith(name)));
  }
  // What nobody but the rule's author knows may have anything.
  return packages.some((one) => pattern.startsWith(one)) || !OTHERS.test(pattern);
}

/** Indices that Elastic's own shippers write without any of those fields. */
const OTHERS = /^(?:audit|packet|winlog|heart|metric)beat-|^(?:apm|traces|metrics|endgame)-/;

/** What is suspicious in when a rule runs and how far it looks back. */
export function lintSchedule(schedule: Schedule, span: Span): readonly Diagnostic[] {
  const [every, lookback] = [BigInt(schedule.every), BigInt(schedule.lookback)];
  if (every <= 0n || !schedule.stated) return [];
  if (lookback < every) {
    const params = { every: durationInWords(every), lookback: durationInWords(lookback) };
    return [diagnostic('elastic/look-back-gap', params, span)];
  }
  if (lookback > every || schedule.delay !== '0' || schedule.by === 'ingestion') return [];
  return [diagnostic('elastic/no-additional-look-back', { every: durationInWords(every) }, span)];
}

/** A sequence that may take longer than a run looks back. */
export function lintMaxspan({ query }: EqlStatement, schedule: Schedule): readonly Diagnostic[] {
  if (query.kind !== 'sequence' || query.maxspan === null) return [];
  const { count, unit, span } = query.maxspan;
  const maxspan = ticks(millisecondsOf(count, unit) / 1000);
  const lookback = BigInt(schedule.lookback);
  if (maxspan <= lookback) return [];
  const params = { maxspan: durationInWords(maxspan), lookback: durationInWords(lookback) };
  return [diagnostic('elastic/maxspan-over-lookback', params, span)];
}

/** `process where process.name == "x"`, `sequence by host.id [ … ]`: a text that begins like a query of EQL. */
const EQL =
  /^\s*(?:(?:[a-z_]+|any)\s+where\s+(?:true\b|not\b|[\w.`?]+\s*(?:[=!<>:]=?|like\b|in\b|regex\b|\())|(?:sequence|sample)\s*(?:by\s|with\s|\[))/;

export function looksLikeEql(query: LocatedText): readonly Diagnostic[] {
  return EQL.test(query.value) ? [diagnostic('kuery/eql-query', {}, query.span)] : [];
}
