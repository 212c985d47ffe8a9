import { packsFor } from '../../lib/assurance/profile-packs';
import type { ProfileDefaults } from '../../lib/posture/profile-defaults';
import { PROFILE_DEFAULTS, RETENTION_DAYS } from '../../lib/posture/profile-defaults';
import { SecurityProfile } from '../../lib/posture/security-profile';
import { table } from './markdown';

interface Setting {
  readonly title: string;
  readonly cost: string;
  readonly value: (defaults: ProfileDefaults, profile: SecurityProfile) => string;
}

/** The day for which the costs were written down. */
const PRICED = '2026-11';

/** One row for each default: a new one does not compile until it says what it means and costs. */
const SETTINGS: Readonly<Record<keyof ProfileDefaults, Setting>> = {
  logRetentionDays: {
    title: 'Retention of log groups and access logs',
    cost: 'storage per GB and month, for as long as they are kept',
    value: ({ logRetentionDays }) => `${logRetentionDays} days`,
  },
  objectLock: {
    title: 'Default lock of new model versions',
    cost: 'none; a locked version is stored, and paid for, until its lock ends',
    value: ({ objectLock }) => (objectLock ? `${objectLock.mode.toLowerCase()}, ${objectLock.duration.toDays()} days` : 'none (buckets can be locked)'),
  },
  networkPerimeter: {
    title: 'Networks from which objects can be reached (`NetworkPerimeter`)',
    cost: 'none for a gateway endpoint of S3',
    value: ({ networkPerimeter }) => `\`${networkPerimeter}\``,
  },
  keysProtected: {
    title: 'Deletion and disabling of keys',
    cost: 'none',
    value: ({ keysProtected }) => (keysProtected ? 'break-glass roles only' : 'administrators'),
  },
  handlerConcurrency: {
    title: 'Reserved concurrency of each function',
    cost: 'none; it is taken from the quota of the account, which may have to be raised first',
    value: ({ handlerConcurrency }) => (handlerConcurrency === undefined ? 'none' : String(handlerConcurrency)),
  },
  trainingHours: {
    title: 'Longest training job',
    cost: 'none; it limits what one job can cost',
    value: ({ trainingHours }) => `${trainingHours} hours`,
  },
  mustBeComplete: {
    title: 'Alarm topic and required tags',
    cost: 'alarms per metric and month',
    value: ({ mustBeComplete }) => (mustBeComplete ? 'must be named' : 'optional'),
  },
};

/** What costs the same in every profile. */
const RESOURCES: readonly (readonly [string, string])[] = [
  [
    'KMS keys',
    '1 USD for each key and month, before rotation and requests: `ModelArtifactBucket` has 2 keys, `ModelPromoter` 1, `SigningKey` 1, `SecureTrainingEnv` 2, without `artifacts` 3. Keys that are brought replace those of store and environment',
  ],
  ['GuardDuty Malware Protection for S3', 'per GB and per object scanned: every upload into quarantine is scanned once'],
  ['Versions', `storage of superseded versions for ${Object.entries(RETENTION_DAYS).map(([dataClass, days]) => `${days} days (\`${dataClass}\`)`).join(', ')}`],
];

/** `docs/profiles.md`. */
export function profilesPage(): string {
  const profiles = Object.values(SecurityProfile);
  const row = (title: string, value: (profile: SecurityProfile) => string, cost: string) => [title, ...profiles.map(value), cost];
  const rows = [
    ...Object.values(SETTINGS).map(({ title, cost, value }) => row(title, (profile) => value(PROFILE_DEFAULTS[profile], profile), cost)),
    row('Compliance packs', (profile) => packsFor(profile).join(', '), 'none: they run at synthesis'),
  ];
  const heading = (profile: SecurityProfile) => `\`${profile}\`${profile === SecurityProfile.REGULATED ? ' (default)' : ''}`;
  return `# Security profiles

A profile gives the defaults of a \`SecurityPosture\`. Each can be set on its own; a value that is weaker than the profile's needs a
\`WeakerChoice\` with a reason, an owner and a date.

${table(['', ...profiles.map(heading), 'what it costs'], rows)}

## What the constructs cost in every profile

As of ${PRICED}. Prices differ between regions and change: check the AWS pricing pages of
[KMS](https://aws.amazon.com/kms/pricing/), [GuardDuty](https://aws.amazon.com/guardduty/pricing/),
[S3](https://aws.amazon.com/s3/pricing/) and [CloudWatch](https://aws.amazon.com/cloudwatch/pricing/).

${table(['', 'what it costs'], RESOURCES)}
`;
}
