import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = fileURLToPath(new URL('fixture', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'dragoman-walls-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function typescriptFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** The lines of the fixture that are marked as breaches, as `src/ir/breach.ts:2`. */
function marked(): string[] {
  return typescriptFiles(fixture).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        line.includes('// breach') ? [`${relative(fixture, file).split(sep).join('/')}:${index + 1}`] : [],
      ),
  );
}

/** What the project's own lint rules say of the fixture: its walls only. */
function found(): string[] {
  cpSync(fixture, scratch, { recursive: true });
  const own = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  const config = { linter: { rules: { preset: 'none' } }, overrides: own.overrides };
  writeFileSync(join(scratch, 'biome.json'), JSON.stringify(config));
  const manifest = createRequire(import.meta.url).resolve('@biomejs/biome/package.json');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(dirname(manifest), 'bin', 'biome'), 'lint', '--reporter=github', '--max-diagnostics=none', '.'],
    { cwd: scratch, encoding: 'utf8' },
  );
  return (stdout + stderr)
    .split('\n')
    .filter((line) => line.includes('noRestrictedImports'))
    .map((line) => `${/file=[^,]*?(src\/[^,]+)/.exec(line)?.[1]}:${/line=(\d+)/.exec(line)?.[1]}`);
}

describe('the walls between folders', () => {
  it('are seen by the lint rules: imports, type imports, re-exports and dynamic imports', () => {
    expect(marked().length).toBeGreaterThan(12);
    expect(found().sort()).toEqual(marked().sort());
  });

  it('are those of the one table of folders', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'walls.mjs'), '--check'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('are not passed under by types imported inline, which the lint rules do not see', () => {
    const inline = /import\((['"])\.[^'"]+\1\)\.(?!then\b|catch\b|finally\b)/;
    const files = typescriptFiles(join(root, 'src'));
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => inline.test(readFileSync(file, 'utf8')))).toEqual([]);
    expect("type A = import('../engines/memory/x.ts').A;").toMatch(inline);
  });
});
