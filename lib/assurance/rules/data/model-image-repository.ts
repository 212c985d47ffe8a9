import { AiWorkload } from '../ai-workload';
import type { Judgement } from '../judgement';
import { COMPLIANT, undetermined } from '../judgement';
import { judgeAnybody } from '../open-to-anybody';
import type { Rule } from '../rule';
import type { Subject } from '../subject';

const TYPES = ['AWS::ECR::Repository'];
const POLICY = 'RepositoryPolicyText';

/** `AISec-DP16`. */
export const modelImageTagsStay: Rule = {
  id: 'AISec-DP16',
  name: 'ModelImageTagsStay',
  title: 'A tag of a model image cannot be moved to another image',
  severity: 'HIGH',
  controls: ['SC3', 'ML6'],
  threats: ['AML.T0010.004', 'AML.CS0028', 'LLM03'],
  why: 'Whoever may push puts another image behind the tag that the endpoint and the next job start.',
  remedy: 'Set ImageTagMutability to IMMUTABLE.',
  example: "new ecr.Repository(this, 'Images', { imageTagMutability: ecr.TagMutability.IMMUTABLE });",
  source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
  types: TYPES,
  check: ofModelImages((repository) =>
    repository.requireOneOf('ImageTagMutability', ['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION'], 'tags of the images can be moved'),
  ),
};

/** `AISec-DP17`. */
export const modelImageScanned: Rule = {
  id: 'AISec-DP17',
  name: 'ModelImageScanned',
  title: 'Model images are scanned when they are pushed',
  severity: 'MEDIUM',
  controls: ['SC2'],
  threats: ['AML.T0010.001', 'LLM03'],
  why: 'Machine learning images carry hundreds of packages: a known hole in one of them is a door into the endpoint.',
  remedy: 'Set ScanOnPush to true, or enhanced scanning for the registry.',
  example: "new ecr.Repository(this, 'Images', { imageScanOnPush: true });",
  source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html',
  types: TYPES,
  check: ofModelImages((repository) => {
    const enhanced = repository.app.ofTypes('AWS::ECR::RegistryScanningConfiguration').length > 0;
    return enhanced ? COMPLIANT : repository.requireTrue('ImageScanningConfiguration.ScanOnPush', 'images are not scanned when they are pushed');
  }),
};

/** `AISec-DP18`. */
export const modelImageNamedReaders: Rule = {
  id: 'AISec-DP18',
  name: 'ModelImageNamedReaders',
  title: 'Model images are pulled and pushed by named principals only',
  severity: 'CRITICAL',
  controls: ['SC3', 'MI3'],
  threats: ['AML.T0010.004', 'AML.T0035', 'LLM03'],
  why: 'Anybody pulls the image with the model in it, or pushes one that the next deployment starts.',
  remedy: 'Name accounts or roles in Principal, or demand aws:PrincipalOrgID.',
  example: 'repository.grantPull(endpointRole);',
  source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html',
  types: TYPES,
  check: ofModelImages(({ app, resource }) => [
    COMPLIANT,
    ...app.unreadable(resource, POLICY).map(({ reason }) => undetermined(`the policy cannot be read: ${reason}`, POLICY)),
    ...judgeAnybody(app.statementsAt(resource, POLICY), /^aws:(principal(orgid|orgpaths|account|arn)|source(account|arn|vpce?))$/, 'anybody may use the images'),
  ]),
};

function ofModelImages(
  judge: (repository: Subject) => Judgement | readonly Judgement[],
): (repository: Subject) => ReturnType<typeof judge> | undefined {
  return (repository) => (AiWorkload.of(repository.app).isNamed(repository.resource) ? judge(repository) : undefined);
}
