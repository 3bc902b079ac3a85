import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { isJsonObject, type Json, type JsonObject } from '../../../src/base/json.ts';
import { decodeText } from '../../../src/logs/decode/index.ts';
import { show } from '../../views/view-values.ts';
import { type Case, type ConformanceSet, failed, type Outcome, skipped, type Tree, unless } from '../case.ts';

/** Data streams whose log types have an ECS view: their paths in the archives, and the fields that a view may only give as the pipeline does. */
const BUILT: readonly { readonly path: RegExp; readonly own: RegExp }[] = [
  {
    path: /^module\/azure\/activitylogs\//,
    own: /^(?:event\.(?:outcome|type|action|duration)|azure\.activitylogs\.|user\.(?!email)|azure\.resource\.|source\.ip)/,
  },
  {
    path: /^package\/azure\/activitylogs\//,
    own: /^(?:event\.(?:outcome|type|action)|azure\.activitylogs\.|user\.)/,
  },
  {
    path: /^module\/aws\/cloudtrail\//,
    own: /^(?:event\.(?:outcome|type|category|action|provider)|aws\.cloudtrail\.|user\.(?!target)|source\.ip)/,
  },
];

/** Why the documents of other data streams are not compared. */
const NOT_BUILT: readonly (readonly [RegExp, string])[] = [
  [/^module\/auditd\//, 'Filebeat makes a document of each line of auditd, here the lines of an event are one record'],
  [/^module\/system\//, 'the ECS view of syslog does not read the messages of sshd, sudo and PAM'],
];

/** Fields of the shipper that tell of the test's own file, and what needs a database. */
const NOT_MADE: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:log\.offset|log\.file|input\.type|service\.type|fileset\.name|tags|ecs\.version|event\.original|event\.ingested|event\.created)/,
    'of the shipper',
  ],
  [/(?:^|\.)(?:geo|as)\./, 'needs a geographic database'],
  [/^user_agent\.(?!original)/, 'needs a parser of user agents'],
];

/** Where the expected file itself is odd. */
const ODD: Readonly<Record<string, string>> = {
  'supporttickets_write.log event.duration': 'the pipeline multiplies in 32 bits and overflows',
  'assume-role-json.log aws.cloudtrail.resources':
    'the module fails to read the list of resources, the integration does not',
};

/**
 * The ECS views against what Elastic's ingest pipelines make of the same records: every expected field that a view can
 * know must have the expected value, and a view must give no field of the pipeline's own that the pipeline did not make.
 */
export const elasticEcs: ConformanceSet = {
  name: 'elastic/ecs',
  read: (tree) => {
    const folder = tree.find('elastic/ecs');
    if (folder === undefined) return { absent: 'there is no elastic/ecs' };
    const archives = readdirSync(folder).filter((name) => name.endsWith('.tar.gz'));
    return { cases: archives.sort().flatMap((name) => casesOf(name, tree)) };
  },
};

function casesOf(archive: string, tree: Tree): readonly Case[] {
  const folder = tree.unpack(`elastic/ecs/${archive}`);
  if (folder === undefined) return [];
  return globSync('**/*-expected.json', { cwd: folder })
    .sort()
    .flatMap((path) => {
      const log = path.replace(/-expected\.json$/, '');
      const parsed: { readonly expected: readonly Json[] } | readonly Json[] = JSON.parse(
        readFileSync(join(folder, path), 'utf8'),
      );
      const documents = 'expected' in parsed ? parsed.expected : parsed;
      const records = recordsOf(join(folder, log));
      return documents.map((document, index) => ({
        id: `ecs/${log}:${index + 1}`,
        run: () => outcomeOf(log, records[index], flat(document)),
      }));
    });
}

/** The records of a log, by lines that are not empty. */
function recordsOf(path: string): readonly (JsonObject | undefined)[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => decodeText(line, path).events[0]?.event);
}

function outcomeOf(log: string, event: JsonObject | undefined, expected: Readonly<Record<string, Json>>): Outcome {
  const built = BUILT.find(({ path }) => path.test(log));
  if (built === undefined) {
    const why = NOT_BUILT.find(([path]) => path.test(log))?.[1];
    return skipped('not-built', why ?? `no log type has an ECS view for ${log.split('/').slice(1, 3).join('.')}`);
  }
  if (event === undefined) return failed('not decoded');
  const name = basename(log);
  const wrong: string[] = [];
  let compared = 0;
  const shown = show(event, 'ecs');
  for (const [field, wanted] of Object.entries(expected)) {
    if (NOT_MADE.some(([names]) => names.test(field)) || `${name} ${field}` in ODD) continue;
    compared += 1;
    const found = shown.get(field);
    if (!same(found, wanted)) wrong.push(`${field}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
  }
  for (const [field, found] of Object.entries(shown.all())) {
    if (`${name} ${field.split('.').slice(0, 3).join('.')}` in ODD) continue;
    if (built.own.test(field) && !(field in expected)) wrong.push(`${field}: ${JSON.stringify(found)}, not there`);
  }
  return compared === 0 ? failed('no field was compared') : unless(wrong);
}

function flat(value: Json, name = '', into: Record<string, Json> = {}): Record<string, Json> {
  if (!isJsonObject(value)) into[name] = value;
  else for (const [key, member] of Object.entries(value)) flat(member, name === '' ? key : `${name}.${key}`, into);
  return into;
}

function same(found: Json | undefined, wanted: Json): boolean {
  const text = (value: Json | undefined): string =>
    (Array.isArray(value) ? value : [value])
      .map((one) => normal(String(one)))
      .sort()
      .join('\n');
  return text(found) === text(wanted);
}

/** Times are printed with the digits their writer likes. */
function normal(value: string): string {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? new Date(value).toISOString() : value;
}
