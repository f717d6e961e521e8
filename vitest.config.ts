import { defineConfig } from 'vitest/config';

/** One configuration for all packages: tests stand beside the code, end-to-end tests in `e2e/`. */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    passWithNoTests: false,
    allowOnly: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // `npm test` sums what it finds there: tools/test/totals.ts.
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
  },
});
