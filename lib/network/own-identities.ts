import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { SecurityPosture } from '../posture';

/** The condition that holds for identities of the own organisation or, without one, of the own account. */
export function ownIdentities(scope: IConstruct): Record<string, string> {
  const { organizationId } = SecurityPosture.of(scope);
  // Outside an organisation the organisation's key is absent from every request.
  return organizationId ? { 'aws:PrincipalOrgID': organizationId } : { 'aws:PrincipalAccount': Stack.of(scope).account };
}

/** The same for resources. */
export function ownResources(scope: IConstruct): Record<string, string> {
  const { organizationId } = SecurityPosture.of(scope);
  return organizationId ? { 'aws:ResourceOrgID': organizationId } : { 'aws:ResourceAccount': Stack.of(scope).account };
}
