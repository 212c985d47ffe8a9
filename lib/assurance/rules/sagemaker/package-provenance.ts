import type { Rule } from '../rule';

/** `AISec-SM26`. */
export const packageProvenance: Rule = {
  id: 'AISec-SM26',
  name: 'PackageProvenance',
  title: 'A model package has a key, its metrics and the commit it comes from',
  severity: 'MEDIUM',
  controls: ['ML5'],
  threats: ['AML.T0018'],
  why: 'Without commit and metrics nobody can tell a version from the pipeline from one that somebody put there.',
  remedy: 'Set SecurityConfig.KmsKeyId, ModelMetrics and MetadataProperties.CommitId.',
  example:
    "new sagemaker.CfnModelPackage(this, 'Version', { securityConfig: { kmsKeyId: key.keyArn }, modelMetrics, " +
    'metadataProperties: { commitId }, ... });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html',
  types: ['AWS::SageMaker::ModelPackage'],
  check: (version) => [
    version.requirePresent('SecurityConfig.KmsKeyId', 'the package is under a key of AWS'),
    version.requirePresent('ModelMetrics', 'the package says nothing about its evaluation'),
    version.requirePresent('MetadataProperties.CommitId', 'the package does not say which commit made it'),
  ],
};
