import { posture } from 'cdk-secure-ai';
import { expect, test } from 'vitest';

test('the areas are reached through the package name', () => {
  expect(posture.DataClass.RESTRICTED).toBe('restricted');
});
