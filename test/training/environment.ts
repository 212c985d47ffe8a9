import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import type { SecureTrainingEnvProps, TrainingJobOptions } from 'cdk-secure-ai/training';
import { SecureTrainingEnv } from 'cdk-secure-ai/training';
import { SecureBucket } from '../../lib/core/secure-bucket';
import { AccessLogBucket } from '../../lib/core/access-log-bucket';
import { EncryptionKey } from '../../lib/core/encryption-key';
import type { StateMachine } from '../support/state-machine/state-machine';
import { resolveTemplate } from '../support/iam';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-central-1';

/** An environment with a store, a segment, and two jobs with a dataset each. */
export function environmentWith(props: SecureTrainingEnvProps = {}, posture: SecurityPostureProps = {}) {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
  SecurityPosture.attach(stack, posture);
  const key = new EncryptionKey(stack, 'DataKey', { description: 'test' });
  const data = new SecureBucket(stack, 'Data', { key, accessLogs: new AccessLogBucket(stack, 'DataLogs', { retentionDays: 365 }), noncurrentDays: 30 });
  const store = new ModelArtifactBucket(stack, 'Models');
  const segment = new NetworkSegment(stack, 'Network');
  const environment = new SecureTrainingEnv(stack, 'Training', { segment, artifacts: store, ...props });
  const images = Repository.fromRepositoryName(stack, 'Images', 'fraud-training');
  const job = (name: string, more: Partial<TrainingJobOptions> = {}): IRole =>
    environment.addJob(name, { datasets: { train: { bucket: data, prefix: `datasets/${name}` } }, repositories: [images], ...more });
  return { stack, data, key, store, segment, environment, fraud: job('fraud'), churn: job('churn', { instanceTypes: ['ml.m5.xlarge', 'ml.g5.xlarge'] }), job };
}

/** The definition of the environment's state machine with every reference filled in. */
export function definitionOf(stack: Stack): StateMachine {
  const resolved = resolveTemplate(Template.fromStack(stack).toJSON(), { stackName: 'Stack', accountId: ACCOUNT, region: REGION });
  const [id] = resolved.resourceIds('AWS::StepFunctions::StateMachine');
  return JSON.parse(String(resolved.property(id, 'DefinitionString'))) as StateMachine;
}
