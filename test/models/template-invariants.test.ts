import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityProfile } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { PROFILE_POSTURES, fullStack } from '../support/full-platform';
import { passedRoles, unknownIamNames } from '../support/iam';
import type { Template as PlainTemplate } from '../support/iam';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: string[];
}

function templateOf(profile: SecurityProfile): PlainTemplate {
  const app = new App();
  return Template.fromStack(fullStack(app, 'Full', PROFILE_POSTURES[profile](app))).toJSON() as PlainTemplate;
}

function resourcesOf(template: PlainTemplate, ...types: string[]): Resource[] {
  return (Object.values(template.Resources ?? {}) as unknown as Resource[]).filter(({ Type }) => types.includes(Type));
}

describe.each(Object.values(SecurityProfile))('everything that the library makes under %s', (profile) => {
  const template = templateOf(profile);

  test('names only actions and condition keys that exist', async () => {
    expect(await unknownIamNames(template)).toEqual([]);
  });

  test('waits for every policy of a role before it takes the role', () => {
    expect(passedRoles(template)).toEqual([]);
  });

  test('has no inline and no AWS-managed policy, at most ten policies for each role, none above 6,144 characters', () => {
    expect(resourcesOf(template, 'AWS::IAM::Policy')).toEqual([]);
    const roles = resourcesOf(template, 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(0);
    for (const role of roles) {
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
      expect(role.Properties).not.toHaveProperty('Policies');
    }
    const policies = resourcesOf(template, 'AWS::IAM::ManagedPolicy');
    for (const { Properties } of policies) expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThan(6144);
    const attached = policies.map(({ Properties }) => JSON.stringify(Properties.Roles));
    for (const role of new Set(attached)) expect(attached.filter((other) => other === role).length).toBeLessThanOrEqual(10);
  });

  test('names nothing that AWS does not force a name on, so that it can be deployed twice', () => {
    const named = Object.entries(template.Resources ?? {}).filter(([, resource]) => {
      const { Type, Properties } = resource as unknown as Resource;
      const name = `${Type.split('::')[2]}Name`;
      return !['AWS::IAM::ManagedPolicy', 'AWS::EC2::PrefixList'].includes(Type) && Properties !== undefined && name in Properties;
    });
    expect(named.map(([id]) => id)).toEqual([]);
  });

  test('brings no custom resource and no function but its own', () => {
    expect(Object.values(template.Resources ?? {}).map((resource) => String(resource.Type)).filter((type) => type.startsWith('Custom::'))).toEqual([]);
    expect(resourcesOf(template, 'AWS::Lambda::Function')).toHaveLength(1);
  });
});

describe('the checks above see what they look for', () => {
  test('a plan that starts before a policy of its role', () => {
    const template = templateOf(SecurityProfile.REGULATED);
    const [plan] = resourcesOf(template, 'AWS::GuardDuty::MalwareProtectionPlan');
    const unordered = { ...plan!, DependsOn: plan!.DependsOn!.filter((id) => !id.includes('RolePolicy')) };
    const broken = { Resources: { ...template.Resources, Plan: unordered } } as unknown as PlainTemplate;
    expect(passedRoles(broken)).toEqual([expect.stringMatching(/^Plan.* without depending on ModelsScanRolePolicy/)]);
  });

  test('an action that does not exist', async () => {
    const policy = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:ReadObject', Resource: 'arn:aws:s3:::a/b' }] } } };
    expect(await unknownIamNames({ Resources: { policy } } as unknown as PlainTemplate)).toEqual([expect.stringContaining('s3:ReadObject')]);
  });
});

describe('other partitions', () => {
  test.each([['us-gov-west-1', 'aws-us-gov'], ['cn-north-1', 'aws-cn'], ['eusc-de-east-1', 'aws-eusc']])('%s: no ARN and no host name is of the partition aws', (region) => {
    const template = JSON.stringify(Template.fromStack(fullStack(new App(), 'Full', {}, { account: '111111111111', region })).toJSON());
    expect(template).not.toMatch(/arn:aws:/);
    // Service principals keep their name in every partition; host names and regional services do not.
    const hosts = template.match(/[\w.-]*\.amazonaws\.com/g) ?? [];
    expect([...new Set(hosts)].sort()).toEqual([
      'delivery.logs.amazonaws.com', 'lambda.amazonaws.com', 'logging.s3.amazonaws.com', 'malware-protection-plan.guardduty.amazonaws.com',
      'sagemaker.amazonaws.com', 'vpc-flow-logs.amazonaws.com',
    ]);
  });
});
