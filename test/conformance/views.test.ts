import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { afterAll, describe, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../src/base/json.ts';
import { show } from '../views/view-values.ts';

/**
 * The ECS views against what Elastic's ingest pipelines make of the same records: every expected field that a view can
 * know must have the expected value, and a view must give no field of the pipeline's own that the pipeline did not make.
 */
const corpora = process.env['DRAGOMAN_CORPORA'] ?? join(import.meta.dirname, '../../../shared/corpora');
const there = existsSync(join(corpora, 'elastic/ecs/azure.tar.gz'));
if (!there) console.warn(`skipped: no conformance data at ${corpora}`);

const folder = mkdtempSync(join(tmpdir(), 'dragoman-views-'));
if (there) {
  for (const name of ['azure', 'aws']) {
    execFileSync('tar', ['xzf', join(corpora, `elastic/ecs/${name}.tar.gz`), '-C', folder]);
  }
}
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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

function pairs(pattern: string): readonly { name: string; event: JsonObject; expected: Record<string, Json> }[] {
  return globSync(pattern, { cwd: folder, absolute: true })
    .sort()
    .flatMap((path) => {
      const log = path.replace(/-expected\.json$/, '');
      const lines = readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.trim() !== '');
      const parsed = JSON.parse(readFileSync(path, 'utf8'));
      const documents: Json[] = Array.isArray(parsed) ? parsed : parsed.expected;
      return lines.flatMap((line, index) => {
        const expected = documents[index];
        return expected === undefined
          ? []
          : [{ name: basename(log), event: JSON.parse(line), expected: flat(expected) }];
      });
    });
}

function differences(pattern: string, own: RegExp): { readonly wrong: readonly string[]; readonly compared: number } {
  const wrong: string[] = [];
  let compared = 0;
  for (const { name, event, expected } of pairs(pattern)) {
    const shown = show(event, 'ecs');
    for (const [field, wanted] of Object.entries(expected)) {
      if (NOT_MADE.some(([names]) => names.test(field)) || `${name} ${field}` in ODD) continue;
      compared += 1;
      const found = shown.get(field);
      if (!same(found, wanted)) wrong.push(`${name} ${field}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
    }
    for (const [field, found] of Object.entries(shown.all())) {
      if (`${name} ${field.split('.').slice(0, 3).join('.')}` in ODD) continue;
      if (own.test(field) && !(field in expected)) wrong.push(`${name} ${field}: ${JSON.stringify(found)}, not there`);
    }
  }
  return { wrong, compared };
}

describe.skipIf(!there)('ECS views', () => {
  test('azure.activity, the Beats module', () => {
    const { wrong, compared } = differences(
      'module/azure/activitylogs/test/*-expected.json',
      /^(?:event\.(?:outcome|type|action|duration)|azure\.activitylogs\.|user\.(?!email)|azure\.resource\.|source\.ip)/,
    );
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(80);
  });

  test('azure.activity, the integration', () => {
    const { wrong, compared } = differences(
      'package/azure/activitylogs/*-expected.json',
      /^(?:event\.(?:outcome|type|action)|azure\.activitylogs\.|user\.)/,
    );
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(25);
  });

  test('aws.cloudtrail, the Beats module', () => {
    const { wrong, compared } = differences(
      'module/aws/cloudtrail/test/*-expected.json',
      /^(?:event\.(?:outcome|type|category|action|provider)|aws\.cloudtrail\.|user\.(?!target)|source\.ip)/,
    );
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(500);
  });
});
