import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { afterAll, describe, expect, test } from 'vitest';
import { sourceText } from '../../src/base/source-text.ts';
import { runPlan } from '../../src/engines/memory/index.ts';
import type { LoadContext, LoadOutcome } from '../../src/formats/rule-file.ts';
import { sentinelFormat } from '../../src/formats/sentinel.ts';
import { lowerKusto, parseKusto } from '../../src/languages/kusto/index.ts';
import { kustoSchema } from '../../src/schemas/kusto.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { sameCell } from './kusto-cells.ts';
import { DIFFERENCES } from './kusto-differences.ts';

/** The published rules load or say by code why not; the examples of Microsoft's documentation give what it prints. */
const corpora = process.env['DRAGOMAN_CORPORA'] ?? join(import.meta.dirname, '../../../shared/corpora');
const rules = join(corpora, 'kusto-rules');
const there = existsSync(rules);
if (!there) console.warn(`skipped: no conformance data at ${rules}`);

const folder = mkdtempSync(join(tmpdir(), 'dragoman-kusto-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => kustoSchema };

function tally(items: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([item, count]) => `${item} ${count}`)
    .join(', ');
}

describe.skipIf(!there).each([
  ['azure-sentinel-2020', 105],
  ['reprise99', 140],
  ['bert-janp', 270],
])('rules of %s', (name, atLeast) => {
  const home = join(folder, name);
  if (there) {
    execFileSync('mkdir', ['-p', home]);
    execFileSync('tar', ['xzf', join(rules, `${name}.tar.gz`), '-C', home]);
  }
  const paths = there ? globSync('**/*.{kql,yaml}', { cwd: home, absolute: true }).sort() : [];
  const outcomes: readonly LoadOutcome[] = paths.flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return sentinelFormat.load({ path, source: sourceText(path, text) }, context) ?? [];
  });

  test('load', () => {
    const status = tally(outcomes.map((one) => one.status));
    const codes = outcomes.flatMap((one) => {
      if (one.status === 'loaded') return [];
      const errors = one.diagnostics.filter((found) => found.severity === 'error');
      return [
        ...new Set(errors.map((found) => `${found.code}${found.params['name'] ? `(${found.params['name']})` : ''}`)),
      ];
    });
    console.log(`${name}: ${paths.length} files, ${status}\n  rules by code: ${tally(codes)}`);
    expect(outcomes.length).toBeGreaterThanOrEqual(paths.length - 1);
    expect(outcomes.filter((one) => one.status === 'loaded').length).toBeGreaterThanOrEqual(atLeast);
  });
});

interface Case {
  readonly id: string;
  readonly query: string;
  readonly relevant: boolean;
  readonly columns: readonly { readonly name: string; readonly type: string | null }[];
  readonly rows: readonly (readonly string[])[];
}

describe.skipIf(!there)('examples of the documentation', () => {
  const cases: readonly Case[] = there ? JSON.parse(readFileSync(join(corpora, 'kusto-docs/cases.json'), 'utf8')) : [];
  const now = fromEpochMs(Date.UTC(2026, 0, 1));

  function run(one: Case): { readonly status: 'passed' | 'failed' | 'unsupported'; readonly why: string } {
    const { ast, diagnostics } = parseKusto(sourceText(one.id, one.query));
    const lowered = lowerKusto(ast, kustoSchema, { allColumns: true });
    const errors = [...diagnostics, ...lowered.diagnostics].filter((found) => found.severity === 'error');
    if (errors.some((found) => found.code.startsWith('unsupported/'))) {
      return {
        status: 'unsupported',
        why: tally(errors.map((found) => `${found.code}(${found.params['name'] ?? ''})`)),
      };
    }
    if (errors.length > 0 || !lowered.ok)
      return { status: 'failed', why: errors.map((found) => found.message).join('; ') };
    const names = lowered.value.columns.map((column) => column.name);
    const rows = runPlan(lowered.value.plan, () => [], { now }).map((row) =>
      names.map((name) => row.columns.get(name)),
    );
    if (rows.length !== one.rows.length)
      return { status: 'failed', why: `${rows.length} rows instead of ${one.rows.length}` };
    const rowFits = (got: (typeof rows)[number], want: readonly string[]): boolean => {
      return want.every((cell, index) => sameCell(got[index], cell, one.columns[index]?.type ?? null));
    };
    const left = [...rows];
    for (const want of one.rows) {
      const found = left.findIndex((got) => rowFits(got, want));
      if (found === -1) {
        const got = JSON.stringify(left[0] ?? [], (_, value) => (typeof value === 'bigint' ? value.toString() : value));
        return { status: 'failed', why: `no row ${JSON.stringify(want)}, but ${got}` };
      }
      left.splice(found, 1);
    }
    return { status: 'passed', why: '' };
  }

  test('give what the page prints', () => {
    const results = cases.map((one) => ({ one, ...run(one) }));
    const failed = results.filter((result) => result.status === 'failed');
    const explained = new Map(DIFFERENCES);
    const unexplained = failed.filter((result) => !explained.has(short(result.one.id)));
    const unsupported = results.filter((result) => result.status === 'unsupported');
    console.log(`documentation: ${tally(results.map((result) => result.status))} of ${cases.length}`);
    console.log(
      `  those with features of the rules: ${tally(results.filter((one) => one.one.relevant).map((one) => one.status))}`,
    );
    console.log(`  unsupported: ${tally(unsupported.map((result) => result.why))}`);
    if (process.env['KUSTO_FAILURES'])
      for (const result of failed) console.log(`${short(result.one.id)}: ${result.why}`);
    expect(unexplained.map((result) => `${short(result.one.id)}: ${result.why}`)).toEqual([]);
    const passing = results.filter((result) => result.status === 'passed').map((result) => short(result.one.id));
    expect(passing.filter((id) => explained.has(id))).toEqual([]);
  });

  function short(id: string): string {
    return id.slice(id.lastIndexOf('/') + 1);
  }
});
