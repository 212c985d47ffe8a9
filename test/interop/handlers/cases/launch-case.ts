import { Repository } from 'aws-cdk-lib/aws-ecr';
import type { HandlerFunction } from '../../../../lib/core/handler-function';
import { AccessLogBucket } from '../../../../lib/core/access-log-bucket';
import { EncryptionKey } from '../../../../lib/core/encryption-key';
import { SecureBucket } from '../../../../lib/core/secure-bucket';
import { ModelArtifactBucket } from '../../../../lib/models';
import { NetworkSegment } from '../../../../lib/network';
import { SecureTrainingEnv } from '../../../../lib/training';
import type { LaunchSettings } from '../../../../lib/training/launch.contract';
import { jobName, LAUNCH } from '../../../../lib/training/launch.contract';
import { STATES } from '../../../../lib/training/launch/definition';
import type { PreparedJob } from '../../../../lib/training/launch/prepare-job';
import type { HandlerCase, Stage } from '../handler-case';

/** A request becomes a job by the settings that are deployed; what they do not allow is refused; nothing is called. */
export const LAUNCH_CASE: HandlerCase = {
  contract: LAUNCH,
  build: (stack) => {
    const key = new EncryptionKey(stack, 'DataKey', { description: 'datasets' });
    const bucket = new SecureBucket(stack, 'Data', { key, accessLogs: new AccessLogBucket(stack, 'DataLogs', { retentionDays: 365 }), noncurrentDays: 30 });
    const training = new SecureTrainingEnv(stack, 'Training', {
      segment: new NetworkSegment(stack, 'Network'), artifacts: new ModelArtifactBucket(stack, 'Models'),
    });
    const repositories = [Repository.fromRepositoryName(stack, 'Images', 'fraud-training')];
    training.addJob('fraud', { datasets: { train: { bucket, prefix: 'datasets/fraud' } }, repositories });
    return (training.node.findChild('Launcher').node.findChild('Handler') as HandlerFunction).function;
  },
  play: async (stage) => {
    const settings = deployedSettings(stage);
    const { repositories, instances } = settings.jobs.fraud;
    const request = { job: 'fraud', run: 'r1', image: `${repositories[0]}@sha256:${'a'.repeat(64)}`, instanceType: Object.keys(instances)[0] };
    const made = await stage.invoke({ request, settings });
    stage.check('a request becomes a job', (made.result as PreparedJob | undefined)?.name === jobName(settings.prefix, 'fraud', 'r1'), made);

    const refusals: [string, object, string][] = [
      ['an image by tag', { image: `${repositories[0]}:latest` }, 'IMAGE_NOT_ALLOWED'],
      ['an image of others', { image: `docker.io/evil@sha256:${'a'.repeat(64)}` }, 'IMAGE_NOT_ALLOWED'],
      ['a job that is not there', { job: 'constructor' }, 'UNKNOWN_JOB'],
      ['too many instances', { instanceCount: 1000 }, 'INSTANCES_NOT_ALLOWED'],
      ['a role of the caller\'s', { roleArn: 'arn:aws:iam::111111111111:role/admin' }, 'INVALID_REQUEST'],
    ];
    for (const [what, change, code] of refusals) {
      const refused = await stage.invoke({ request: { ...request, ...change }, settings });
      stage.check(`${what} is refused`, refused.errorType === `TrainingRequestError.${code}`, refused);
    }
    stage.check('nothing was called', stage.calls.length === 0, stage.calls);
  },
};

/** What the deployed state machine hands to the function. */
function deployedSettings({ deployed: { stack } }: Stage): LaunchSettings {
  const [machine] = stack.resourceIds('AWS::StepFunctions::StateMachine');
  const definition = JSON.parse(String(stack.property(machine, 'DefinitionString'))) as {
    readonly States: Readonly<Record<string, { readonly Parameters: { readonly Payload: { readonly settings: LaunchSettings } } }>>;
  };
  return definition.States[STATES.READ].Parameters.Payload.settings;
}
