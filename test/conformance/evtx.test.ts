import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../src/base/json.ts';
import type { DecodedEvent } from '../../src/logs/decode/batch.ts';
import { readLogs } from '../../src/logs/input/index.ts';
import { inputs } from './inputs.ts';
import { corpora, openTree } from './tree.ts';

/**
 * Windows event logs read directly. Run alone: `npx vitest run --config vitest.conformance.config.ts evtx`.
 */
const regression = inputs(['sigma/regression_data.tar.gz', 'sigma/regression-expected.json'], 'cc381c762641');
const samples = inputs(['sigma/evtx-attack-samples.tar.gz'], '8fb8d3f57549');

interface RegressionCase {
  readonly evtx: string;
  readonly json: string;
}

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

const tree = openTree(corpora);
afterAll(() => tree.close());

test.skipIf(!regression.there)('every record of the regression data of Sigma is the one of its JSON', async () => {
  const folder = tree.unpack('sigma/regression_data.tar.gz') ?? '';
  const cases: readonly RegressionCase[] = JSON.parse(
    readFileSync(join(corpora, 'sigma/regression-expected.json'), 'utf8'),
  );
  let records = 0;
  let toTheLetter = 0;
  const different: string[] = [];
  for (const one of cases) {
    const { events, codes } = await read(join(folder, one.evtx));
    const wanted = published(readFileSync(join(folder, one.json), 'utf8'));
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
  expect(records).toBeGreaterThan(0);
  expect(different).toEqual([]);
});

test.skipIf(!samples.asPinned)('every record of the attack samples is read, and has an EventID', async () => {
  const started = performance.now();
  const { events, lost, codes } = await read(tree.unpack('sigma/evtx-attack-samples.tar.gz') ?? '');
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
