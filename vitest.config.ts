import { defineConfig } from 'vitest/config';

/**
 * What takes long for what it is: it starts Python, the kernel's compiler, the built command line, threads or Vitest itself, waits for
 * limits of time, loads Microsoft's binder, or reads hundreds of logs. `npm test` runs it, `npm run check` does not.
 */
const slow = [
  'fuzz/engine/fuzz.test.ts',
  'fuzz/found.test.ts',
  'fuzz/planted.test.ts',
  'fuzz/short.test.ts',
  'src/catalog/lint/second-opinion/second-opinion.test.ts',
  'src/detect/python/panther-events.test.ts',
  'src/detect/python/python-outputs.test.ts',
  'src/detect/python/python-rules.test.ts',
  'src/detect/scan/rule-scanner.test.ts',
  'src/engines/python/processes.test.ts',
  'src/engines/python/roads.test.ts',
  'src/engines/python/rules-apart.test.ts',
  'src/engines/python/python-engine.test.ts',
  'src/engines/python/runtime/runtime.test.ts',
  'src/engines/python/sandbox/layers.test.ts',
  'src/engines/stream/kernel/kernel-binary.test.ts',
  'src/engines/stream/kernel/raw-scanner.test.ts',
  'src/logs/input/unfold/decompress.test.ts',
  'src/verify/panther-rules.test.ts',
  'test/cli/built.test.ts',
  'test/cli/docs.test.ts',
  'test/cli/explain-verdicts.test.ts',
  'test/cli/manners.test.ts',
  'test/cli/nesting.test.ts',
  'test/cli/nothing-read.test.ts',
  'test/cli/python-sandbox.test.ts',
  'test/cli/resume.test.ts',
  'test/cli/tests-and-queries.test.ts',
  'test/cli/threads.test.ts',
  'test/consumer/library.test.ts',
  'test/properties/session.test.ts',
  'test/recipes/recipes.test.ts',
  'test/tools/scores.test.ts',
];

/** What changes modules, or sees them load, and so takes its own. */
const apart = ['src/detect/faults.test.ts', 'src/logs/registry.test.ts', 'test/walls/patterns.test.ts'];

/** Conformance has a configuration of its own. */
const never = ['test/conformance/**', '**/node_modules/**'];
const all = ['src/**/*.test.ts', 'test/**/*.test.ts', 'fuzz/**/*.test.ts'];

export default defineConfig({
  test: {
    // By itself Vitest leaves one core idle.
    maxWorkers: '100%',
    setupFiles: ['test/seed.ts', 'test/nothing-left.ts'],
    // Most of the time of a small run would go into the same modules again.
    experimental: { fsModuleCache: true },
    tags: [
      {
        name: 'large',
        description:
          'Takes seconds, by the size of its input or by what it starts: `npm test` runs it, `npm run check` does not.',
      },
    ],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      // One import of the modules for all files of a worker; test/nothing-left.ts holds that nothing else goes from one to the next.
      { extends: true, test: { name: 'unit', include: all, exclude: [...never, ...slow, ...apart], isolate: false } },
      { extends: true, test: { name: 'unit apart', include: apart, exclude: never } },
      { extends: true, test: { name: 'slow', include: slow, exclude: never, globalSetup: 'test/cli/build-once.ts' } },
    ],
  },
});
