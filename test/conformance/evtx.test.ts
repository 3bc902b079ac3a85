import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../src/base/json.ts';
import { sourceText } from '../../src/base/source-text.ts';
import { createEngine } from '../../src/detect/engine.ts';
import type { LoadContext } from '../../src/formats/rule-file.ts';
import { sigmaFormat } from '../../src/formats/sigma.ts';
import type { DecodedEvent } from '../../src/logs/decode/batch.ts';
import { readLogs } from '../../src/logs/input/index.ts';
import { sigmaSchema } from '../../src/schemas/sigma.ts';

/**
 * Windows event logs read directly. Run alone: `npx vitest run --config vitest.conformance.config.ts evtx`.
 */
const corpora = resolve(import.meta.dirname, '../..', process.env['DRAGOMAN_CORPORA'] ?? '../shared/corpora', 'sigma');

interface RegressionCase {
  readonly rule_id: string;
  readonly rule_path: string;
  readonly evtx: string;
  readonly json: string;
  /** Null: not stated, at least one is the reading. */
  readonly match_count: number | null;
}

/** Where the stated number is not that of the events which hold what the rule asks for; why: see the tests of Sigma. */
const OTHER_COUNTS: ReadonlyMap<string, number> = new Map([
  ['0b9ad457-2554-44c1-82c2-d56a99c42377', 3],
  ['45e112d0-7759-4c2a-aa36-9f8fb79d3393', 3],
]);

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => sigmaSchema };

async function read(path: string): Promise<{ events: DecodedEvent[]; lost: number; codes: string[] }> {
  const all = { events: [] as DecodedEvent[], lost: 0, codes: [] as string[] };
  for await (const { events, undecodable, diagnostics } of readLogs([path])) {
    all.events.push(...events);
    all.lost += undecodable;
    all.codes.push(...diagnostics.map(({ code }) => code));
  }
  return all;
}

/** One object, an array, or objects one after the other. */
function published(text: string): JsonObject[] {
  const chunks = text.trim().startsWith('[') ? [text] : text.trim().split(/\n(?=\{)/);
  return chunks.flatMap((chunk) => {
    const parsed: Json = JSON.parse(chunk);
    return Array.isArray(parsed) ? parsed.filter(isJsonObject) : isJsonObject(parsed) ? [parsed] : [];
  });
}

/** Whoever made the published JSON cut blanks off the ends of texts, which the event logs have: command lines often end in one. */
function trimmed(value: Json): Json {
  if (typeof value === 'string') return value.trim();
  if (Array.isArray(value)) return value.map(trimmed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, trimmed(member)]));
}

describe.skipIf(!existsSync(corpora))(`event logs (skipped unless ${corpora} exists)`, () => {
  let folder = '';
  let cases: readonly RegressionCase[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dragoman-evtx-'));
    for (const archive of ['sigmahq-rules.tar.gz', 'regression_data.tar.gz', 'evtx-attack-samples.tar.gz']) {
      const into = join(folder, archive.replace('.tar.gz', ''));
      execFileSync('mkdir', ['-p', into]);
      execFileSync('tar', ['xzf', join(corpora, archive), '-C', into]);
    }
    cases = JSON.parse(readFileSync(join(corpora, 'regression-expected.json'), 'utf8'));
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('every record of the regression data is the one of its JSON', async () => {
    let records = 0;
    let toTheLetter = 0;
    const different: string[] = [];
    for (const one of cases) {
      const { events, codes } = await read(join(folder, 'regression_data', one.evtx));
      const wanted = published(readFileSync(join(folder, 'regression_data', one.json), 'utf8'));
      expect(codes, one.evtx).toEqual([]);
      expect(events.length, one.evtx).toBe(wanted.length);
      for (const [index, want] of wanted.entries()) {
        const got = events[index]?.event ?? {};
        records += 1;
        // As text: members in the same order too.
        if (JSON.stringify(got) === JSON.stringify(want)) toTheLetter += 1;
        if (JSON.stringify(trimmed(got)) !== JSON.stringify(trimmed(want))) different.push(`${one.evtx} #${index}`);
      }
    }
    console.log(
      `EVTX: ${records - different.length} of ${records} records equal, ${toTheLetter} to the letter, the others but for blanks at the end of texts (${cases.length} files)`,
    );
    expect(cases.length).toBeGreaterThanOrEqual(122);
    expect(different).toEqual([]);
  });

  test('every rule with regression data matches its event log as it does the JSON', async () => {
    const wrong: string[] = [];
    for (const one of cases) {
      const path = join(folder, 'sigmahq-rules', one.rule_path);
      const outcomes = sigmaFormat.load({ path, source: sourceText(path, readFileSync(path, 'utf8')) }, context) ?? [];
      const rules = outcomes.flatMap((outcome) => (outcome.status === 'loaded' ? [outcome.rule] : []));
      const rule = rules.find(({ id }) => id === one.rule_id);
      if (rule === undefined) {
        wrong.push(`${one.rule_path}: not loaded`);
        continue;
      }
      const count = async (file: string): Promise<number> => {
        const engine = createEngine([rule]);
        const matches = await engine.process((await read(join(folder, 'regression_data', file))).events);
        return matches.length + (await engine.finish()).length;
      };
      const fromEvtx = await count(one.evtx);
      const fromJson = await count(one.json);
      const stated = OTHER_COUNTS.get(one.rule_id) ?? one.match_count;
      if (stated === null ? fromEvtx === 0 : fromEvtx !== stated) {
        wrong.push(`${one.rule_path}: ${fromEvtx} from EVTX, stated ${one.match_count}`);
      }
      if (fromEvtx !== fromJson) wrong.push(`${one.rule_path}: ${fromEvtx} from EVTX, ${fromJson} from JSON`);
    }
    console.log(`EVTX: ${cases.length - wrong.length} of ${cases.length} regression tests through the engine`);
    expect(wrong).toEqual([]);
  }, 600_000);

  test('every record of the attack samples is read, and has an EventID', async () => {
    const started = performance.now();
    const { events, lost, codes } = await read(join(folder, 'evtx-attack-samples'));
    const seconds = (performance.now() - started) / 1000;
    const withoutId = events.filter(({ event }) => {
      const system = isJsonObject(event['Event']) ? event['Event']['System'] : undefined;
      const id = isJsonObject(system) ? system['EventID'] : undefined;
      return typeof (isJsonObject(id) ? id['#text'] : id) !== 'number';
    });
    const files = new Set(events.map(({ source }) => source.file)).size;
    console.log(
      `EVTX: ${events.length} records of ${files} attack samples, ${Math.round(events.length / seconds)} records/s`,
    );
    // One of the files is 65,024 bytes long, cut inside of its only chunk: its one record is whole.
    expect(events.length).toBe(8255);
    expect(codes).toEqual(['logs/evtx-gap']);
    expect(lost).toBe(1);
    expect(withoutId).toEqual([]);
  });
});
