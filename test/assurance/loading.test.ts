import Module from 'node:module';
import { expect, test } from 'vitest';

const loaded = () =>
  Object.keys((Module as unknown as { _cache: Record<string, unknown> })._cache).filter((file) => file.includes('/cdk-nag/'));

test('cdk-nag is loaded when the checks are added, not with the library', async () => {
  const { assurance } = await import('cdk-secure-ai');
  const { App } = await import('aws-cdk-lib');
  const app = new App();
  expect(assurance.CheckResults).toBeDefined();
  expect(loaded()).toEqual([]);
  assurance.ComplianceChecks.addTo(app);
  expect(loaded().length).toBeGreaterThan(100);
});
