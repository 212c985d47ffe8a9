import type { Rule } from '../rule';
import { invocationLogSettings } from './bedrock-use';

const KEY_OF_BUCKET = 'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault';

/** `AISec-BR24`. */
export const invocationLogEncrypted: Rule = {
  id: 'AISec-BR24',
  name: 'InvocationLogEncrypted',
  title: 'The log of model invocations is encrypted with a key of the owner',
  severity: 'HIGH',
  controls: ['DP2b', 'OB1'],
  threats: ['AML.T0035', 'LLM02'],
  why: 'The log holds every prompt and answer with the personal data in them: whoever reads the bucket reads all conversations.',
  remedy: 'Encrypt the bucket with aws:kms and a key, and give the log group a KmsKeyId.',
  example: "new logs.LogGroup(this, 'Invocations', { encryptionKey: key, retention: logs.RetentionDays.ONE_YEAR });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html',
  types: ['AWS::S3::Bucket', 'AWS::Logs::LogGroup'],
  check: (store) => {
    const settings = invocationLogSettings(store.app);
    const written = settings.some((setting) => setting.outgoing.some(({ to, kind }) => to === store.resource && kind !== 'DependsOn'));
    if (!written) return undefined;
    if (store.resource.type === 'AWS::Logs::LogGroup') return store.requirePresent('KmsKeyId', 'the log group of invocations has no key of the owner');
    return store.requireOneOf(`${KEY_OF_BUCKET}.SSEAlgorithm`, ['aws:kms', 'aws:kms:dsse'], 'the bucket of invocations is not encrypted with KMS');
  },
};
