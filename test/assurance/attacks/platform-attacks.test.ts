import { SecurityProfile } from 'cdk-secure-ai/posture';
import { test } from 'vitest';
import { expectEveryAttackBlocked } from './platform';

test('no attack is possible on what the library makes under HIGH_ASSURANCE, and each meets a layer', () =>
  expectEveryAttackBlocked(SecurityProfile.HIGH_ASSURANCE), 180_000);
