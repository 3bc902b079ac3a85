import type { SourceReport } from '../../index.ts';
import { clip, printable } from './cells.ts';
import { count } from './table.ts';

/** Of long lists so many are named. */
const NAMED = 3;
/** Log types that are listed. */
const LISTED = 10;
/** Characters of the name of a log type. */
const LONGEST = 60;

/** How many records there were of each log type, most first. Types may be named by the logs: they are cut and cleaned. */
export function typesText(recordsByType: ReadonlyMap<string, number>): string {
  const types = [...recordsByType].sort((a, b) => b[1] - a[1]);
  const texts = types.map(([type, records]) => `${clip(type, LONGEST)} ${records.toLocaleString('en-US')}`);
  const records = types.slice(LISTED).reduce((sum, [, number]) => sum + number, 0);
  return listed(texts, (more) => `${count(records, 'record')} of ${count(more, 'more type')}`).join(', ') || '-';
}

/** What records were taken for, and which of them reached no rule: labelled lines of a run's summary. */
export function sourceLines({ taken, unreached, emptyTables }: SourceReport): readonly (readonly [string, string])[] {
  return [
    ...labelFirst(
      'taken',
      listed(
        taken.map(
          (one) => `${one.records.toLocaleString('en-US')} ${clip(one.logType, LONGEST)} as ${one.as}, by ${one.by}`,
        ),
        (more) => `and in ${count(more, 'more way')}`,
      ),
    ),
    ...labelFirst(
      'no rule',
      unreachedTexts(unreached).map((text) => `is about ${text}`),
    ),
    ...labelFirst('no row', emptyTables.length === 0 ? [] : [`was read of ${emptyTableText(emptyTables)}`]),
  ];
}

/** The same of a query, as notes. */
export function sourceNotes({ taken, unreached, emptyTables }: SourceReport): readonly string[] {
  return [
    ...listed(
      taken.map(
        (one) => `${count(one.records, 'record')} of ${clip(one.logType, LONGEST)}: taken as ${one.as}, by ${one.by}`,
      ),
      (more) => `records are taken for something in ${count(more, 'more way')}`,
    ),
    ...unreachedTexts(unreached).map((text) => `the query is not about ${text}`),
    ...(emptyTables.length === 0 ? [] : [`no row was read of ${emptyTables.map(({ table }) => table).join(', ')}`]),
  ];
}

function labelFirst(label: string, lines: readonly string[]): readonly (readonly [string, string])[] {
  return lines.map((line, at) => [at === 0 ? label : '', line]);
}

function unreachedTexts(unreached: SourceReport['unreached']): readonly string[] {
  const texts = unreached.map(({ logType, records, general }) => {
    const but =
      general === 0
        ? ''
        : ` (${count(general, 'rule')} without a log source ${general === 1 ? 'looks' : 'look'} at them)`;
    return `${count(records, 'record')} of ${clip(logType, LONGEST)}${but}`;
  });
  return listed(texts, (more) => `those of ${count(more, 'more log type')}`);
}

function listed(all: readonly string[], rest: (more: number) => string): readonly string[] {
  return all.length > LISTED ? [...all.slice(0, LISTED), rest(all.length - LISTED)] : all;
}

/** One rule may ask for several. */
function emptyTableText(tables: SourceReport['emptyTables']): string {
  return named(tables.map(({ table, rules }) => `${table} (${count(rules, 'rule asks', 'rules ask')} for it)`));
}

/** What would make records reach rules. */
export function sourceHints({ unreached, emptyTables, wanted }: SourceReport): readonly string[] {
  const hints: string[] = [];
  const ways = [
    ...(wanted.sigma.length > 0 ? [`--log-source SOURCE (such as ${named(wanted.sigma, ' or ')})`] : []),
    ...(wanted.indices.length > 0 ? [`--log-source index=NAME (that fits ${named(wanted.indices, ' or ')})`] : []),
    ...(wanted.panther.length > 0 ? [`--log-type NAME (such as ${named(wanted.panther, ' or ')})`] : []),
  ];
  const [unknown] = unreached.filter(({ declared }) => !declared);
  if (unknown !== undefined && ways.length > 0) {
    hints.push(
      `rules reach records of ${clip(unknown.logType, LONGEST)} once you say what they are: ${ways.join(', ')}, or \`logSources\` in dragoman.yaml`,
    );
  }
  const [first] = emptyTables;
  if (first !== undefined) {
    hints.push(`--log-type sentinel.${first.table} (or defender.${first.table}) reads records as rows of that table`);
  }
  return hints;
}

function named(names: readonly string[], between = ', '): string {
  const shown = names.slice(0, NAMED).map(printable);
  const more = names.length - NAMED;
  return shown.join(between) + (more > 0 ? ` and ${more.toLocaleString('en-US')} others` : '');
}

/** The same for programs; empty where there is nothing to say. */
export function sourcesJson({ forms, taken, unreached, emptyTables, emptySources }: SourceReport): object {
  return {
    by_form: forms.map(({ logType, form, records }) => ({ log_type: logType, form, records })),
    ...(taken.length > 0 && {
      taken: taken.map(({ logType, records, as, by }) => ({ log_type: logType, records, as, by })),
    }),
    ...(unreached.length > 0 && {
      unreached: unreached.map(({ logType, records, general }) => ({
        log_type: logType,
        records,
        rules_without_log_source: general,
      })),
    }),
    ...(emptyTables.length > 0 && { tables_without_records: emptyTables }),
    ...(emptySources.length > 0 && {
      sources_without_records: emptySources.map(({ source, rules, logTypes }) => ({
        source,
        rules,
        log_types: logTypes,
        what_to_do: wayToReach(source, logTypes),
      })),
    }),
  };
}

/** What to do so that rules about a log source have something to look at. */
function wayToReach(source: string, logTypes: readonly string[]): string {
  const [first] = logTypes;
  if (first === undefined)
    return `no declared log type is this: --log-source ${source} says of records that they are, TYPE=PATH of one path`;
  const types = named(logTypes, ' or ');
  return `no record was of ${types}: give such logs to --logs (\`dragoman types ${first}\` shows what they look like), or say what yours are by --log-type`;
}
