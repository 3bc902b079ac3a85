import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readPlain } from '../../src/formats/source/yaml/plain-reader.ts';
import { disagreement } from '../yaml-agreement.ts';
import { corpora, openTree } from './tree.ts';

/** The reader of plain YAML beside the package, on every YAML file of the corpora. */
const tree = openTree(corpora);
afterAll(() => tree.close());

const sigma = tree.unpack('sigma/sigmahq-rules.tar.gz');
const archives = [
  ...['azure-sentinel-2020', 'bert-janp', 'reprise99'].map((name) => `kusto-rules/${name}.tar.gz`),
  ...['auditd_manager', 'aws', 'azure'].map((name) => `elastic/packages/${name}.tar.gz`),
];
const others = [...archives.map((path) => tree.unpack(path)), tree.find('field')].filter((one) => one !== undefined);

function yamlBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(folder, name));
}

function disagreements(files: readonly string[]): readonly string[] {
  return files.flatMap((file) => {
    const found = disagreement(readFileSync(file, 'utf8'), readPlain);
    return found === undefined ? [] : [`${file}: ${found}`];
  });
}

describe('plain YAML is read as the package reads it', () => {
  test.skipIf(sigma === undefined)("in SigmaHQ's repository, of which nearly all is plain", () => {
    const files = yamlBelow(sigma ?? '');
    expect(files.length).toBeGreaterThan(3_000);
    expect(disagreements(files)).toEqual([]);
    const read = files.filter((file) => readPlain(readFileSync(file, 'utf8')) !== undefined);
    console.log(`${files.length} files, ${read.length} of them plain`);
    expect(read.length).toBeGreaterThan(0.97 * files.length);
  });

  test.skipIf(others.length === 0)('in the other corpora', () => {
    expect(disagreements(others.flatMap(yamlBelow))).toEqual([]);
  });
});
