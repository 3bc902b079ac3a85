import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { isJsonObject } from '../../src/base/json.ts';
import { sourceText } from '../../src/base/source-text.ts';
import { compilePredicate } from '../../src/engines/memory/compile.ts';
import type { LoadContext, LoadOutcome } from '../../src/formats/rule-file.ts';
import { sigmaFormat } from '../../src/formats/sigma/sigma.ts';
import { printExpr } from '../../src/ir/print/print.ts';
import { sigmaSchema } from '../../src/schemas/sigma.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { plainly } from '../plain-records.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

/**
 * Every rule of SigmaHQ loads, and the rules agree with a plain evaluator on the events of the regression data. Run alone:
 * `npx vitest run --config vitest.conformance.config.ts sigma`.
 */
const { asPinned } = inputs(
  ['sigma/sigmahq-rules.tar.gz', 'sigma/regression_data.tar.gz', 'sigma/regression-cross-matches.json'],
  'ba7faa7c5f35',
);
const ACTIVE = [
  'rules',
  'rules-emerging-threats',
  'rules-threat-hunting',
  'rules-placeholder',
  'rules-compliance',
  'rules-dfir',
];

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => sigmaSchema };
const clock = { now: fromEpochMs(0) };

interface Loaded {
  readonly path: string;
  readonly text: string;
  readonly outcomes: readonly LoadOutcome[];
}

describe.skipIf(!asPinned)('SigmaHQ', () => {
  let folder = '';
  let files: { readonly path: string; readonly text: string }[] = [];
  let loaded: Loaded[] = [];
  const times = { yaml: 0, load: 0 };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dragoman-sigma-'));
    for (const archive of ['sigmahq-rules.tar.gz', 'regression_data.tar.gz']) {
      execFileSync('tar', ['xzf', join(corpora, 'sigma', archive), '-C', folder]);
    }
    files = ACTIVE.filter((name) => existsSync(join(folder, name))).flatMap((name) =>
      readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.yml'))
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => ({ path: relative(folder, path), text: readFileSync(path, 'utf8') })),
    );
    const yamlStart = process.cpuUsage();
    for (const { text } of files) for (const document of parseAllDocuments(text)) document.toJS();
    times.yaml = cpuSince(yamlStart);
    const start = process.cpuUsage();
    loaded = files.map(({ path, text }) => {
      return { path, text, outcomes: sigmaFormat.load({ path, source: sourceText(path, text) }, context) ?? [] };
    });
    times.load = cpuSince(start);
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('all 3,780 active rules load; only placeholders without values wait', () => {
    const outcomes = loaded.flatMap((file) => file.outcomes);
    const count = (status: LoadOutcome['status']): number =>
      outcomes.filter((outcome) => outcome.status === status).length;
    const ratio = (times.load / times.yaml).toFixed(2);
    console.log(
      `Sigma: ${count('loaded')} loaded, ${count('unsupported')} unsupported, ${count('invalid')} invalid of ${outcomes.length}`,
    );
    console.log(
      `Sigma: loading ${times.load.toFixed(0)} ms, the yaml package alone ${times.yaml.toFixed(0)} ms, ratio ${ratio}`,
    );
    expect(files.length).toBe(3780);
    expect(outcomes.length).toBe(3780);
    expect(outcomes.filter((outcome) => outcome.status === 'invalid')).toEqual([]);
    const waiting = outcomes.filter((outcome) => outcome.status === 'unsupported');
    const codes = new Set(waiting.flatMap((outcome) => outcome.diagnostics.map((found) => found.code)));
    expect([...codes]).toEqual(['unsupported/sigma-placeholder']);
    expect(waiting.length).toBe(25);
  });

  test('all rules about Azure load', () => {
    const azure = loaded.filter((file) => file.path.startsWith('rules/cloud/azure/'));
    expect(azure.length).toBeGreaterThan(100);
    expect(azure.flatMap((file) => file.outcomes).every((outcome) => outcome.status === 'loaded')).toBe(true);
  });

  test('no loaded rule gives a warning that is a mistake of the reader', () => {
    const warnings = loaded.flatMap((file) =>
      file.outcomes.flatMap((outcome) => outcome.diagnostics.map((found) => found.code)),
    );
    const allowed = new Set(['unsupported/sigma-placeholder', 'sigma/cidr-host-bits']);
    expect(warnings.filter((code) => !allowed.has(code))).toEqual([]);
  });

  test('lint runs on every rule, and its places lie in the file', () => {
    const counts = new Map<string, number>();
    for (const file of loaded) {
      for (const outcome of file.outcomes) {
        for (const found of outcome.status === 'loaded' ? outcome.lint() : []) {
          counts.set(found.code, (counts.get(found.code) ?? 0) + 1);
          const span = found.labels[0]?.span;
          expect(file.text.slice(span?.start, span?.end)).not.toBe('');
        }
      }
    }
    console.log('Sigma lint:', Object.fromEntries(counts));
  });

  test('the deprecated and unsupported folders: nothing is lost in silence', () => {
    const counts = new Map<string, number>();
    for (const name of ['deprecated', 'unsupported']) {
      for (const entry of readdirSync(join(folder, name), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !entry.name.endsWith('.yml')) continue;
        const path = join(entry.parentPath, entry.name);
        const outcomes = sigmaFormat.load({ path, source: sourceText(path, readFileSync(path, 'utf8')) }, context);
        for (const outcome of outcomes ?? []) {
          const keys =
            outcome.status === 'loaded'
              ? ['loaded']
              : new Set(outcome.diagnostics.map((found) => `${outcome.status} ${found.code}`));
          for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        expect(outcomes?.length).toBeGreaterThan(0);
      }
    }
    console.log('Sigma, deprecated and unsupported:', Object.fromEntries(counts));
  });

  test('every other rule of the same log source agrees with a plain evaluator on those events', () => {
    const cases: readonly CrossMatch[] = JSON.parse(
      readFileSync(join(corpora, 'sigma/regression-cross-matches.json'), 'utf8'),
    );
    const rules = loaded.flatMap((file) =>
      file.outcomes.flatMap((outcome) => (outcome.status === 'loaded' ? [outcome.rule] : [])),
    );
    const bySource = new Map<string, { readonly id: string; readonly decide: ReturnType<typeof compilePredicate> }[]>();
    const sourceOf = new Map<string, string>();
    for (const rule of rules) {
      if (rule.logic.kind !== 'plan' || rule.logic.plan.kind !== 'where') continue;
      const { input, predicate } = rule.logic.plan;
      const scope = input.kind === 'source' && input.scope !== null ? printExpr(input.scope) : '';
      sourceOf.set(rule.id, scope);
      const group = bySource.get(scope) ?? [];
      group.push({ id: rule.id, decide: compilePredicate(plainly(predicate), clock) });
      bySource.set(scope, group);
    }
    const differences: string[] = [];
    let pairs = 0;
    for (const one of cases) {
      const event = readEvents(readFileSync(join(folder, one.json), 'utf8'))[one.index];
      if (event === undefined) continue;
      const row = { event: flatten(event), columns: new Map() };
      const group = bySource.get(sourceOf.get(one.expected_rule) ?? '') ?? [];
      for (const { id, decide } of group) {
        pairs += 1;
        const ours = decide(row) === true;
        if (ours !== one.naive_hits.includes(id)) differences.push(`${id} ${one.json} #${one.index}: ours ${ours}`);
      }
    }
    console.log(`Sigma: ${pairs - differences.length} of ${pairs} verdicts agree with the plain evaluator`);
    expect(differences).toEqual([]);
  });
});

interface CrossMatch {
  readonly json: string;
  readonly index: number;
  readonly expected_rule: string;
  readonly naive_hits: readonly string[];
}

/** Milliseconds of processor time: other work on the machine does not count. */
function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** One object, an array, or objects one after the other. */
function readEvents(text: string): JsonObject[] {
  const chunks = text.trim().startsWith('[') ? [text] : text.trim().split(/\n(?=\{)/);
  return chunks.flatMap((chunk) => {
    const parsed: Json = JSON.parse(chunk);
    return Array.isArray(parsed) ? parsed.filter(isJsonObject) : isJsonObject(parsed) ? [parsed] : [];
  });
}

/** The plainest flat form of a Windows event: the fields of `EventData`, `UserData` and `System` side by side, names without spaces. */
function flatten(event: JsonObject): JsonObject {
  const flat: Record<string, Json> = {};
  const walk = (value: Json | undefined): void => {
    if (!isJsonObject(value)) return;
    for (const [key, member] of Object.entries(value)) {
      if (key === '#attributes') continue;
      if (isJsonObject(member) && !('#text' in member)) walk(member);
      else flat[key.replaceAll(' ', '')] = isJsonObject(member) ? (member['#text'] ?? null) : member;
      const attributes = isJsonObject(member) ? member['#attributes'] : undefined;
      if (isJsonObject(attributes))
        for (const [name, text] of Object.entries(attributes)) flat[`${key}_${name}`] = text;
    }
  };
  walk(event['Event']);
  return flat;
}
