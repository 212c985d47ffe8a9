import { App, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { DataClass, NetworkPerimeter, ObjectLockMode, SecurityPosture, SecurityProfile, WeakerChoice } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';

const because = WeakerChoice.of({ reason: 'migration', owner: 'platform-security', expires: '2027-03-31' });
const env = { account: '111111111111', region: 'eu-central-1' };

function attach(props: SecurityPostureProps): SecurityPosture {
  return SecurityPosture.attach(new App(), { evaluationDate: '2026-11-24', ...props });
}

describe('how a posture is found', () => {
  test('the nearest one up the tree counts', () => {
    const app = new App();
    SecurityPosture.attach(app, { profile: SecurityProfile.BASELINE });
    const stage = new Stage(app, 'Stage');
    const stack = new Stack(stage, 'Stack');
    expect(SecurityPosture.of(stack).profile).toBe(SecurityProfile.BASELINE);
    const stricter = new Stage(app, 'Stricter');
    SecurityPosture.attach(stricter, { profile: SecurityProfile.REGULATED });
    expect(SecurityPosture.of(new Stack(stricter, 'Stack')).profile).toBe(SecurityProfile.REGULATED);
  });

  test('without any, the defaults of REGULATED hold', () => {
    const posture = SecurityPosture.of(new Stack());
    expect(posture.profile).toBe(SecurityProfile.REGULATED);
    expect(posture.objectLock).toMatchObject({ mode: ObjectLockMode.GOVERNANCE });
  });

  test('fails when a scope gets a second one', () => {
    const app = new App();
    SecurityPosture.attach(app);
    expect(() => SecurityPosture.attach(app)).toThrow("'App' has a security posture already");
  });

  test('each stack with a construct of the library records what it was held to', () => {
    const app = new App();
    SecurityPosture.attach(app, { organizationId: 'o-a1b2c3d4e5' });
    const stack = new Stack(app, 'Stack');
    SecurityPosture.of(stack);
    SecurityPosture.of(stack);
    const records = stack.node.metadata.filter((entry) => entry.type === SecurityPosture.METADATA_KEY);
    expect(records.map((entry) => entry.data as unknown)).toEqual([expect.objectContaining({ profile: 'REGULATED', networkPerimeter: 'OWNED_ENDPOINTS' })]);
  });
});

describe('a posture that comes too late', () => {
  test.each([['the stack', (stack: Stack) => stack], ['the app', (stack: Stack) => stack.node.root]])('fails on %s, whose constructs have taken their defaults', (_, where) => {
    const stack = new Stack(new App(), 'Stack');
    SecurityPosture.of(stack);
    expect(() => SecurityPosture.attach(where(stack))).toThrow("a construct in 'Stack' has taken its defaults already: attach the posture of");
  });

  test('is not one when the construct has a nearer posture', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    SecurityPosture.attach(stack, { profile: SecurityProfile.BASELINE });
    SecurityPosture.of(stack);
    expect(() => SecurityPosture.attach(app)).not.toThrow();
    expect(SecurityPosture.of(stack).profile).toBe(SecurityProfile.BASELINE);
  });
});

describe('what a profile turns on', () => {
  test.each([
    [SecurityProfile.BASELINE, {}, NetworkPerimeter.OFF, undefined, false, undefined, 365],
    [SecurityProfile.REGULATED, {}, NetworkPerimeter.OWNED_ENDPOINTS, ObjectLockMode.GOVERNANCE, true, 5, 2192],
    [
      SecurityProfile.HIGH_ASSURANCE,
      { perimeter: { vpcEndpointIds: ['vpce-1'] }, tags: { environment: 'production', ownerTeam: 'ml' } },
      NetworkPerimeter.NAMED_ENDPOINTS, ObjectLockMode.COMPLIANCE, true, 5, 2192,
    ],
  ])('%s', (profile, more, network, lock, keysProtected, concurrency, logDays) => {
    const stack = new Stack();
    const alarmTopic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-central-1:111111111111:on-call');
    const posture = attach({ profile, alarmTopic, ...more });
    expect(posture.networkPerimeter).toBe(network);
    expect(posture.objectLock?.mode).toBe(lock);
    expect(posture.keysProtected).toBe(keysProtected);
    expect(posture.handlerConcurrency).toBe(concurrency);
    expect(posture.logRetentionDays).toBe(logDays);
    expect(posture.presignedUrlsDenied).toBe(true);
    expect(posture.foreignIdentitiesDenied).toBe(true);
  });

  test('weaker choices turn single protections off', () => {
    const posture = attach({
      perimeter: { anyNetwork: because, anyIdentity: because, presignedUrls: because },
      keyDeletion: because,
      unreservedConcurrency: because,
      logRetention: { value: RetentionDays.ONE_MONTH, because },
      objectLock: { mode: ObjectLockMode.GOVERNANCE, duration: Duration.days(1), because },
    });
    expect(posture).toMatchObject({
      networkPerimeter: NetworkPerimeter.OFF, foreignIdentitiesDenied: false, presignedUrlsDenied: false, keysProtected: false, logRetentionDays: 30,
    });
    expect(posture.handlerConcurrency).toBeUndefined();
    expect(posture.objectLock?.duration.toDays()).toBe(1);
  });

  test('retention follows the data class, and can be set for each', () => {
    const posture = attach({ retention: { restrictedData: Duration.days(3650) } });
    expect(posture.retentionDays(DataClass.RESTRICTED)).toBe(3650);
    expect(posture.retentionDays(DataClass.PUBLIC)).toBe(90);
  });
});

describe('what a posture refuses', () => {
  test.each<[string, SecurityPostureProps, string]>([
    ['a malformed organisation', { organizationId: 'acme' }, "organizationId must look like 'o-abcdefghij', got 'acme'"],
    ['contradicting networks', { perimeter: { anyNetwork: because, vpcEndpointIds: ['vpce-1'] } }, 'contradict each other'],
    ['HIGH_ASSURANCE without endpoints', { profile: SecurityProfile.HIGH_ASSURANCE }, 'HIGH_ASSURANCE needs perimeter.vpcEndpointIds'],
    ['HIGH_ASSURANCE without a topic', { profile: SecurityProfile.HIGH_ASSURANCE, perimeter: { vpcEndpointIds: ['vpce-1'] } }, 'HIGH_ASSURANCE needs alarmTopic'],
    ['no region at all', { allowedRegions: [] }, 'allowedRegions is empty'],
    ['a shorter log retention without a reason', { logRetention: { value: RetentionDays.ONE_YEAR } }, "logRetention of 365 days is shorter than the profile's 2192"],
    ['a shorter lock without a reason', { objectLock: { mode: ObjectLockMode.GOVERNANCE, duration: Duration.days(7) } }, 'objectLock GOVERNANCE for 7 days is weaker'],
    ['a lock of part of a day', { objectLock: { mode: ObjectLockMode.COMPLIANCE, duration: Duration.hours(800) } }, 'objectLock.duration must be whole days'],
    ['an evaluation day that is none', { evaluationDate: 'soon' }, "evaluationDate must be a real day as YYYY-MM-DD, got 'soon'"],
    ['a shorter retention without a reason', { retention: { confidentialData: Duration.days(1) } }, 'retention.confidentialData of 1 days is shorter than 1095'],
    ['a concurrency of zero', { handlerConcurrency: 0 }, 'handlerConcurrency must be a whole number above zero, got 0'],
    ['contradicting concurrency', { handlerConcurrency: 2, unreservedConcurrency: because }, 'contradict each other'],
  ])('fails with %s', (_, props, message) => {
    expect(() => attach(props)).toThrow(message);
  });
});

describe('allowed regions', () => {
  test('fails for a stack in another region', () => {
    const app = new App();
    SecurityPosture.attach(app, { allowedRegions: ['eu-central-1'] });
    new Stack(app, 'Abroad', { env: { region: 'us-east-1' } });
    expect(() => app.synth()).toThrow("stack 'Abroad' is in region 'us-east-1', allowed are eu-central-1");
  });

  test('fails for a stack of a stage, whose synthesis the app does not reach into', () => {
    const app = new App();
    SecurityPosture.attach(app, { allowedRegions: ['eu-central-1'] });
    const stack = new Stack(new Stage(app, 'Stage'), 'Abroad', { env: { region: 'us-east-1' } });
    SecurityPosture.of(stack);
    expect(() => app.synth()).toThrow("stack 'Stage/Abroad' is in region 'us-east-1'");
  });

  test('fails for a stack of a stage without any construct of the library', () => {
    const app = new App();
    SecurityPosture.attach(app, { allowedRegions: ['eu-central-1'] });
    new Stack(new Stage(app, 'Stage'), 'Abroad', { env: { region: 'us-east-1' } });
    expect(() => app.synth()).toThrow("stack 'Stage/Abroad' is in region 'us-east-1'");
  });

  test('a region that is not known is undetermined: neither passed in silence nor refused', () => {
    const app = new App();
    SecurityPosture.attach(app, { allowedRegions: ['eu-central-1'] });
    const stack = new Stack(app, 'Anywhere');
    app.synth();
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('allowed region.*is undetermined: set env.region'));
  });

  test('a stack in an allowed region passes', () => {
    const app = new App();
    SecurityPosture.attach(app, { allowedRegions: ['eu-central-1'] });
    const stack = new Stack(app, 'Home', { env });
    app.synth();
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

test('required tags reach the resources of stacks and of stages', () => {
  const app = new App();
  SecurityPosture.attach(app, { tags: { environment: 'production', ownerTeam: 'fraud-scoring' } });
  const direct = new Stack(app, 'Direct');
  const staged = new Stack(new Stage(app, 'Stage'), 'Staged');
  for (const stack of [direct, staged]) {
    SecurityPosture.of(stack);
    new Queue(stack, 'Queue');
  }
  for (const stack of [direct, staged]) {
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', {
      Tags: [{ Key: 'Environment', Value: 'production' }, { Key: 'OwnerTeam', Value: 'fraud-scoring' }],
    });
  }
});

describe('training jobs', () => {
  test.each([[SecurityProfile.BASELINE, 72], [SecurityProfile.REGULATED, 24]])('%s lets them run for %d hours', (profile, hours) => {
    expect(attach({ profile })).toMatchObject({ maxTrainingSeconds: hours * 3600, unisolatedActions: [] });
  });

  test('run longer, and without isolation, for a reason only', () => {
    expect(attach({ training: { maxRuntime: Duration.hours(2) } }).maxTrainingSeconds).toBe(7200);
    expect(() => attach({ training: { maxRuntime: Duration.hours(25) } })).toThrow("training.maxRuntime of 1500 minutes is longer than the profile's 24 hours: give because");
    expect(attach({ training: { maxRuntime: Duration.hours(25), because } }).maxTrainingSeconds).toBe(90000);
    expect(() => attach({ training: { unisolatedActions: ['CreateTransformJob'] } })).toThrow('lets CreateTransformJob through the training guard: give because');
    expect(attach({ training: { unisolatedActions: ['CreateTransformJob'], because } }).unisolatedActions).toEqual(['CreateTransformJob']);
  });

  test.each([[Duration.seconds(90), 'got 1.5 minutes'], [Duration.minutes(0), 'got 0 minutes']])('not for %s', (maxRuntime, message) => {
    expect(() => attach({ training: { maxRuntime } })).toThrow(message);
  });

  test('by names of actions', () => {
    expect(() => attach({ training: { unisolatedActions: ['sagemaker:CreateTransformJob'], because } })).toThrow("takes actions as 'CreateTransformJob', got 'sagemaker:CreateTransformJob'");
  });

  test('the weaker choice is recorded', () => {
    const app = new App();
    SecurityPosture.attach(app, { evaluationDate: '2026-11-24', training: { maxRuntime: Duration.hours(48), because } });
    const stack = new Stack(app, 'Stack');
    SecurityPosture.of(stack);
    expect(stack.node.metadata.map(({ data }) => (data as { setting?: string }).setting)).toContain('posture.training');
  });
});
