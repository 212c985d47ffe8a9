import type { Resource } from '../../template';
import { placesAt } from '../places';
import type { Item } from '../subject';

const CONTAINER_LISTS: Readonly<Record<string, readonly string[]>> = {
  'AWS::SageMaker::Model': ['PrimaryContainer', 'Containers.*'],
  'AWS::SageMaker::ModelPackage': ['InferenceSpecification.Containers.*', 'AdditionalInferenceSpecifications.*.Containers.*'],
  'AWS::SageMaker::InferenceComponent': ['Specification.Container', 'Specifications.*.Container'],
};

/** Types that name model files in S3. */
export const MODEL_DATA_TYPES: readonly string[] = Object.keys(CONTAINER_LISTS);

/** The S3 addresses of the model files that a resource loads. */
export function modelDataSites(resource: Resource): Item[] {
  const containers = Object.hasOwn(CONTAINER_LISTS, resource.type) ? CONTAINER_LISTS[resource.type] : [];
  return containers.flatMap((container) =>
    ['ModelDataUrl', 'ModelDataSource.S3DataSource.S3Uri', 'ArtifactUrl'].flatMap((place) =>
      placesAt(resource.properties, `${container}.${place}`),
    ),
  );
}
