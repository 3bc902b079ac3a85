import { defineConfig } from 'vitest/config';
import { ScoresReporter } from './test/conformance/scores-reporter.ts';

/** Where the scores of the sets are written. */
const scores = process.env['DRAGOMAN_SCORES'];

/** The runs over published data sets; they skip, saying so, where the data is not at hand. */
export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    reporters: ['default', ...(scores === undefined ? [] : [new ScoresReporter(scores)])],
    maxWorkers: '100%',
    testTimeout: 600_000,
    hookTimeout: 600_000,
    passWithNoTests: true,
  },
});
