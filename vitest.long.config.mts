import { defineConfig } from 'vitest/config';
import base from './vitest.config.mts';

/** The long suites: fuzzing and comparison over many random cases. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/**/*.long.test.ts'], exclude: ['node_modules/**'], testTimeout: 600_000 },
});
