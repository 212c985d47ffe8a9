import { expect, test } from 'vitest';
import { SWEEP_ENV } from '../../../lib/training/sweep.contract';
import { sweptEnvironment } from '../../../lib/training/sweep/settings';
import { ENVIRONMENT } from './sweep-fixture';

const SETTINGS: Readonly<Record<string, string>> = {
  [SWEEP_ENV.ROLES_UNDER]: ENVIRONMENT.rolesUnder,
  [SWEEP_ENV.OWN_MARKS]: 'volume-key,output-key,segment',
  [SWEEP_ENV.VOLUME_KEY_ARN]: ENVIRONMENT.volumeKeyArn,
  [SWEEP_ENV.OUTPUT_KEY_ARN]: ENVIRONMENT.outputKeyArn,
  [SWEEP_ENV.SUBNET_IDS]: 'subnet-1,subnet-2',
  [SWEEP_ENV.SECURITY_GROUP_IDS]: 'sg-1',
  [SWEEP_ENV.TAG_KEY]: ENVIRONMENT.tag.key,
  [SWEEP_ENV.TAG_VALUE]: ENVIRONMENT.tag.value,
  [SWEEP_ENV.MAX_RUNTIME_SECONDS]: '86400',
  [SWEEP_ENV.KEYLESS_FAMILIES]: 'g5,p4d',
};
const read = (change: Record<string, string> = {}) => sweptEnvironment((name) => ({ ...SETTINGS, ...change })[name] ?? '');

test('the settings of the construct are read', () => {
  expect(read()).toEqual(ENVIRONMENT);
  expect(read({ [SWEEP_ENV.KEYLESS_FAMILIES]: 'none', [SWEEP_ENV.OWN_MARKS]: 'none' }))
    .toMatchObject({ keylessFamilies: new Set(), ownMarks: new Set() });
});

test.each(['', '0', '-1', 'a day', 'Infinity', '1.5'])('the longest run %j is refused: it would let every job pass or none', (seconds) => {
  expect(() => read({ [SWEEP_ENV.MAX_RUNTIME_SECONDS]: seconds })).toThrow(expect.objectContaining({ code: 'INVALID_SETTINGS' }) as Error);
});

test('a mark that is not known is refused: jobs would be taken for those of others', () => {
  expect(() => read({ [SWEEP_ENV.OWN_MARKS]: 'volume-key,constructor' })).toThrow(expect.objectContaining({ code: 'INVALID_SETTINGS' }) as Error);
});
