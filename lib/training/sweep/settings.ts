import type { OwnMark } from '../sweep.contract';
import { NONE, OWN_MARKS, SWEEP_ENV } from '../sweep.contract';
import type { SweptEnvironment } from './job';
import { SweepError } from './sweep-error';

/**
 * Reads the settings that the construct wrote.
 *
 * @param read the value of a variable, which is not empty
 * @throws SweepError INVALID_SETTINGS
 */
export function sweptEnvironment(read: (name: string) => string): SweptEnvironment {
  const list = (name: string): Set<string> => new Set(read(name) === NONE ? [] : read(name).split(',').filter((item) => item !== ''));
  const maxRuntime = Number(read(SWEEP_ENV.MAX_RUNTIME_SECONDS));
  if (!Number.isSafeInteger(maxRuntime) || maxRuntime <= 0) {
    throw new SweepError('INVALID_SETTINGS', `${SWEEP_ENV.MAX_RUNTIME_SECONDS} must be seconds above zero, got ${read(SWEEP_ENV.MAX_RUNTIME_SECONDS)}`);
  }
  const ownMarks = list(SWEEP_ENV.OWN_MARKS);
  const unknown = [...ownMarks].find((mark) => !OWN_MARKS.includes(mark as OwnMark));
  if (unknown !== undefined) throw new SweepError('INVALID_SETTINGS', `${SWEEP_ENV.OWN_MARKS} must be of ${OWN_MARKS.join(', ')}, got ${unknown}`);
  return {
    rolesUnder: read(SWEEP_ENV.ROLES_UNDER),
    ownMarks: ownMarks as Set<OwnMark>,
    volumeKeyArn: read(SWEEP_ENV.VOLUME_KEY_ARN),
    outputKeyArn: read(SWEEP_ENV.OUTPUT_KEY_ARN),
    subnets: list(SWEEP_ENV.SUBNET_IDS),
    securityGroups: list(SWEEP_ENV.SECURITY_GROUP_IDS),
    tag: { key: read(SWEEP_ENV.TAG_KEY), value: read(SWEEP_ENV.TAG_VALUE) },
    maxRuntime,
    keylessFamilies: list(SWEEP_ENV.KEYLESS_FAMILIES),
  };
}
