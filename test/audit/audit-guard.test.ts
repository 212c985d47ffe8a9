import { App, Stack } from 'aws-cdk-lib';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { AuditGuard, AuditTrail, ThreatDetection, ThreatDetector } from 'cdk-secure-ai/audit';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { AUDIT_GUARD, TAMPERING } from '../../lib/audit/tampering-actions';
import type { Request } from '../support/iam';
import { ALLOW_ALL, IamWorld, accountPrincipal, administrator, expectGuarded, unknownIamNames } from '../support/iam';
import type { PolicyDocument as PlainDocument } from '../support/iam';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const BREAK_GLASS = accountPrincipal({ name: 'break-glass', policies: [ALLOW_ALL] });
const DEPLOYER = accountPrincipal({ name: `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`, policies: [ALLOW_ALL] });

const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
SecurityPosture.attach(stack, { operators: { breakGlassRoleArns: [`arn:aws:iam::${ACCOUNT}:role/break-glass`] } });
const trail = new AuditTrail(stack, 'Trail');
const threats = new ThreatDetection(stack, 'Threats', { detector: ThreatDetector.create(), subscriptions: [new EmailSubscription('on-call@example.com')] });
// The partition is a reference until the deployment; a service control policy is text.
const guard = JSON.parse(
  JSON.stringify(stack.resolve(new PolicyDocument({ statements: AuditGuard.statements(stack) }))).replaceAll(/\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"([^"]+)"\]\]\}/g, '"arn:aws$1"'),
) as PlainDocument;
const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION, serviceControlPolicies: [ALLOW_ALL, guard] });

describe('nobody turns records or detection off (log tampering)', () => {
  const resources: Record<string, string> = {
    cloudtrail: world.arnOf(trail.node.findChild('Resource')),
    ec2: `arn:aws:ec2:${REGION}:${ACCOUNT}:vpc-flow-log/fl-1`,
    guardduty: world.arnOf(threats.node.findChild('Detector')),
  };
  /** What is below a detector, and what IAM asks for without a resource. */
  const target = (action: string, arn: string): string => {
    if (/Filter$/.test(action)) return `${arn}/filter/noise`;
    if (/PublishingDestination$/.test(action)) return `${arn}/publishingdestination/1`;
    return /Members$|FromAdministratorAccount$/.test(action) ? '*' : arn;
  };
  const actions = Object.entries(TAMPERING).flatMap(([service, names]) => names.map((name) => [`${service}:${name}`, resources[service]] as const));

  test.each(actions)('%s is for CloudFormation and break-glass roles', (action, arn) => {
    const attack: Request = { principal: administrator(), action, resource: target(action, arn) };
    return expectGuarded({
      world,
      allowed: { deployer: { ...attack, principal: DEPLOYER }, 'break-glass role': { ...attack, principal: BREAK_GLASS } },
      denied: { administrator: attack, 'a role with a similar name': { ...attack, principal: accountPrincipal({ name: 'my-break-glass', policies: [ALLOW_ALL] }) } },
      protections: [AUDIT_GUARD],
    });
  });

  test('everything else stays as it was', async () => {
    for (const [action, resource] of [['cloudtrail:GetTrailStatus', resources.cloudtrail], ['guardduty:GetDetector', resources.guardduty]] as const) {
      expect((await world.request({ principal: administrator(), action, resource })).decision).toBe('allowed');
    }
  });
});

test('names only actions that exist, in less than a service control policy holds', async () => {
  expect(JSON.stringify(guard).length).toBeLessThan(5120);
  const policy = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: guard } };
  expect(await unknownIamNames({ Resources: { policy } } as unknown as Parameters<typeof unknownIamNames>[0])).toEqual([]);
});
