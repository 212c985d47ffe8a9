import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { ModelPromoterProps } from 'cdk-secure-ai/models';
import { ModelArtifactBucket, ModelPromoter, ModelScanner } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { headings } from '../support/runbook';

const TOPIC_ARN = 'arn:aws:sns:eu-central-1:111111111111:on-call';

function world(posture: SecurityPostureProps = {}) {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  SecurityPosture.attach(stack, posture);
  const network = {
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
    }),
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1', { mutable: false })],
  };
  const store = new ModelArtifactBucket(stack, 'Models');
  return { stack, store, network };
}

function scanned(posture: SecurityPostureProps = {}) {
  const { stack, store, network } = world(posture);
  const scanner = new ModelScanner(stack, 'Scanner', { store, ...network });
  const promoter = (props: Partial<ModelPromoterProps> = {}) => new ModelPromoter(stack, 'Promoter', { store, ...network, ...props });
  return { stack, store, network, scanner, promoter };
}

describe('a scanner', () => {
  const { stack, scanner, promoter } = scanned();
  promoter({ scanner });
  const template = Template.fromStack(stack);

  test('is started by the manifest of an upload to its store, with key and version and nothing else', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'source': ['aws.s3'], 'detail-type': ['Object Created'],
        'detail': { bucket: { name: [{ Ref: Match.stringLikeRegexp('^ModelsQuarantine') }] }, object: { key: [{ suffix: '/upload.json' }] } },
      },
      Targets: [Match.objectLike({
        DeadLetterConfig: Match.anyValue(),
        InputTransformer: {
          InputPathsMap: { key: '$.detail.object.key', versionId: '$.detail.object.version-id' }, InputTemplate: '{"key":<key>,"versionId":<versionId>}',
        },
      })],
    });
  });

  test('gives clean uploads to its promoter, which reads its verdicts', () => {
    const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine')) as { Properties: { DefinitionString: unknown } }[];
    expect(JSON.stringify(machine.Properties.DefinitionString)).toMatch(/"Promote\\":.*"PromoterHandler[0-9A-F]+"/);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Promotes clean models from quarantine to the served store',
      Environment: {
        Variables: Match.objectLike({ VERDICTS_BUCKET: { Ref: Match.stringLikeRegexp('^ScannerStoreRecords') }, VERDICT_KEY_ARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ScannerSigning'), 'Arn'] } }),
      },
    });
  });

  test('scans with as much time and as much of a processor as a function can use for hashing', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { Description: 'Model scanner: scan', Timeout: 900, MemorySize: 3008 });
  });

  test('keeps records, verdicts and key when the stack goes', () => {
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain', Properties: { ObjectLockEnabled: true, VersioningConfiguration: { Status: 'Enabled' } } });
  });

  test('logs names of states, and nothing that passes through them', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD', TracingConfiguration: { Enabled: true }, LoggingConfiguration: Match.objectLike({ Level: 'ALL', IncludeExecutionData: false }),
    });
  });
});

test('a scanner asks its segment for the endpoints of all its functions', () => {
  const { stack, store } = world();
  const segment = new NetworkSegment(stack, 'Network');
  const scanner = new ModelScanner(stack, 'Scanner', { store, segment });
  new ModelPromoter(stack, 'Promoter', { store, scanner, segment });
  const services = Object.values(Template.fromStack(stack).findResources('AWS::EC2::VPCEndpoint')).map((one) => JSON.stringify((one.Properties as { ServiceName: unknown }).ServiceName));
  for (const service of ['s3', 'kms', 'events']) expect(services.filter((name) => new RegExp(`\\.${service}"`).test(name))).not.toEqual([]);
});

test('whatever does not end well is told to the alarm topic of the posture, and to nobody without one', () => {
  const alarmsOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => Properties as { AlarmDescription: string; AlarmActions: string[] })
    .filter(({ AlarmDescription }) => AlarmDescription.endsWith('#refused-upload'));
  expect(alarmsOf(scanned().stack)).toEqual([]);
  const topics = new Stack(new App(), 'Topics', { env: { account: '111111111111', region: 'eu-central-1' } });
  const alarms = alarmsOf(scanned({ alarmTopic: Topic.fromTopicArn(topics, 'OnCall', TOPIC_ARN) }).stack);
  expect(alarms.map(({ AlarmActions }) => AlarmActions)).toEqual(Array(4).fill([TOPIC_ARN]));
  expect(headings()).toContain('refused-upload');
});

describe('fails', () => {
  test('for a promoter that would need no verdict, whichever comes first', () => {
    expect(() => scanned().promoter()).toThrow("'Stack/Models' has the scanner 'Stack/Scanner', and its promoter was given no scanner");
    const { stack, store, network } = world();
    new ModelPromoter(stack, 'Promoter', { store, ...network });
    expect(() => new ModelScanner(stack, 'Scanner', { store, ...network })).toThrow('has a promoter that needs no verdict: make the scanner first');
  });

  test('for a role that is made the promoter past the scanner', () => {
    const { stack, store } = scanned();
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    expect(() => store.grantPromote(role)).toThrow('was given no scanner');
  });

  test('for the scanner of another store', () => {
    const { stack, network, scanner } = scanned();
    const other = new ModelArtifactBucket(stack, 'Other');
    expect(() => new ModelPromoter(stack, 'Promoter', { store: other, scanner, ...network })).toThrow("'Stack/Other' has no scanner, and its promoter was given the scanner");
  });

  test('for a second scanner, a second promoter, and a store of another stack', () => {
    const { stack, store, network, scanner, promoter } = scanned();
    expect(() => new ModelScanner(stack, 'Second', { store, ...network })).toThrow('one store has one');
    promoter({ scanner });
    expect(() => new ModelPromoter(stack, 'Another', { store, scanner, ...network })).toThrow('one scanner has one');
    const elsewhere = new Stack(stack.node.root, 'Elsewhere', { env: { account: '111111111111', region: 'eu-central-1' } });
    expect(() => new ModelScanner(elsewhere, 'Scanner', { store, ...network })).toThrow('must be in the stack of');
  });
});
