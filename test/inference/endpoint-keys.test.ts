import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CaptureStore, DataCapture } from 'cdk-secure-ai/inference';
import { describe, expect, test } from 'vitest';
import { EncryptionKey } from '../../lib/core/encryption-key';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { awsService, IamWorld } from '../support/iam';
import type { Request } from '../support/iam';
import { endpointOf, ENV, gatewayOf, INPUT, workload } from './world';

const LOGS = `arn:aws:logs:${ENV.region}:${ENV.account}:log-group:/aws/sagemaker/Endpoints/fraud`;

/** An endpoint behind a gateway, with the keys that it makes or with those that somebody brings. */
function world(brought: boolean) {
  const platform = workload(new App());
  const { stack } = platform;
  const { gateway } = gatewayOf(platform);
  const keyOf = (id: string) => new EncryptionKey(stack, id, { description: id });
  const logKey = keyOf('OwnLogKey');
  logKey.allowLogGroups();
  const endpoint = endpointOf(platform, brought ? { key: keyOf('OwnKey'), logKey } : {}, 'Other');
  gateway.addRoute('other', { target: endpoint, input: INPUT });
  const operator = new LeastPrivilegeRole(stack, 'Operator', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: 'reads logs' });
  operator.addToPrincipalPolicy(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [endpoint.logKey.keyArn] }));
  return { stack, endpoint, operator, logKey, iam: IamWorld.of(stack, { accountId: ENV.account!, region: ENV.region! }) };
}

describe.each([['that it makes', false], ['that are brought', true]])('of the keys of an endpoint, %s', (_, brought) => {
  const { stack, endpoint, operator, iam } = world(brought);

  test.each(['kms:GenerateDataKey', 'kms:Decrypt'])('CloudWatch Logs may use the one of the log, and not the one of the data (%s)', async (action) => {
    const use = (resource: Request['resource']): Request => ({
      principal: awsService(`logs.${ENV.region}.amazonaws.com`), action, resource, extraContext: { 'kms:EncryptionContext:aws:logs:arn': LOGS },
    });
    expect((await iam.request(use(endpoint.logKey))).decision).toBe('allowed');
    expect((await iam.request(use(endpoint.key))).decision).toBe('implicit-deny');
  });

  test('who may decrypt logs cannot decrypt captures', async () => {
    const decrypt = (resource: Request['resource']): Request => ({ principal: operator, action: 'kms:Decrypt', resource });
    expect((await iam.request(decrypt(endpoint.logKey))).decision).toBe('allowed');
    expect((await iam.request(decrypt(endpoint.captureStore!.key))).decision).toBe('implicit-deny');
    expect((await iam.request(decrypt(endpoint.key))).decision).toBe('implicit-deny');
  });

  test('the log and the settings of the proxy are under the one of the log, volumes and captures under the other', () => {
    const template = Template.fromStack(stack);
    const arn = (key: typeof endpoint.key): unknown => stack.resolve(key.keyArn);
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: `/aws/sagemaker/Endpoints/${endpoint.endpointName}`, KmsKeyId: arn(endpoint.logKey) });
    template.hasResourceProperties('AWS::Lambda::Function', {
      KmsKeyArn: arn(endpoint.logKey), Environment: { Variables: Match.objectLike({ ENDPOINT_NAME: endpoint.endpointName }) },
    });
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      KmsKeyId: arn(endpoint.key), DataCaptureConfig: Match.objectLike({ KmsKeyId: arn(endpoint.key) }),
    });
  });
});

test('one key for the log and for data is refused', () => {
  const platform = workload(new App());
  const key = new EncryptionKey(platform.stack, 'One', { description: 'one' });
  const store = new CaptureStore(platform.stack, 'Captures', { key });
  expect(() => endpointOf(platform, { key, logKey: key })).toThrow('logKey is a key of the data as well');
  expect(() => endpointOf(platform, { capture: DataCapture.sample(5, store), logKey: key }, 'Other')).toThrow('logKey is a key of the data as well');
});

describe('the alias of a key is refused, since permissions on it have no effect', () => {
  const platform = workload(new App());
  const { stack } = platform;
  const alias = Key.fromKeyArn(stack, 'Alias', `arn:aws:kms:${ENV.region}:${ENV.account}:alias/data`);

  test.each([
    ['key', () => endpointOf(platform, { key: alias }, 'A')],
    ['logKey', () => endpointOf(platform, { logKey: alias }, 'B')],
    ['key', () => new CaptureStore(stack, 'Captures', { key: alias })],
  ])('as %s', (prop, make) => {
    expect(make).toThrow(`${prop} is the alias`);
  });

  test('as the key of a gateway', () => {
    expect(() => gatewayOf(platform, { key: alias })).toThrow('key is the alias');
  });
});
