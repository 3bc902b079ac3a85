import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadRules } from './load-rules.ts';
import { type OpenText, readOpenText, readTextFile } from './read-text.ts';

const sigma = (id: string): string =>
  `title: ${id}\nid: ${id}\nlogsource: {product: linux}\ndetection: {sel: {a: b}, condition: sel}\n`;
const panther = (id: string, file: string): string =>
  `AnalysisType: rule\nRuleID: ${id}\nFilename: ${file}\nSeverity: Low\nLogTypes: [T]\n`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dragoman-read-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(name: string, text: string | Uint8Array): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function loaded(...paths: readonly string[]): Promise<{ ids: string[]; codes: string[] }> {
  const { rules, diagnostics, outcomes } = await loadRules(paths);
  const all = [...diagnostics, ...outcomes.flatMap((outcome) => outcome.diagnostics)];
  return { ids: rules.map(({ id }) => id), codes: all.map(({ code }) => code).sort() };
}

describe('paths of rules', () => {
  it('that are devices and pipes are not opened, and the other rules load', async () => {
    put('rules/one.yml', sigma('r1'));
    symlinkSync('/dev/zero', join(root, 'rules', 'zero.yml'));
    expect(spawnSync('mkfifo', [join(root, 'rules', 'pipe.yml')]).status).toBe(0);
    expect(await loaded(join(root, 'rules'))).toEqual({
      ids: ['r1'],
      codes: ['input/link-outside', 'input/not-a-file'],
    });
    // A glob fits no pipes.
    expect(await loaded(join(root, 'rules', '*.yml'))).toEqual({ ids: ['r1'], codes: ['input/link-outside'] });
    expect(await loaded(join(root, 'rules', 'pipe.yml'), '/dev/zero')).toEqual({
      ids: [],
      codes: ['input/unreadable', 'input/unreadable'],
    });
  });

  it('do not leave the folder by links, of files and of folders', async () => {
    put('elsewhere/two.yml', sigma('r2'));
    put('rules/one.yml', sigma('r1'));
    put('rules/below/three.yml', sigma('r3'));
    symlinkSync(join(root, 'elsewhere'), join(root, 'rules', 'folder'));
    symlinkSync(join(root, 'elsewhere', 'two.yml'), join(root, 'rules', 'two.yml'));
    symlinkSync(join(root, 'rules'), join(root, 'rules', 'loop'));
    symlinkSync(join(root, 'rules'), join(root, 'link'));
    const outside = ['input/link-outside', 'input/link-outside'];
    expect(await loaded(join(root, 'rules'))).toEqual({ ids: ['r3', 'r1'], codes: outside });
    // What is named is meant, though it is a link itself.
    expect((await loaded(join(root, 'link'))).ids).toEqual(['r3', 'r1']);
    expect(await loaded(join(root, 'rules', 'two.yml'))).toEqual({ ids: ['r2'], codes: [] });
  });

  it('that rules name stay in their repository', async () => {
    put('secret.py', 'SECRET = 1\n');
    put('repo/global_helpers/h.yml', 'AnalysisType: global\nGlobalID: h\nFilename: ../../secret.py\n');
    put('repo/shared/ok.py', 'def rule(event): return True\n');
    put('repo/rules/a.yml', panther('up', '../../secret.py'));
    put('repo/rules/b.yml', panther('within', '../shared/ok.py'));
    symlinkSync(join(root, 'secret.py'), join(root, 'repo', 'rules', 'linked.py'));
    put('repo/rules/c.yml', panther('linked', 'linked.py'));
    const text = 'LookupName: x\nAnalysisType: lookup_table\nSchema: S\nLogTypeMap: {PrimaryKey: k}\n';
    put('repo/rules/d.yml', `${text}Filename: ../../secret.py\n`);
    const { ids, codes } = await loaded(join(root, 'repo'));
    expect(ids).toEqual(['within']);
    expect(codes.filter((code) => code === 'panther/file-outside')).toHaveLength(4);
  });

  it('without a repository, in the folder that is named or in their own', async () => {
    put('secret.py', 'SECRET = 1\n');
    put('set/shared/ok.py', 'def rule(event): return True\n');
    put('set/rules/a.yml', panther('up', '../../secret.py'));
    put('set/rules/b.yml', panther('within', '../shared/ok.py'));
    expect((await loaded(join(root, 'set'))).ids).toEqual(['within']);
    expect((await loaded(join(root, 'set', 'rules', 'b.yml'))).codes).toEqual(['panther/file-outside']);
  });
});

describe('texts of rules', () => {
  it('that are not UTF-8 are named, with the line', async () => {
    put('latin.yml', Buffer.from(`# first\n${sigma('caf\u00e9')}`, 'latin1'));
    const { diagnostics, rules } = await loadRules([root]);
    expect(rules).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ code: 'input/invalid-utf8', params: { line: 2 } }]);
  });

  it('also those that rules name', async () => {
    put('a.yml', panther('a', 'a.py'));
    put('a.py', Buffer.from('def rule(event): return "\u00e9"\n', 'latin1'));
    expect(await loaded(root)).toEqual({ ids: ['a'], codes: ['input/invalid-utf8'] });
  });

  /** A file whose text is another each time that its length was asked for. */
  function changing(texts: readonly string[]): OpenText {
    let asked = 0;
    const now = (): Buffer => Buffer.from(texts[Math.min(asked, texts.length) - 1] ?? '');
    return {
      stat: () => {
        asked += 1;
        return { size: now().length, mtimeMs: texts.indexOf(now().toString()) };
      },
      read: (block, at) => now().copy(block, 0, at),
    };
  }

  it.each([
    ['grows', ['ab', 'abcd', 'abcd']],
    ['is cut', ['abcd', 'ab', 'ab']],
    ['changes', ['abcd', 'efgh', 'efgh']],
  ])('of which one %s while it is read are read once more', (_, texts) => {
    expect(readOpenText(changing(texts), 'x')).toMatchObject({ ok: true, text: texts[1] });
  });

  it('that never stand still are not read', () => {
    const reason = 'it changed while it was read';
    expect(readOpenText(changing(['a', 'ab', 'abc', 'abcd']), 'x')).toEqual({ ok: false, reason });
  });

  it('that are too large are not read', () => {
    const huge: OpenText = { stat: () => ({ size: 2 ** 30, mtimeMs: 0 }), read: () => 0 };
    expect(readOpenText(huge, 'x')).toEqual({ ok: false, reason: '1024 MB is too large for a rule file' });
    expect(readTextFile(root)).toEqual({ ok: false, reason: 'it is a folder' });
  });
});
