import type { IConstruct } from 'constructs';
import { SecurityPosture, SecurityProfile } from '../posture';
import { CompliancePack } from './compliance-pack';

/** The packs that a profile asks for, in the order in which they are reported. */
export function packsFor(profile: SecurityProfile): CompliancePack[] {
  switch (profile) {
    case SecurityProfile.BASELINE:
      return [CompliancePack.AWS_SOLUTIONS, CompliancePack.SERVERLESS];
    // An unknown profile is judged by everything: too strict is seen at once, too lax is not.
    default:
      return Object.values(CompliancePack);
  }
}

/** The profile that holds for a construct. */
export function profileOf(scope: IConstruct): SecurityProfile {
  return SecurityPosture.of(scope).profile;
}
