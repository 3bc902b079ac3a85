// The modules of src/ as few files: what is loaded together lies together, what is loaded when it is needed lies apart.
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './ready.mjs';

/** What is loaded by its place, each with its source. */
const ENTRIES = {
  index: 'src/index.ts',
  'cli/main': 'src/cli/main.ts',
  // What scripts/start.mjs prints with.
  ...Object.fromEntries(
    ['diagnostics', 'explanation', 'style', 'table', 'telling'].map((name) => [
      `cli/render/${name}`,
      `src/cli/render/${name}.ts`,
    ]),
  ),
  // Lies beside the chunk that starts it.
  'chunks/scan-thread': 'src/detect/scan/scan-thread.ts',
};
const STARTS_THREADS = 'src/detect/scan/scan-pool.ts';

/** Writes the bundle into a folder. Packages stay what they are: imports. */
export async function bundle(folder) {
  const build = await rolldown({
    cwd: root,
    input: ENTRIES,
    platform: 'node',
    external: /^(?!\.{0,2}\/|[a-z]:\\|src\/)/i,
  });
  const { output } = await build.write({
    dir: folder,
    format: 'esm',
    sourcemap: true,
    comments: { legal: true, annotation: false, jsdoc: false },
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
  });
  await build.close();
  const starter = output.find((file) => file.type === 'chunk' && file.moduleIds.includes(join(root, STARTS_THREADS)));
  if (starter === undefined || !starter.fileName.startsWith('chunks/')) {
    throw new Error(`${STARTS_THREADS} is in ${starter?.fileName}, and would not find the thread that it starts`);
  }
}
