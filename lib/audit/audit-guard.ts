import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { unlessPrincipal } from '../core/bucket-guards';
import { SecurityPosture } from '../posture';
import { AUDIT_GUARD, TAMPERING } from './tampering-actions';

/**
 * What keeps people from turning records and detection off.
 *
 * Trails and detectors have no policies of their own, so this deny must reach every identity of the account: as a service control policy,
 * or, where there is no organisation, in the permissions boundary of its roles.
 */
export class AuditGuard {
  /** The statements of a service control policy or a boundary: everybody is denied but the posture's deployment and break-glass roles. */
  public static statements(scope: IConstruct): PolicyStatement[] {
    const posture = SecurityPosture.of(scope);
    return [
      new PolicyStatement({
        sid: AUDIT_GUARD,
        effect: Effect.DENY,
        actions: Object.entries(TAMPERING).flatMap(([service, names]) => names.map((name) => `${service}:${name}`)),
        resources: ['*'],
        conditions: unlessPrincipal([...posture.deploymentRoleArns(scope), ...posture.breakGlassRoleArns]),
      }),
    ];
  }

  private constructor() {}
}
