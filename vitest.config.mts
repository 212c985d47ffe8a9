import * as path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;

export default defineConfig({
  resolve: {
    // Tests import the library as users do, and run on its sources.
    alias: [
      { find: /^cdk-secure-ai$/, replacement: path.join(root, 'lib/index.ts') },
      { find: /^cdk-secure-ai\/(.+)$/, replacement: path.join(root, 'lib/$1/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/*.long.test.ts', 'node_modules/**'],
    // CDK's own CloudFormation validation costs about a second per process: the suites that need it turn it on.
    env: { CDK_VALIDATION: 'false', AWS_EC2_METADATA_DISABLED: 'true' },
    pool: 'forks',
    // All cores: by default one is left free, which on two cores is half of the machine.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
