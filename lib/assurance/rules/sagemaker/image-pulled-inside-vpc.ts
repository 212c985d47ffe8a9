import { isOneOf, not } from '../answer';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';

/** `AISec-SM58`. */
export const imagePulledInsideVpc: Rule = {
  id: 'AISec-SM58',
  name: 'ImagePulledInsideVpc',
  title: 'The image of a model is not pulled from a registry outside of AWS',
  severity: 'MEDIUM',
  controls: ['SC3', 'RT1'],
  threats: ['AML.T0010.004'],
  why: 'The registry, its credentials and the way to it lie outside of what this account can watch.',
  remedy: 'Leave ImageConfig.RepositoryAccessMode at Platform and copy the image into ECR.',
  example: 'primaryContainer: { image: `${repository.repositoryUri}@sha256:${digest}`, modelDataUrl }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ImageConfig.html',
  types: ['AWS::SageMaker::Model'],
  check: ({ resource }) =>
    ['PrimaryContainer.ImageConfig.RepositoryAccessMode', 'Containers.*.ImageConfig.RepositoryAccessMode'].flatMap((place) =>
      placesAt(resource.properties, place).map(({ path, value }) =>
        judged(not(isOneOf('Vpc')(value)), 'the image comes from a registry outside of AWS', path),
      ),
    ),
};
