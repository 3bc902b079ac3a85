import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadRules } from './load-rules.ts';

const sigma = (id: string): string =>
  `title: ${id}\nid: ${id}\nlogsource: {product: linux}\ndetection: {sel: {a: b}, condition: sel}\n`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dragoman-load-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(name: string, text: string): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe('loadRules', () => {
  it('loads each file once, however often and by whatever path it is reached', async () => {
    const one = put('a/one.yml', sigma('r1'));
    put('a/b/two.yaml', sigma('r2'));
    const { rules, files, diagnostics } = await loadRules([one, root, join(root, '**/*.yml'), `${root}/a/../a`]);
    expect(rules.map((rule) => rule.id)).toEqual(['r1', 'r2']);
    expect([files, diagnostics]).toEqual([2, []]);
  });

  it('knows the texts that diagnostics point into', async () => {
    const bad = put('bad.yml', 'title: x\nlogsource: {product: linux}\ndetection: {sel: {a: b}, condition: sel and}\n');
    const { outcomes, sources } = await loadRules([bad]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['invalid']);
    const spans = outcomes.flatMap((outcome) => outcome.diagnostics).flatMap((found) => found.labels);
    expect(spans.length).toBeGreaterThan(0);
    for (const { span } of spans) expect(sources.get(span.source)?.text.length).toBeGreaterThanOrEqual(span.end);
  });

  it('is not led astray by a byte order mark, carriage returns or bytes that are no UTF-8', async () => {
    writeFileSync(join(root, 'bom.yml'), `\ufeff${sigma('r1').replaceAll('\n', '\r\n')}`);
    writeFileSync(join(root, 'latin.yml'), Buffer.from(sigma('caf\u00e9'), 'latin1'));
    const { rules } = await loadRules([root]);
    expect(rules.map((rule) => rule.id)).toEqual(['r1', 'caf\ufffd']);
  });

  it('takes ids that are only file names for no duplicates', async () => {
    put('a/query.kql', 'AzureActivity | where OperationNameValue has "x"');
    put('b/query.kql', 'AzureActivity | where OperationNameValue has "y"');
    const { rules, diagnostics } = await loadRules([root]);
    expect(rules).toHaveLength(2);
    expect(diagnostics).toEqual([]);
  });

  it('reports progress, and paths that are not there', async () => {
    put('a.yml', sigma('r1'));
    const seen: [number, number][] = [];
    const { diagnostics } = await loadRules([root, join(root, 'missing')], {
      onProgress: (done, total) => seen.push([done, total]),
    });
    expect(seen).toEqual([[1, 1]]);
    expect(diagnostics.map((found) => found.code)).toEqual(['input/unreadable']);
  });
});
