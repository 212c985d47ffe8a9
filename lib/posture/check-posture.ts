import { Token } from 'aws-cdk-lib';
import type { ObjectLock } from './object-lock';
import { ObjectLockMode } from './object-lock';
import { isCalendarDay } from './calendar-day';
import { DataClass } from './data-class';
import { NetworkPerimeter } from './perimeter';
import type { ProfileDefaults } from './profile-defaults';
import { RETENTION_DAYS } from './profile-defaults';
import type { RetentionOptions } from './retention';
import type { SecurityPostureProps } from './security-posture';
import type { TrainingOptions } from './training';

/** Refuses contradictions and values weaker than the profile's that give no reason. */
export function checkPosture(props: SecurityPostureProps, defaults: ProfileDefaults): void {
  const { perimeter, objectLock, logRetention, handlerConcurrency, training } = props;
  const days = objectLock?.duration.toDays({ integral: false });
  const refusals: [boolean, string][] = [
    [
      props.organizationId !== undefined && !Token.isUnresolved(props.organizationId) && !/^o-[a-z0-9]{10,32}$/.test(props.organizationId),
      `organizationId must look like 'o-abcdefghij', got '${props.organizationId}'`,
    ],
    [
      perimeter?.anyNetwork !== undefined && (perimeter.vpcEndpointIds?.length ?? 0) > 0,
      'perimeter.anyNetwork and perimeter.vpcEndpointIds contradict each other: give one of them',
    ],
    [
      defaults.networkPerimeter === NetworkPerimeter.NAMED_ENDPOINTS && !perimeter?.vpcEndpointIds?.length && !perimeter?.anyNetwork,
      'HIGH_ASSURANCE needs perimeter.vpcEndpointIds: name the endpoints through which objects may be reached',
    ],
    [
      props.evaluationDate !== undefined && !isCalendarDay(props.evaluationDate),
      `evaluationDate must be a real day as YYYY-MM-DD, got '${props.evaluationDate}'`,
    ],
    ...shorterRetention(props.retention),
    [defaults.mustBeComplete && !props.alarmTopic, 'HIGH_ASSURANCE needs alarmTopic: name the topic that alarms go to'],
    [defaults.mustBeComplete && !props.tags, 'HIGH_ASSURANCE needs tags: give environment and ownerTeam'],
    [
      props.allowedRegions?.length === 0,
      'allowedRegions is empty, which would allow no stack at all: name regions or leave it out',
    ],
    [
      logRetention !== undefined && !logRetention.because && logRetention.value < defaults.logRetentionDays,
      `logRetention of ${logRetention?.value} days is shorter than the profile's ${defaults.logRetentionDays}: give because, a WeakerChoice`,
    ],
    [
      days !== undefined && (!Number.isInteger(days) || days < 1),
      `objectLock.duration must be whole days, at least one, got ${days} days`,
    ],
    [
      objectLock !== undefined && !objectLock.because && isWeakerLock(objectLock, defaults.objectLock),
      `objectLock ${objectLock?.mode} for ${days} days is weaker than the profile's: give because, a WeakerChoice`,
    ],
    [
      handlerConcurrency !== undefined &&
        !Token.isUnresolved(handlerConcurrency) &&
        !(Number.isInteger(handlerConcurrency) && handlerConcurrency > 0),
      `handlerConcurrency must be a whole number above zero, got ${handlerConcurrency}: for none, set unreservedConcurrency`,
    ],
    [
      handlerConcurrency !== undefined && props.unreservedConcurrency !== undefined,
      'handlerConcurrency and unreservedConcurrency contradict each other: give one of them',
    ],
    ...trainingRefusals(training, defaults),
  ];
  for (const [refused, message] of refusals) if (refused) throw new Error(`security posture: ${message}`);
}

function trainingRefusals(training: TrainingOptions | undefined, defaults: ProfileDefaults): [boolean, string][] {
  if (!training) return [];
  const { maxRuntime, unisolatedActions, because } = training;
  const minutes = maxRuntime?.toMinutes({ integral: false });
  const odd = unisolatedActions?.find((action) => !/^[A-Z][A-Za-z0-9]+$/.test(action));
  return [
    [
      minutes !== undefined && (!Number.isInteger(minutes) || minutes < 1),
      `training.maxRuntime must be whole minutes, at least one, got ${minutes} minutes`,
    ],
    [
      minutes !== undefined && minutes > defaults.trainingHours * 60 && !because,
      `training.maxRuntime of ${minutes} minutes is longer than the profile's ${defaults.trainingHours} hours: give because, a WeakerChoice`,
    ],
    [odd !== undefined, `training.unisolatedActions takes actions as 'CreateTransformJob', got '${odd}'`],
    [
      (unisolatedActions?.length ?? 0) > 0 && !because,
      `training.unisolatedActions lets ${unisolatedActions?.join(', ')} through the training guard: give because, a WeakerChoice`,
    ],
  ];
}

function shorterRetention(retention: RetentionOptions | undefined): [boolean, string][] {
  if (!retention || retention.because) return [];
  const chosen = [
    ['publicData', retention.publicData, DataClass.PUBLIC],
    ['internalData', retention.internalData, DataClass.INTERNAL],
    ['confidentialData', retention.confidentialData, DataClass.CONFIDENTIAL],
    ['restrictedData', retention.restrictedData, DataClass.RESTRICTED],
  ] as const;
  return chosen.map(([name, duration, dataClass]) => {
    const days = duration?.toDays({ integral: false }) ?? RETENTION_DAYS[dataClass];
    return [days < RETENTION_DAYS[dataClass], `retention.${name} of ${days} days is shorter than ${RETENTION_DAYS[dataClass]}: give because, a WeakerChoice`];
  });
}

function isWeakerLock(lock: ObjectLock, profile: ObjectLock | undefined): boolean {
  if (!profile) return false;
  if (profile.mode === ObjectLockMode.COMPLIANCE && lock.mode === ObjectLockMode.GOVERNANCE) return true;
  return lock.duration.toDays({ integral: false }) < profile.duration.toDays();
}
