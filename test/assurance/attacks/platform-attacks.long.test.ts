import { SecurityProfile } from 'cdk-secure-ai/posture';
import { test } from 'vitest';
import { expectEveryAttackBlocked } from './platform';

test.each([SecurityProfile.BASELINE, SecurityProfile.REGULATED])(
  'no attack is possible on what the library makes under %s, and each meets a layer',
  (profile) => expectEveryAttackBlocked(profile),
  300_000,
);
