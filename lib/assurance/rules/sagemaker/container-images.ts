import type { Resource } from '../../template';
import { DEFINITION_TYPES } from '../definitions/definition';
import { JOB_TYPES, jobFact, jobsOf } from '../definitions/job';
import { placesAt } from '../places';
import type { Item } from '../subject';

const PLACES: Readonly<Record<string, readonly string[]>> = {
  'AWS::SageMaker::Model': ['PrimaryContainer.Image', 'Containers.*.Image'],
  'AWS::SageMaker::ModelPackage': [
    'InferenceSpecification.Containers.*.Image',
    'AdditionalInferenceSpecifications.*.Containers.*.Image',
    'AdditionalInferenceSpecificationsToAdd.*.Containers.*.Image',
  ],
  'AWS::SageMaker::InferenceComponent': ['Specification.Container.Image', 'Specifications.*.Container.Image'],
  'AWS::SageMaker::Algorithm': ['TrainingSpecification.TrainingImage', 'InferenceSpecification.Containers.*.Image'],
  'AWS::SageMaker::ImageVersion': ['BaseImage'],
  'AWS::BedrockAgentCore::Runtime': ['AgentRuntimeArtifact.ContainerConfiguration.ContainerUri'],
  'AWS::Lambda::Function': ['Code.ImageUri'],
};

/** Types that run a container image of which the template names the address. */
export const IMAGE_TYPES: readonly string[] = [...Object.keys(PLACES), ...JOB_TYPES, ...DEFINITION_TYPES];

/** The image addresses of a resource: those of its containers, and of the jobs that it describes. */
export function imageSites(resource: Resource): Item[] {
  const places = Object.hasOwn(PLACES, resource.type) ? PLACES[resource.type] : [];
  const own = places.flatMap((place) => placesAt(resource.properties, place));
  const ofJobs = jobsOf(resource).flatMap((job): Item[] => {
    const value = jobFact(job, 'image');
    return value === undefined ? [] : [{ path: `${job.path}.${job.shape.image}`.replace(/^\./, ''), value }];
  });
  return [...own, ...ofJobs];
}
