// The scan kernel: AssemblyScript in src/engines/stream/kernel/assembly to WebAssembly, as a module that holds it in base64. With
// `--check` it says by its exit code whether the module at hand is the one that the sources give.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = new URL('../src/engines/stream/kernel/', import.meta.url);
const target = new URL('kernel-binary.ts', folder);
const baseDir = fileURLToPath(new URL('assembly/', folder));

let binary;
const { error, stderr } = await asc.main(
  [
    'index.ts',
    '--baseDir', baseDir,
    '--outFile', 'kernel.wasm',
    '--runtime', 'stub',
    '--enable', 'simd',
    '--importMemory',
    '--noAssert',
    '--exportStart', 'start',
    '-O3',
  ], // biome-ignore format: options with their values
  {
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents;
    },
  },
);
if (error || binary === undefined) {
  console.error(stderr.toString() || error?.message);
  process.exit(1);
}
const text = `// Made by scripts/build-kernel.mjs from the sources in assembly/; not to be edited.
export const KERNEL_BINARY: string =
  '${Buffer.from(binary).toString('base64')}';
`;
// Several builds may run at a time: what is right already is not written.
const isRight = existsSync(target) && readFileSync(target, 'utf8') === text;
if (process.argv.includes('--check')) {
  if (!isRight) {
    console.error(
      'src/engines/stream/kernel/kernel-binary.ts is not what its sources give: run `node scripts/build-kernel.mjs`',
    );
    process.exit(1);
  }
} else if (!isRight) {
  writeFileSync(target, text);
  console.error(`kernel: ${binary.length} bytes`);
}
