import type { Stack} from 'aws-cdk-lib';
import { Validations } from 'aws-cdk-lib';
import { ManagedPolicy, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag';
import { assurance } from 'cdk-secure-ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acknowledge, qualifiedFindingId } from '../../lib/core/acknowledge';
import { ACKNOWLEDGEMENT_CLASSES, type AcknowledgementClass } from '../../lib/core/acknowledgement-classes';
import { appWithStack, cdkReports, synthFailure } from '../assurance/canaries';

const { CheckResults, ComplianceChecks, CompliancePack } = assurance;

const TEST_CLASS: AcknowledgementClass = {
  id: 'test-class',
  kind: 'AWS_LIMIT',
  rules: ['AwsSolutions-IAM5', 'AwsSolutions-IAM4', 'AwsSolutions-S1', 'HIPAA.Security-S3BucketLoggingEnabled', 'W3697'],
  path: /^Workload\/Known/,
  reason: 'AWS takes no narrower resource here.',
  source: 'https://docs.aws.amazon.com/',
};
const RECORDED = 'test-class: AWS takes no narrower resource here. (https://docs.aws.amazon.com/)';

// The list that the library ships is for the library's own needs: the test brings its own class, and takes it back.
const list = ACKNOWLEDGEMENT_CLASSES as AcknowledgementClass[];
beforeAll(() => void list.push(TEST_CLASS));
afterAll(() => void list.splice(list.indexOf(TEST_CLASS), 1));

const GRANULAR = [
  'AwsSolutions-IAM5[Resource::<KnownBucket.Arn>/*]',
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::plain bucket/(a)*]',
  'AwsSolutions-IAM5[Action::s3:Get*]',
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/ReadOnlyAccess]',
];

/** A role that raises the granular findings, and a bucket that logs nowhere. */
function workload(stack: Stack): { readonly role: Role; readonly bucket: CfnBucket } {
  const bucket = new CfnBucket(stack, 'KnownBucket', {});
  const role = new Role(stack, 'KnownRole', {
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')],
  });
  new Policy(role, 'Policy', {
    roles: [role],
    statements: [
      new PolicyStatement({ actions: ['s3:Get*'], resources: [`${bucket.attrArn}/*`] }),
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [stack.formatArn({ service: 's3', region: '', account: '', resource: 'plain bucket/(a)*' })],
      }),
    ],
  });
  return { role, bucket };
}

describe('an acknowledged finding', () => {
  function acknowledgedApp() {
    const made = appWithStack();
    const { role, bucket } = workload(made.stack);
    acknowledge(role, 'test-class', GRANULAR);
    acknowledge(bucket, 'test-class', ['AwsSolutions-S1', 'HIPAA.Security-S3BucketLoggingEnabled']);
    return made;
  }
  const ids = [...GRANULAR, 'AwsSolutions-S1'].sort();

  test('is seen by our own runner, with its class', () => {
    const { app, outdir } = acknowledgedApp();
    ComplianceChecks.addTo(app, { packs: [CompliancePack.AWS_SOLUTIONS] });
    synthFailure(app);
    const result = CheckResults.read(outdir, { expectedPacks: [CompliancePack.AWS_SOLUTIONS] }).pack('AwsSolutions');
    // The bucket has findings that the class does not name: they stay open.
    expect(result?.open.map(({ rule }) => rule)).toEqual(['AwsSolutions-S10']);
    expect(result?.acknowledged.map(({ rule }) => rule).sort()).toEqual(ids);
    for (const finding of result?.acknowledged ?? [])
      expect(finding).toMatchObject({ classId: 'test-class', kind: 'AWS_LIMIT', reason: RECORDED });
  });

  test("is seen by a user's own registration of the pack, and in the CDK's list of suppressed findings", () => {
    const { app, outdir } = acknowledgedApp();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new HIPAASecurityChecks(app));
    synthFailure(app);
    const report = (pack: string) => cdkReports(outdir).find(({ pluginName }) => pluginName === pack);
    expect(report('AwsSolutions')?.violations.map(({ ruleName }) => ruleName)).toEqual(['AwsSolutions-S10']);
    expect(
      report('AwsSolutions')
        ?.suppressedViolations?.map(({ ruleName }) => ruleName)
        .sort(),
    ).toEqual(ids);
    expect(report('AwsSolutions')?.suppressedViolations?.map(({ reason }) => reason)).toEqual(ids.map(() => RECORDED));
    expect(report('HIPAA.Security')?.suppressedViolations?.map(({ ruleName }) => ruleName)).toEqual([
      'HIPAA.Security-S3BucketLoggingEnabled',
    ]);
  });

  test('without the pack name would be missing from the list of suppressed findings', () => {
    const { app, stack, outdir } = appWithStack();
    const { bucket } = workload(stack);
    Validations.of(bucket).acknowledge({ id: 'AwsSolutions-S1', reason: 'r' });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    synthFailure(app);
    const [report] = cdkReports(outdir);
    expect(report.violations.map(({ ruleName }) => ruleName)).not.toContain('AwsSolutions-S1');
    expect(report.suppressedViolations).toBeUndefined();
  });

  test('of a rule with findings is not silenced by the plain rule id', () => {
    const { app, stack } = appWithStack();
    acknowledge(workload(stack).role, 'test-class', ['AwsSolutions-IAM5']);
    ComplianceChecks.addTo(app, { packs: [CompliancePack.AWS_SOLUTIONS] });
    expect(synthFailure(app)).toContain('AwsSolutions-IAM5[Action::s3:Get*]');
  });

  test.each([
    ['for their own reason', 'KnownBucket', 'we log elsewhere'],
    ['with the words of the class where the class does not reach', 'Elsewhere', RECORDED],
  ])('by a user, %s, is not shown as the library’s', (_, id, reason) => {
    const { app, stack, outdir } = appWithStack();
    Validations.of(new CfnBucket(stack, id, {})).acknowledge({ id: 'AwsSolutions::AwsSolutions-S1', reason });
    ComplianceChecks.addTo(app, { packs: [CompliancePack.AWS_SOLUTIONS] });
    synthFailure(app);
    const result = CheckResults.read(outdir, { expectedPacks: [CompliancePack.AWS_SOLUTIONS] }).pack('AwsSolutions');
    expect(result?.acknowledged).toMatchObject([{ classId: 'USER', kind: 'USER', reason }]);
  });
});

describe('the spelling', () => {
  test.each([
    ['AwsSolutions-S1', 'AwsSolutions::AwsSolutions-S1'],
    ['AwsSolutions::AwsSolutions-S1', 'AwsSolutions::AwsSolutions-S1'],
    ['HIPAA.Security-S3BucketLoggingEnabled', 'HIPAA.Security::HIPAA.Security-S3BucketLoggingEnabled'],
    ['AwsSolutions-IAM5[Resource::<X.Arn>/*]', 'AwsSolutions::AwsSolutions-IAM5[Resource::<X.Arn>/*]'],
    ['CloudFormation-Validate::W3697', 'CloudFormation-Validate::W3697'],
  ])('of %s is %s', (id, qualified) => expect(qualifiedFindingId(id)).toBe(qualified));

  test.each(['', 'S1', '-S1', '::S1', 'A::B::C-1', 'AwsSolutions-IAM5[Action::s3:*', '__proto__'])('refuses %j', (id) => {
    expect(() => qualifiedFindingId(id)).toThrow(`finding id "${id}" is not one`);
  });
});

describe('acknowledging', () => {
  const key = () => new CfnKey(appWithStack().stack, 'Key', {});

  test.each(['no-such-class', '', '__proto__', 'constructor'])('for the class %j is refused', (id) => {
    expect(() => acknowledge(key(), id, ['AwsSolutions-S1'])).toThrow(`acknowledgement class "${id}" is not in the closed list`);
  });

  test('a rule that the class does not name is refused, and nothing is recorded', () => {
    const construct = key();
    expect(() => acknowledge(construct, 'test-class', ['AwsSolutions-S1', 'AwsSolutions-KMS5'])).toThrow(
      'acknowledgement class "test-class" does not name rule "AwsSolutions-KMS5"',
    );
    expect(construct.node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)).toEqual([]);
  });

  test('nothing is refused', () => {
    expect(() => acknowledge(key(), 'test-class', [])).toThrow('names no finding');
  });
});
