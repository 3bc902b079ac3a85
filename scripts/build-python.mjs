// The Python that runs in the sandbox: the `.py` files of src/engines/python/runtime as one module that holds their texts, so that
// the package needs no file beside its modules. With `--check` it says by its exit code whether the module is the one they give.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../src/engines/python/runtime/', import.meta.url));
const target = join(folder, 'python-sources.ts');

const sources = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((file) => [relative(folder, file).split(sep).join('/'), readFileSync(file, 'utf8')])
  .sort(([a], [b]) => (a < b ? -1 : 1));

const text = `// Made by scripts/build-python.mjs from the .py files beside it; not to be edited.
/** The text of each file by its path. */
export const PYTHON_SOURCES: ReadonlyMap<string, string> = new Map([
${sources.map((source) => `  ${JSON.stringify(source)},\n`).join('')}]);
`;
// Several builds may run at a time: what is right already is not written.
const isRight = existsSync(target) && readFileSync(target, 'utf8') === text;
if (process.argv.includes('--check')) {
  if (!isRight) {
    console.error(
      'src/engines/python/runtime/python-sources.ts is not what its sources give: run `node scripts/build-python.mjs`',
    );
    process.exit(1);
  }
} else if (!isRight) {
  writeFileSync(target, text);
}
