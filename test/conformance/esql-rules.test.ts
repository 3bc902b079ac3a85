import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { indexType, loadRules, parseDateTime, type Rule, runRules } from '../../src/index.ts';
import { generatedFor } from './generated-documents.ts';
import { inputs } from './inputs.ts';
import { documentsOf, type IndexedDocument, type PublishedCase, START } from './published.ts';
import { corpora } from './tree.ts';

/** Elastic's rules in ES|QL alert on the events that stand for them under test/cases/published, and not on fewer. */
const { asPinned } = inputs(['elastic/detection-rules.tar.gz'], 'c9792aea7ce5');

const folder = mkdtempSync(join(tmpdir(), 'dragoman-esql-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases: readonly PublishedCase[] = parse(
  readFileSync(join(import.meta.dirname, '../cases/published/elastic-esql.yaml'), 'utf8'),
);

/** Loads the live rules in ES|QL by their ids. */
async function esqlRules(): Promise<ReadonlyMap<string, Rule>> {
  execFileSync('tar', ['xzf', join(corpora, 'elastic/detection-rules.tar.gz'), '-C', folder]);
  const paths = globSync('**/*.toml', { cwd: folder, absolute: true }).filter(
    (path) =>
      /\/rules(?:_building_block)?\//.test(path) &&
      !path.includes('/_deprecated/') &&
      /^type = "esql"$/m.test(readFileSync(path, 'utf8')),
  );
  const { rules } = await loadRules(paths);
  return new Map(rules.map((rule) => [rule.id, rule]));
}

let runs = 0;

/** The matches of a rule among documents, and what is said of the run. */
async function matchesIn(rule: Rule, documents: readonly IndexedDocument[], seconds: number): Promise<RunAnswer> {
  runs += 1;
  const own = join(folder, `run-${runs}`);
  mkdirSync(own);
  const names = [...new Set(documents.map(({ index }) => index))];
  const indices = names.map((name, at) => {
    const path = join(own, `${at}.ndjson`);
    const list = documents.filter(({ index }) => index === name);
    const lines = list.map(({ fields }, place) => JSON.stringify({ _id: `${name}/${place}`, _version: 1, ...fields }));
    writeFileSync(path, lines.join('\n'));
    return { paths: [path], type: indexType(name, undefined) };
  });
  let matches = 0;
  const now = parseDateTime(new Date(START + seconds * 1000).toISOString());
  const summary = await runRules({
    rules: [rule],
    logs: [],
    indices,
    ...(now && { now }),
    onMatch: () => {
      matches += 1;
    },
  });
  const said = [...summary.ruleDiagnostics, ...summary.logDiagnostics].map(
    ({ code, message }) => `${code}: ${message}`,
  );
  return { matches, said };
}

/** The query of a rule, as its file has it. */
function queryOf({ file }: Rule): string {
  const { rule } = Object(getStaticTOMLValue(parseTOML(readFileSync(file, 'utf8'))));
  return String(rule.query);
}

interface RunAnswer {
  readonly matches: number;
  readonly said: readonly string[];
}

describe.skipIf(!asPinned)('rules in ES|QL', () => {
  let rules: ReadonlyMap<string, Rule> = new Map();
  beforeAll(async () => {
    rules = await esqlRules();
  });

  test('are those that ask no model', () => expect(rules.size).toBe(202));

  test('have events, each its own', () => {
    expect(new Set(cases.map(({ rule }) => rule)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(100);
  });

  test('run on generated documents of their indices without an error', async () => {
    const wrong: string[] = [];
    let alerting = 0;
    for (const rule of rules.values()) {
      const { matches, said } = await matchesIn(rule, generatedFor(queryOf(rule)), 600);
      if (said.length > 0) wrong.push(`${rule.id}: ${said.join('; ')}`);
      if (matches > 0) alerting += 1;
    }
    console.log(`${rules.size} rules, ${alerting} alert on what was generated`);
    expect(wrong).toEqual([]);
    expect(alerting).toBeGreaterThan(0);
  });

  for (const one of cases) {
    test(`alert on ${one.about}`, async () => {
      const rule = rules.get(one.rule);
      if (rule === undefined) throw new Error(`no rule ${one.rule} is loaded`);
      const documents = documentsOf(one);
      const found = await matchesIn(rule, documents, one.now ?? 60);
      expect(found).toEqual({ matches: expect.any(Number), said: [] });
      expect(found.matches).toBeGreaterThan(0);
      if (one.spare === true) return;
      expect(await matchesIn(rule, documents.slice(0, -1), one.now ?? 60)).toEqual({ matches: 0, said: [] });
    });
  }
});
