import * as path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = __dirname;

export default defineConfig({
  resolve: {
    // Tests import the library as users do, and run on its sources.
    alias: [
      { find: /^cdk-secure-ai$/, replacement: path.join(root, 'lib/index.ts') },
      { find: /^cdk-secure-ai\/(.+)$/, replacement: path.join(root, 'lib/$1/index.ts') },
    ],
  },
  test: {
    // CDK's own CloudFormation validation costs about a second per process: the suites that need it turn it on.
    env: { CDK_VALIDATION: 'false', AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: '1' },
    pool: 'forks',
    maxWorkers: 2,
    // A missing or changed snapshot is a failure; only an explicit `-u` writes one.
    update: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.long.test.ts', '**/node_modules/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: ['test/**/*.long.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
