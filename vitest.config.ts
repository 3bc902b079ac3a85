import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/conformance/**', 'node_modules/**'],
    setupFiles: ['test/seed.ts'],
    testTimeout: 60_000,
  },
});
