import { any, isOneOf, isPresent } from '../answer';
import { judged, undetermined } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';

/** `AISec-SM39`. */
export const mlflowStore: Rule = {
  id: 'AISec-SM39',
  name: 'MlflowStore',
  title: 'Experiments of MLflow lie in a bucket with versions and a key of your own',
  severity: 'MEDIUM',
  controls: ['DP7', 'DP2b'],
  threats: ['AML.T0048.004', 'AML.T0018'],
  why: 'The store holds every model that was ever logged; without versions one of them is replaced unseen.',
  remedy: 'Turn on versioning and KMS encryption for the bucket of ArtifactStoreUri.',
  example: "new s3.Bucket(this, 'Experiments', { versioned: true, encryption: s3.BucketEncryption.KMS, encryptionKey: key });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/mlflow-create-tracking-server.html',
  types: ['AWS::SageMaker::MlflowTrackingServer', 'AWS::SageMaker::MlflowApp'],
  check: (server) => {
    const path = 'ArtifactStoreUri';
    const bucket = server.app.named(server.at(path));
    if (bucket?.type !== 'AWS::S3::Bucket') return undetermined('the bucket of the experiments is not in the templates', path);
    const keys = placesAt(
      bucket.properties,
      'BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.KMSMasterKeyID',
    ).map(({ value }) => isPresent(value));
    return [
      judged(isOneOf('Enabled')(bucket.at('VersioningConfiguration.Status')), `${bucket.logicalId} keeps no versions`, path),
      judged(any(keys), `${bucket.logicalId} has no key of your own`, path),
    ];
  },
};
