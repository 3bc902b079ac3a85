import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JsonObject, stringifyJson } from '../../src/base/json.ts';
import { runRules } from '../../src/detect/run-rules.ts';
import type { Rule } from '../../src/ir/rule/rule.ts';
import { readLogs } from '../../src/logs/input/index.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { inputs } from './inputs.ts';
import { corpora, openTree } from './tree.ts';
import {
  asGetWinEvent,
  asWazuh,
  asWinlogbeat,
  inGetWinEvent,
  inWazuh,
  inWinlogbeat,
} from './windows-forms/collectors.ts';
import { asPiped, inPiped } from './windows-forms/pipelines.ts';
import { asXml } from './windows-forms/xml.ts';

/**
 * The same Windows events in every form in which they are shipped reach the same rules. What a form does not carry is taken out of
 * the event itself: with what is left of it, the event log matches what the form does.
 */
const EVENTS = 'sigma/evtx-attack-samples.tar.gz';
const RULES = 'sigma/sigmahq-rules.tar.gz';
const RULE_FOLDERS = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'];
const { there, asPinned } = inputs([EVENTS, RULES], '771e44b2daaa');

interface Form {
  readonly name: string;
  readonly write: (event: JsonObject) => string | JsonObject;
  /** The event with what the form has of it; all, where it is left out. */
  readonly carried?: (event: JsonObject) => JsonObject;
  /** Whether names may be found again that the form does not have. */
  readonly restores?: true;
  /** How many pairs of an event and a rule the form loses for want of data, at most. */
  readonly lost: number;
}

const FORMS: readonly Form[] = [
  { name: 'xml', write: asXml, lost: 0 },
  { name: 'json', write: (event) => event, lost: 0 },
  { name: 'winlogbeat', write: asWinlogbeat, carried: inWinlogbeat, lost: 2 },
  { name: 'pipelines', write: asPiped, carried: inPiped, lost: 2 },
  { name: 'get-winevent', write: asGetWinEvent, carried: inGetWinEvent, restores: true, lost: 7 },
  { name: 'wazuh', write: asWazuh, carried: inWazuh, lost: 2 },
];

const tree = openTree(corpora);
const scratch = mkdtempSync(join(tmpdir(), 'dragoman-windows-forms-'));
afterAll(() => {
  tree.close();
  rmSync(scratch, { recursive: true });
});

/** `record rule` for every match, records counted from 0 in their order. */
async function pairsOf(rules: readonly Rule[], file: string, lines: readonly string[]): Promise<ReadonlySet<string>> {
  const path = join(scratch, file);
  writeFileSync(path, `${lines.join('\n')}\n`);
  const numbers = new Map<string, number>();
  for await (const { events } of readLogs([path])) {
    for (const { source } of events) numbers.set(`${source.line} ${source.record ?? 0}`, numbers.size);
  }
  expect(numbers.size, file).toBe(lines.length);
  const pairs = new Set<string>();
  const { undecodable } = await runRules({
    rules,
    logs: [path],
    onMatch: ({ rule, record }) => {
      if (record === undefined) return;
      const { line, record: inside = 0 } = record.source;
      pairs.add(`${numbers.get(`${line} ${inside}`)} ${basename(rule.file)}`);
    },
  });
  expect(undecodable, file).toBe(0);
  return pairs;
}

const without = (all: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
  [...all].filter((pair) => !others.has(pair));

const asLine = (value: string | JsonObject): string => (typeof value === 'string' ? value : stringifyJson(value));

describe.runIf(there)('forms of Windows events', { timeout: 1_800_000 }, () => {
  const events: JsonObject[] = [];
  let rules: readonly Rule[] = [];
  let whole: ReadonlySet<string> = new Set();

  beforeAll(async () => {
    for await (const batch of readLogs([tree.unpack(EVENTS) ?? '']))
      events.push(...batch.events.map(({ event }) => event));
    const folder = tree.unpack(RULES) ?? '';
    rules = (await loadRules(RULE_FOLDERS.map((name) => join(folder, name)))).rules;
    whole = await pairsOf(rules, 'evtx.ndjson', events.map(asLine));
    console.log(`EVTX: ${whole.size} pairs of ${events.length} events and ${rules.length} rules`);
    expect(whole.size).toBeGreaterThan(0);
  }, 1_800_000);

  test.each(FORMS)('$name', async ({ name, write, carried, restores, lost }) => {
    const found = await pairsOf(
      rules,
      `${name}.log`,
      events.map((event) => asLine(write(event))),
    );
    const missing = without(whole, found);
    const carry = carried ?? ((event: JsonObject) => event);
    const wanted =
      carried === undefined
        ? whole
        : await pairsOf(
            rules,
            `${name}-rest.ndjson`,
            events.map((event) => asLine(carry(event))),
          );
    console.log(
      `${name}: ${found.size} pairs, ${missing.length} of the event log's lost, ${without(found, whole).length} that it has not`,
    );
    // A rule may match for want of a name that is found again: not the event itself, then.
    const needed = restores === true ? new Set([...wanted].filter((pair) => whole.has(pair))) : wanted;
    expect(without(needed, found).slice(0, 20)).toEqual([]);
    // Where a name is found again, a pair of the event itself is; anything else was made up.
    const allowed = restores === true ? new Set([...wanted, ...whole]) : wanted;
    expect(without(found, allowed).slice(0, 20)).toEqual([]);
    if (asPinned) expect(missing.length).toBeLessThanOrEqual(lost);
  });
});
