import { CreateGrantCommand, CreateKeyCommand, ListGrantsCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, GetObjectTaggingCommand } from '@aws-sdk/client-s3';
import { CreateEndpointCommand, CreateEndpointConfigCommand, CreateModelCommand } from '@aws-sdk/client-sagemaker';
import type { Stack } from 'aws-cdk-lib';
import { EncryptionKey } from '../../../../lib/core/encryption-key';
import type { HandlerFunction } from '../../../../lib/core/handler-function';
import { ApprovedModel, ModelArtifactBucket, ModelRegistry, Retirement } from '../../../../lib/models';
import { RETIRE, RETIRE_ENV } from '../../../../lib/models/retire.contract';
import { RETIRE_CERTIFY, RETIRE_CERTIFY_ENV, type RetireCertifyResult } from '../../../../lib/models/retire-certify.contract';
import { DESTRUCTION_PREDICATE } from '../../../../lib/models/retire/certificate';
import { readStatement } from '../../../../lib/models/signing/in-toto-statement';
import { parseBundle, readBundle } from '../../../../lib/models/signing/bundle';
import { NetworkSegment } from '../../../../lib/network';
import { WeakerChoice } from '../../../../lib/posture';
import type { HandlerCase, Stage } from '../handler-case';
import { promoted } from './deploy-check-case';
import { bytesOf, keysBelow, makeBucket, putObjects } from './gate-stage';

const VERSION = 'arn:aws:sagemaker:eu-central-1:111111111111:model-package/fraud/3';

function retirementFunction(stack: Stack, name: 'Retire' | 'Certify') {
  const store = new ModelArtifactBucket(stack, 'Models');
  const retirement = new Retirement(stack, 'Retirement', {
    registry: new ModelRegistry(stack, 'Registry', { groupName: 'fraud' }), store, segment: new NetworkSegment(stack, 'Network'),
  });
  const model = ApprovedModel.withoutProof(stack, 'Model', {
    store, prefix: `models/fraud/sha256-${'a'.repeat(64)}/`, because: WeakerChoice.of({ reason: 'the end is judged here', owner: 'platform', expires: '2099-12-31' }),
  });
  retirement.addEndpoint('fraud', model, new EncryptionKey(stack, 'Volumes', { description: 'Volumes' }));
  return (retirement.node.findChild(name).node.findChild('Handler') as HandlerFunction).function;
}

/** A model that is served is removed, archived and marked, and the grants on its volumes go; each step can be repeated. */
export const RETIRE_CASE: HandlerCase = {
  contract: RETIRE,
  build: (stack) => retirementFunction(stack, 'Retire'),
  play: async (stage) => {
    const served = stage.deployed.environment[RETIRE_ENV.SERVED_BUCKET];
    const archive = stage.deployed.environment[RETIRE_ENV.ARCHIVE_BUCKET];
    await makeBucket(stage, served);
    await makeBucket(stage, archive);
    const { prefix } = await promoted(stage, served, 'old');
    const subject = { modelPackageArn: VERSION, prefix };
    const volumes = volumesKey(stage);
    const endpoints = { [prefix]: [{ name: 'fraud', keyArn: volumes }] };
    const step = (event: object, failures = {}) => stage.invoke({ subject, endpoints, ...event }, failures);

    const plan = await step({ step: 'plan', listed: [{ ModelPackageArn: VERSION, CreationTime: '2020-01-01T00:00:00Z' }], timeToLiveDays: 365 });
    stage.check('what is over its time is due', (plan.result as { due?: string } | undefined)?.due === VERSION, plan);
    const described = { ModelPackageArn: VERSION, ModelPackageGroupName: 'fraud', InferenceSpecification: { Containers: [{ ModelDataSource: { S3DataSource: { S3Uri: `s3://${served}/${prefix}` } } }] } };
    const read = await step({ step: 'read', package: described, group: 'fraud' });
    stage.check('what a version loads is read', (read.result as { prefix?: string } | undefined)?.prefix === prefix, read);
    stage.check('and AWS is not asked for either', stage.calls.length === 0, stage.calls);
    await playRemoval(stage, step);

    const aborted = await step({ step: 'archive', cursor: { file: 0, next: 'CONTINUE' } }, { UploadPartCopy: { status: 403, code: 'AccessDenied' } });
    stage.check('a refused copy fails the step, and is aborted', aborted.errorType === 'AccessDenied' && stage.calls.at(-1)?.operation === 'AbortMultipartUpload', aborted);
    let cursor = { file: 0, next: 'CONTINUE' };
    for (let runs = 0; cursor.next === 'CONTINUE' && runs < 9; runs += 1) cursor = (await step({ step: 'archive', cursor })).result as typeof cursor;
    const keys = await keysBelow(stage, archive, 'models/');
    stage.check('the model is archived as a whole, over several runs', cursor.next === 'DONE' && keys.length === 4, keys);
    const weights = await stage.s3.send(new GetObjectCommand({ Bucket: archive, Key: `${prefix}weights ü.bin` }));
    stage.check('byte by byte', (await weights.Body?.transformToString()) === 'old');
    await playRevocation(stage, step, { served, prefix, volumes });
  },
};

/** The ARN of the key of the endpoint's volumes. */
function volumesKey({ deployed: { stack } }: Stage): string {
  const id = stack.resourceIds('AWS::KMS::Key').find((one) => one.startsWith('Volumes'));
  return stack.arnOf(id ?? '');
}

type Step = (event: object, failures?: object) => ReturnType<Stage['invoke']>;

async function playRemoval({ sagemaker, check, calls }: Stage, step: Step): Promise<void> {
  await sagemaker.send(new CreateModelCommand({ ModelName: 'fraud', ExecutionRoleArn: 'arn:aws:iam::111111111111:role/serving' }));
  await sagemaker.send(new CreateEndpointConfigCommand({
    EndpointConfigName: 'fraud', ProductionVariants: [{ VariantName: 'main', ModelName: 'fraud', InitialInstanceCount: 1, InstanceType: 'ml.m5.xlarge', InitialVariantWeight: 1 }],
  }));
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: 'fraud', EndpointConfigName: 'fraud' }));
  const denied = await step({ step: 'remove' }, { DeleteEndpoint: { status: 400, code: 'AccessDeniedException' } });
  check('an endpoint that may not be removed fails the step', denied.errorType === 'RetireError.NOT_DONE', denied);
  const removed = await step({ step: 'remove' });
  check('the endpoint is removed', JSON.stringify(removed.result) === '{"removed":["fraud"]}', removed);
  const before = calls.length;
  const again = await step({ step: 'remove' });
  check('a repetition finds it gone', again.errorType === undefined && calls.slice(before).every(({ operation }) => operation === 'DescribeEndpoint'), again);
  const other = await step({ step: 'remove', subject: { prefix: 'constructor' } });
  check('no endpoint belongs to a name of the prototype', JSON.stringify(other.result) === '{"removed":[]}', other);
}

async function playRevocation(
  { kms, s3, check }: Stage, step: Step, { served, prefix, volumes }: Readonly<Record<'served' | 'prefix' | 'volumes', string>>,
): Promise<void> {
  await kms.send(new CreateKeyCommand({ Description: volumes }));
  for (const GranteePrincipal of ['arn:aws:iam::111111111111:role/a', 'arn:aws:iam::111111111111:role/b']) {
    await kms.send(new CreateGrantCommand({ KeyId: volumes, GranteePrincipal, Operations: ['Decrypt'] }));
  }
  const denied = await step({ step: 'revoke' }, { PutObjectTagging: { status: 403, code: 'AccessDenied' } });
  check('a mark that may not be set fails the step', denied.errorType === 'RetireError.NOT_DONE', denied);
  const revoked = await step({ step: 'revoke' });
  check('files are marked and grants revoked', JSON.stringify(revoked.result) === '{"objects":4,"grants":2}', revoked);
  const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket: served, Key: `${prefix}config.json` }));
  check('the mark is that of the store', TagSet.some(({ Key: key, Value }) => key === 'secure-ai-state' && Value === 'retired'), TagSet);
  const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId: volumes }));
  check('no grant is left', Grants.length === 0, Grants);
}

/** What lies in the archive is certified by KMS, once; what does not is not. */
export const RETIRE_CERTIFY_CASE: HandlerCase = {
  contract: RETIRE_CERTIFY,
  build: (stack) => retirementFunction(stack, 'Certify'),
  play: async (stage) => {
    const archive = stage.deployed.environment[RETIRE_CERTIFY_ENV.ARCHIVE_BUCKET];
    await makeBucket(stage, archive);
    await stage.kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Description: stage.deployed.environment[RETIRE_CERTIFY_ENV.KEY_ARN] }));
    const { prefix } = await promoted(stage, archive, 'old');
    const event = {
      subject: { modelPackageArn: VERSION, prefix }, reason: 'time to live', removed: ['fraud'], revoked: { objects: 4, grants: 2 }, retiredBy: 'arn:aws:states:eu-central-1:111111111111:stateMachine:x',
    };
    // Times of the server have whole seconds, which may lie ahead of what was just written.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const missing = await stage.invoke({ ...event, subject: { ...event.subject, prefix: `models/fraud/sha256-${'b'.repeat(64)}/` } });
    stage.check('what is not archived is not certified', missing.errorType === 'RetireError.NOT_ARCHIVED', missing);
    const denied = await stage.invoke(event, { Sign: { status: 400, code: 'AccessDeniedException' } });
    stage.check('a refused signature fails the function', denied.errorType === 'SigningError', denied);
    stage.check('and leaves no certificate', (await keysBelow(stage, archive, 'certificates/')).length === 0);
    const done = await stage.invoke(event);
    const { certificate } = (done.result ?? { certificate: '' }) as RetireCertifyResult;
    stage.check('what is archived is certified', certificate === `certificates/${prefix.slice(0, -1)}.json`, done);
    const { predicate } = readStatement(readBundle(parseBundle(await bytesOf(stage, archive, certificate))).envelope.payload, DESTRUCTION_PREDICATE);
    stage.check('with what was done', predicate.strings('endpointsRemoved').join() === 'fraud' && predicate.object('archive').get('files') === 3);
    const again = await stage.invoke(event);
    stage.check('a retry leaves the first', again.errorType === undefined && stage.calls.at(-1)?.status === 412, again);
    await putObjects(stage, archive, [[`${prefix}config.json`, 'changed']]);
    const changed = await stage.invoke(event);
    stage.check('an archive that changed is not certified', changed.errorType === 'RetireError.NOT_ARCHIVED', changed);
  },
};
