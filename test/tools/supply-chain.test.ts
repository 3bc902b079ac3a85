import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../cli/built.ts';
import { folder } from '../cli/harness.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock = JSON.parse(read('package-lock.json')) as { readonly packages: Readonly<Record<string, Locked>> };
const entries = Object.entries(lock.packages).filter(([path]) => path !== '');
const installed = entries.filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Old packages name their licence in a form that npm does not take into its lock file. */
function licenceOf(path: string, { license }: Locked): string | undefined {
  if (license !== undefined) return license;
  const manifest = JSON.parse(read(`${path}/package.json`)) as {
    readonly licenses?: readonly { readonly type: string }[];
  };
  return manifest.licenses?.map(({ type }) => type).join(' OR ');
}

describe('the lock file', () => {
  test('has the hash of each package, and names no registry', () => {
    const bare = entries.filter(([, { integrity = '' }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity));
    expect(bare.map(([path]) => path)).toEqual([]);
    expect(entries.filter(([, { resolved, link }]) => resolved !== undefined || link === true)).toEqual([]);
  });

  test('has nothing that runs at install, of what is installed with the package', () => {
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  });
});

test('the notice names each package that is installed with this one, with its licence, and no other', () => {
  const said = [...read('NOTICE').matchAll(/^ {2}(\S+) {2,}(\S+?),?(?:\s|$)/gm)].map(
    ([, name, license]) => `${name} ${license}`,
  );
  expect(said).toEqual(installed.map(([path, locked]) => `${nameOf(path)} ${licenceOf(path, locked)}`).sort());
});

test('the bill of materials has each package that is installed with this one, with its hash, and no other', {
  tags: 'large',
  timeout: 120_000,
}, () => {
  const made = join(folder({}), 'sbom.json');
  const { status, stderr } = spawnSync(process.execPath, ['scripts/sbom.mjs', made], { cwd: root, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const bill = JSON.parse(readFileSync(made, 'utf8'));
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'dragoman' } } });
  const listed = (bill.components as { name: string; version: string }[]).map(
    ({ name, version }) => `${name} ${version}`,
  );
  expect(listed.sort()).toEqual(installed.map(([path, { version }]) => `${nameOf(path)} ${version}`).sort());
});

describe('the release', () => {
  const workflow = parse(read('.github/workflows/release.yml')) as {
    readonly permissions: object;
    readonly jobs: Readonly<
      Record<string, { readonly permissions: object; readonly steps: readonly { uses?: string; run?: string }[] }>
    >;
  };
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  test('is published with provenance, after the checks, by a job that may do nothing else', () => {
    expect(JSON.parse(read('package.json')).publishConfig).toEqual({ provenance: true });
    expect(workflow.permissions).toEqual({});
    expect(workflow.jobs['check']?.permissions).toEqual({ contents: 'read' });
    expect(workflow.jobs['publish']).toMatchObject({
      needs: 'check',
      permissions: { contents: 'read', 'id-token': 'write' },
    });
    expect(steps.map(({ run = '' }) => run).filter((run) => run.startsWith('npm publish'))).toEqual([
      'npm publish --provenance --access public --ignore-scripts',
    ]);
  });

  test('uses others’ actions by commit only, and runs no script of a package', () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
    for (const { run = '' } of steps) if (run.startsWith('npm ci')) expect(run).toBe('npm ci --ignore-scripts');
  });

  test('runs scripts that are there', () => {
    const named = steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/(?:\.ci\/|scripts\/)[\w.-]+/g)].map(([path]) => path),
    );
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('SECURITY.md', () => {
  const page = read('SECURITY.md');
  const rows = [...page.matchAll(/^\|.*\|\s*`((?:src|test)\/[^`]+)`: (.+?)\s*\|$/gm)];

  test('names a test for what it promises, and each of them is there', () => {
    expect(rows.length).toBeGreaterThan(20);
    const lost = rows.flatMap(([, path = '', titles = '']) => {
      const text = existsSync(join(root, path)) ? read(path) : '';
      return titles.split('; ').flatMap((title) => (text.includes(title) ? [] : [`${path}: ${title}`]));
    });
    expect(lost).toEqual([]);
  });

  test('names no file that is not there', () => {
    const named = [...page.matchAll(/`((?:src|test|scripts|\.ci|\.github)\/[\w./-]+)`/g)].map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
