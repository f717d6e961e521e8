import { defineConfig } from 'vitest/config';

/** One configuration for all packages: tests stand beside the code, end-to-end tests in `e2e/`. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'e2e/**/*.test.ts'],
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
