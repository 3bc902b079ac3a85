import { type JsonObject, stringifyJson } from '../../base/json.ts';
import {
  coverageOf,
  type DescribedView,
  describeLogType,
  type LogType,
  type RecognisedKind,
  type Rule,
  recogniseLogs,
  type SourceCoverage,
  type TypingOptions,
} from '../../index.ts';
import type { Io } from '../io.ts';
import { logPaths } from '../log-paths.ts';
import { NOTHING_READ } from '../logs-hint.ts';
import { clip, printable } from '../render/cells.ts';
import { termsOf, writeDiagnostics } from '../render/report.ts';
import { count, labelled, table } from '../render/table.ts';

type Format = 'table' | 'json';

const SHOWN_DIAGNOSTICS = 10;
const SHOWN_RULES = 20;
const LONGEST = 400;

interface Recognising {
  readonly paths: readonly string[];
  readonly options: TypingOptions;
  readonly rules: readonly Rule[];
}

/** What logs were recognised as, and why; false where nothing could be read of them. */
export async function printRecognised(
  { paths, options, rules }: Recognising,
  format: Format,
  io: Io,
): Promise<boolean> {
  const found = await recogniseLogs(logPaths(paths), options, rules);
  await writeDiagnostics(io, found.diagnostics, new Map(), SHOWN_DIAGNOSTICS, 'the others are of the same kinds');
  const { kinds, unknown, records, undecodable } = found;
  if (records === 0) await io.stderr.write(NOTHING_READ);
  if (format === 'json') {
    const kindsJson = kinds.map(({ logType, first, ...kind }) => ({ log_type: logType, ...kind, first: { ...first } }));
    await io.stdout.write(
      `${stringifyJson({ kinds: kindsJson, unknown, records, undecodable } as unknown as JsonObject)}\n`,
    );
    return records > 0;
  }
  const { paint, columns } = termsOf(io, 'stdout');
  const lines = table(
    [
      { head: 'LOG TYPE' },
      { head: 'FORM' },
      { head: 'RECORDS', align: 'right' },
      { head: 'FIRST', flexible: true, keeps: 'end' },
      { head: 'KNOWN BY', flexible: true },
    ],
    kinds.map((kind) => [
      { text: kind.logType, ink: 'bold' as const },
      kind.form,
      kind.records.toLocaleString('en-US'),
      placeOf(kind.first),
      knownBy(kind),
    ]),
    paint,
    columns,
  );
  for (const { keys, records: number, first } of unknown) {
    const place = printable(placeOf(first));
    lines.push('', `nothing is known of ${count(number, 'record')} with these keys (the first is ${place}):`);
    lines.push(`  ${printable(clip(keys.join(', '), LONGEST))}`);
  }
  if (unknown.length > 0) lines.push('', '--log-source or --log-type says what they are, `TYPE=PATH` for one path.');
  lines.push('', `${count(records, 'record')}, ${undecodable.toLocaleString('en-US')} undecodable`);
  await io.stdout.write(`${lines.join('\n')}\n`);
  return records > 0;
}

function knownBy({ by, taken, declared }: RecognisedKind): string {
  if (taken.length > 0) return taken.map((one) => `taken as ${one.as}, by ${one.by}`).join('; ');
  if (by.length > 0) return by.join(', ');
  return declared ? '-' : 'nothing: fields as they are';
}

function placeOf({ file, line, record }: RecognisedKind['first']): string {
  return `${file}:${line}${record === undefined ? '' : `[${record}]`}`;
}

/** One log type: forms, fields of its views, samples, and the rules that can match it. */
export async function printType(
  type: LogType,
  rules: readonly Rule[],
  hasRules: boolean,
  format: Format,
  io: Io,
): Promise<void> {
  const found = describeLogType(type, rules);
  if (format === 'json') {
    const { rules: matching, ...own } = found;
    const json = { ...own, ...(hasRules && { rules: matching.map(({ id, file }) => ({ id, file })) }) };
    await io.stdout.write(`${stringifyJson(json as unknown as JsonObject)}\n`);
    return;
  }
  const { paint } = termsOf(io, 'stdout');
  const lines = [
    `${paint('bold', found.name)}: ${found.description}`,
    '',
    ...labelled([
      ['forms', found.forms.join(', ')],
      ...(found.panther.length === 0 ? [] : [['Panther', found.panther.join(', ')] as [string, string]]),
      ...(hasRules
        ? [
            [
              'rules',
              `${count(found.rules.length, 'rule')} of ${rules.length.toLocaleString('en-US')} can match it`,
            ] as [string, string],
          ]
        : []),
    ]),
    ...found.rules.slice(0, SHOWN_RULES).map((rule) => `  ${printable(rule.name)} (${printable(rule.file)})`),
    ...(found.rules.length > SHOWN_RULES ? [`  and ${count(found.rules.length - SHOWN_RULES, 'other')}`] : []),
    ...found.views.flatMap((view) => ['', paint('bold', viewName(view)), ...fieldLines(view)]),
    ...found.samples.flatMap((sample) => ['', paint('bold', 'sample'), ...sampleLines(sample)]),
  ];
  await io.stdout.write(`${lines.join('\n')}\n`);
}

function viewName({ schema, table: name }: DescribedView): string {
  return name === undefined ? schema : `${schema} ${name}`;
}

function fieldLines({ fields, families, passes, read }: DescribedView): readonly string[] {
  const named = [...fields, ...families];
  const most = read
    .slice(0, SHOWN_RULES)
    .map(({ field, rules }) => `${printable(field)} ${rules.toLocaleString('en-US')}`);
  return [
    ...namedLines(named, passes),
    ...(most.length === 0 ? [] : [`  read by rules: ${most.join(', ')}${read.length > SHOWN_RULES ? ', …' : ''}`]),
  ];
}

function namedLines(named: readonly string[], passes: boolean): readonly string[] {
  return [...(named.length === 0 ? [] : [`  ${named.join(', ')}`]), ...(passes ? ["  and the record's own"] : [])];
}

function sampleLines(sample: string | JsonObject): readonly string[] {
  const text = typeof sample === 'string' ? sample : stringifyJson(sample);
  return text.split('\n').map((line) => `  ${line}`);
}

/** Which logs rules are about, and which log types serve them. */
export async function printCoverage(rules: readonly Rule[], format: Format, io: Io): Promise<void> {
  const { sources, unserved, rules: counted } = coverageOf(rules);
  if (format === 'json') {
    const json = {
      sources: sources.map(({ logTypes, reason, ...own }) => ({
        ...own,
        log_types: logTypes,
        ...(reason && { reason }),
      })),
      unserved: unserved.map(({ id, file }) => ({ id, file })),
      rules: counted,
    };
    await io.stdout.write(`${stringifyJson(json as unknown as JsonObject)}\n`);
    return;
  }
  const { paint, columns } = termsOf(io, 'stdout');
  const lines = table(
    [
      { head: 'SYSTEM' },
      { head: 'LOGS', flexible: true },
      { head: 'RULES', align: 'right' },
      { head: 'SERVED', align: 'right' },
      { head: 'LOG TYPES, OR WHY NONE', flexible: true },
    ],
    sources.map((one) => [
      one.system,
      one.source,
      one.rules.toLocaleString('en-US'),
      one.served.toLocaleString('en-US'),
      servedBy(one),
    ]),
    paint,
    columns,
  );
  lines.push(
    '',
    `${(counted - unserved.length).toLocaleString('en-US')} of ${count(counted, 'rule')} about some logs can match records of a declared log type.`,
  );
  await io.stdout.write(`${lines.join('\n')}\n`);
}

function servedBy({ logTypes, reason }: SourceCoverage): string {
  return logTypes.length > 0 ? logTypes.join(', ') : `none: ${reason ?? 'no reason is written down'}`;
}
