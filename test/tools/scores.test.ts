import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Case, type ConformanceSet, disputed, failed, PASSED, skipped } from '../conformance/case.ts';
import { runSet } from '../conformance/run-set.ts';
import { scoresOf } from '../conformance/scores.ts';

const root = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'dragoman-scores-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const setOf = (...cases: readonly Case[]): ConformanceSet => ({ name: 'some', read: () => ({ cases }) });

describe('a set of cases', () => {
  test('is counted by what became of its cases, each with its reason', async () => {
    const report = await runSet(
      setOf(
        { id: 'a', run: () => PASSED },
        { id: 'b', run: () => failed('it rained\n  all day') },
        { id: 'c', run: () => Promise.resolve(skipped('unsupported', 'unsupported/kusto-operator join')) },
        { id: 'd', run: () => disputed(failed('2, not 3'), 'the page counts one twice') },
        { id: 'e', run: () => disputed(PASSED, 'the page counts one twice') },
      ),
      scratch,
    );
    expect(scoresOf(report)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 2,
      cases: [
        { id: 'a', status: 'passed' },
        { id: 'b', status: 'failed', reason: 'it rained ⏎ all day' },
        { id: 'c', status: 'skipped', reason: 'unsupported: unsupported/kusto-operator join' },
        { id: 'd', status: 'skipped', reason: 'disputed: the page counts one twice' },
        { id: 'e', status: 'passed', reason: 'is listed as disputed, but passes' },
      ],
    });
  });

  test('goes on after a case that throws, and numbers the second of an id', async () => {
    const throws = (): never => {
      throw new Error('no such thing');
    };
    const { results } = await runSet(setOf({ id: 'a', run: throws }, { id: 'a', run: () => PASSED }), scratch);
    expect(results).toEqual([
      { id: 'a', outcome: { status: 'failed', reason: 'threw no such thing' } },
      { id: 'a (2)', outcome: { status: 'passed' } },
    ]);
  });

  test('that the tree has not is absent, and says what is missing', async () => {
    const set: ConformanceSet = {
      name: 'some',
      read: (tree) =>
        tree.find('some/cases.json') === undefined ? { absent: 'there is no some/cases.json' } : { cases: [] },
    };
    const scores = scoresOf(await runSet(set, scratch));
    expect(scores).toEqual({ passed: 0, failed: 0, skipped: 0, absent: 'there is no some/cases.json', cases: [] });
  });
});

/** A tree of two sets, with cases that no figure was pinned on. */
const TREE: Readonly<Record<string, unknown>> = {
  'elastic/kql/cases.json': [
    { id: 'kql/match/x/1', kind: 'match', kql: 'a: 1', document: { a: 1 }, matches: true },
    { id: 'kql/match/x/2', kind: 'match', kql: 'a: 1', document: { a: 1 }, matches: false },
    { id: 'kql/kql-to-eql/x/1', kind: 'kql-to-eql', kql: 'a: 1' },
  ],
  'esql/cases.json': [
    {
      id: 'esql/x/1',
      query: 'ROW a = 1',
      columns: [{ name: 'a', type: 'integer' }],
      rows: [[1]],
      ignore_order: false,
      warnings: [],
      data: [],
    },
  ],
};

test('npm run conformance scores any tree: nothing is compared with the pinned figures, what is absent is named', () => {
  const tree = join(scratch, 'tree');
  for (const [path, content] of Object.entries(TREE)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), JSON.stringify(content));
  }
  const file = join(scratch, 'scores.json');
  const env = { ...process.env, DRAGOMAN_CORPORA: tree, DRAGOMAN_SCORES: file, DRAGOMAN_PANTHER: '' };
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status, stdout } = spawnSync(process.execPath, [vitest, 'run', '--config', 'vitest.conformance.config.ts'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  expect(status, stdout).toBe(0);
  const scores = JSON.parse(readFileSync(file, 'utf8'));
  expect(scores['elastic/kql']).toEqual({
    passed: 1,
    failed: 1,
    skipped: 1,
    cases: [
      { id: 'kql/match/x/1', status: 'passed' },
      { id: 'kql/match/x/2', status: 'failed', reason: 'true, not false' },
      { id: 'kql/kql-to-eql/x/1', status: 'skipped', reason: expect.stringMatching(/^not-built: /) },
    ],
  });
  expect(scores['esql']).toMatchObject({ passed: 1, failed: 0, skipped: 0 });
  expect(scores['kusto-docs']).toEqual({
    passed: 0,
    failed: 0,
    skipped: 0,
    absent: 'there is no kusto-docs/cases.json',
    cases: [],
  });
  expect(stdout).toContain('kusto-docs: skipped, there is no kusto-docs/cases.json');
  expect(Object.keys(scores).sort()).toEqual([
    'elastic/ecs',
    'elastic/kibana-rules',
    'elastic/kql',
    'elastic/packages',
    'eql',
    'eql/more',
    'esql',
    'esql/warnings',
    'field',
    'kusto-docs',
    'kusto-engine',
    'kusto-rules',
    'log-forms',
    'panther',
    'sigma',
  ]);
}, 300_000);
