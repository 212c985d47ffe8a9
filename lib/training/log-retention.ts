import type { IConstruct } from 'constructs';
import type { DataClass } from '../posture';
import { SecurityPosture } from '../posture';

/** The days that CloudWatch Logs accepts. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const ACCEPTED = [365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** How long logs about data of a class are kept, in days: as the class says, at least as the profile says, ten years at most. */
export function logRetentionDays(scope: IConstruct, dataClass: DataClass): number {
  const posture = SecurityPosture.of(scope);
  // The profile's days are accepted already, and may be fewer than a year where a weaker choice says so.
  if (posture.logRetentionDays >= posture.retentionDays(dataClass)) return posture.logRetentionDays;
  return ACCEPTED.find((days) => days >= posture.retentionDays(dataClass)) ?? ACCEPTED[ACCEPTED.length - 1];
}
