import type { Rule } from '../rule';

/** `AISec-CI03`. */
export const imageTagsImmutable: Rule = {
  id: 'AISec-CI03',
  name: 'ImageTagsImmutable',
  title: 'Tags of container images cannot be moved',
  severity: 'MEDIUM',
  controls: ['SC3', 'ML6'],
  threats: ['AML.T0010.004'],
  why: 'Whoever can push puts another image under the tag that the endpoint pulls.',
  remedy: 'Set ImageTagMutability to IMMUTABLE.',
  example: "new ecr.Repository(this, 'Images', { imageTagMutability: ecr.TagMutability.IMMUTABLE });",
  source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
  types: ['AWS::ECR::Repository'],
  check: (repository) =>
    repository.requireOneOf('ImageTagMutability', ['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION'], 'tags of the repository can be moved'),
};
