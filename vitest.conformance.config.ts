import { defineConfig } from 'vitest/config';

/** The runs over published data sets; they skip, saying so, where the data is not at hand. */
export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    passWithNoTests: true,
  },
});
