import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { primarySpan } from '../../src/base/diagnostic.ts';
import { lintSigma } from '../../src/catalog/lint/sigma/index.ts';
import { loadRules, type RuleSet } from '../../src/rules/load-rules.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

/**
 * The lints over SigmaHQ's rules, active and retired, beside what pySigma 2.0.1 with its core validators and
 * pySigma-validators-sigmahq 0.21.0 say of the same files (run once; the numbers of rule files are written here).
 */
const { asPinned } = inputs(['sigma/sigmahq-rules.tar.gz'], 'e7ea7e043ed8');
const ACTIVE = ['rules', 'rules-emerging-threats', 'rules-threat-hunting', 'rules-placeholder', 'rules-compliance'];
const RETIRED = ['deprecated', 'unsupported'];

/** Rule files that the validators find something in. Codes that are not here: none. */
const OF_ACTIVE: Readonly<Record<string, number>> = {
  'sigma/escaped-wildcard': 39,
  'sigma/number-as-string': 4,
  'sigma/specific-logsource': 4,
};
const OF_RETIRED: Readonly<Record<string, number>> = {
  'sigma/escaped-wildcard': 2,
  'sigma/number-as-string': 3,
  'sigma/specific-logsource': 3,
  'sigma/localized-user': 3,
  'sigma/fields-key': 42,
  'sigma/file-name': 4,
  'sigma/branch-link': 4,
  'sigma/attack-link': 3,
  'sigma/sysmon-without-event-id': 1,
  'sigma/title-case': 5,
  'sigma/unknown-key': 3,
  'sigma/tag-pattern': 4,
  'sigma/retired-status': 251,
  // 4 there: one of them has `contains` with a needless wildcard, which is `sigma/redundant-wildcard` here.
  'sigma/wildcard-instead-of-modifier': 3,
};

/** Codes of which pySigma could be asked without its downloads. */
const COMPARED: readonly string[] = [
  ...Object.keys(OF_RETIRED),
  ...['sigma/all-of-them', 'sigma/them-of-one', 'sigma/selector-without-asterisk', 'sigma/all-without-contains'],
  ...['sigma/offset-without-contains', 'sigma/windash-with-all', 'sigma/repeated-modifier', 'sigma/double-wildcard'],
  ...[
    'sigma/control-character',
    'sigma/duplicate-value',
    'sigma/missing-metadata',
    'sigma/no-id',
    'sigma/title-length',
  ],
  ...['sigma/title-start', 'sigma/title-end', 'sigma/short-description', 'sigma/link-in-description'],
  ...[
    'sigma/modified-before-date',
    'sigma/modified-without-date',
    'sigma/modified-as-date',
    'sigma/false-positive-word',
  ],
  ...['sigma/false-positive-typo', 'sigma/false-positive-case', 'sigma/duplicate-reference', 'sigma/misspelt-key'],
  ...['sigma/tag-format', 'sigma/tag-namespace', 'sigma/tlp-tag', 'sigma/tlp-not-clear', 'sigma/duplicate-tag'],
  ...['sigma/tags-of-one-kind', 'sigma/folder-tag', 'sigma/logsource-key', 'sigma/space-in-field', 'sigma/regex-group'],
  ...['sigma/file-name-length', 'sigma/duplicate-file-name'],
];

describe.skipIf(!asPinned)('lints over SigmaHQ', () => {
  let folder = '';
  let active: Linted;
  let retired: Linted;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dragoman-sigma-lint-'));
    execFileSync('tar', ['xzf', join(corpora, 'sigma/sigmahq-rules.tar.gz'), '-C', folder]);
    active = await lintFolders(ACTIVE.map((name) => join(folder, name)));
    retired = await lintFolders(RETIRED.map((name) => join(folder, name)));
    for (const [name, { files }] of [
      ['active', active],
      ['retired', retired],
    ] as const) {
      console.log(
        `${name}: rule files by code`,
        Object.fromEntries([...files].map(([code, set]) => [code, set.size]).sort()),
      );
    }
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('find what the validators find, rule file for rule file', () => {
    for (const [linted, expected] of [
      [active, OF_ACTIVE],
      [retired, OF_RETIRED],
    ] as const) {
      const counts = COMPARED.map((code) => [code, linted.files.get(code)?.size ?? 0]);
      expect(Object.fromEntries(counts)).toEqual(
        Object.fromEntries(COMPARED.map((code) => [code, expected[code] ?? 0])),
      );
    }
  });

  test('have no errors', () => {
    expect(active.found.filter((one) => one.severity === 'error')).toEqual([]);
  });

  test('warn of few active rules, each of which was looked at', () => {
    const warned = [...active.files].filter(([code]) =>
      active.found.some((one) => one.code === code && one.severity === 'warning'),
    );
    expect(
      Object.fromEntries(
        warned.map(([code, files]) => [code, [...files].map((file) => file.split('/').at(-1)).sort()]),
      ),
    ).toEqual({
      // `Image|endswith: '-c'`, where the command line is meant.
      'sigma/contradiction': ['proc_creation_lnx_exploit_cve_2025_55182_susp_nodejs_server_child_process.yml'],
      'sigma/never-seen': [
        'file_event_win_apt_fin7_powershell_scripts_naming_convention.yml',
        'file_event_win_susp_double_extension.yml',
        'proc_creation_win_remote_access_tools_teamviewer_incoming_connection.yml',
      ],
      'sigma/specific-logsource': [...(active.files.get('sigma/specific-logsource') ?? [])]
        .map((file) => file.split('/').at(-1))
        .sort(),
    });
  });
});

interface Linted {
  readonly found: readonly Diagnostic[];
  /** The rule files that each code was found in. */
  readonly files: ReadonlyMap<string, ReadonlySet<string>>;
}

async function lintFolders(folders: readonly string[]): Promise<Linted> {
  const set: RuleSet = await loadRules(folders);
  const rules = set.rules.filter((rule) => rule.format === 'sigma');
  const files = [...set.sources.values()].filter(({ name }) => name.endsWith('.yml'));
  const found = lintSigma(files, rules, { profile: 'sigmahq', now: Date.parse('2026-11-21') });
  const byCode = new Map<string, Set<string>>();
  for (const one of found) {
    const known = byCode.get(one.code) ?? new Set();
    known.add(primarySpan(one)?.source ?? '');
    byCode.set(one.code, known);
  }
  return { found, files: byCode };
}
