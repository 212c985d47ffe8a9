import { placesAt } from '../places';
import type { Rule } from '../rule';
import { judgeMap } from './literal-secrets';

/** `AISec-SE02`. */
export const modelEnvironment: Rule = {
  id: 'AISec-SE02',
  name: 'ModelEnvironment',
  title: 'No secret stands in the environment of a model container',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'DescribeModel shows the environment; a token of a model hub there lets anybody replace or read the private models of its owner.',
  remedy: 'Fetch the model files while building the package, and leave tokens out of the container.',
  example: "primaryContainer: { image, modelDataUrl, environment: { HF_MODEL_ID: '/opt/ml/model' } }",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html',
  types: ['AWS::SageMaker::Model', 'AWS::SageMaker::ModelPackage', 'AWS::SageMaker::InferenceComponent'],
  check: ({ resource }) =>
    PLACES.flatMap((place) => placesAt(resource.properties, place)).flatMap(({ path, value }) => judgeMap(value, path)),
};

const PLACES: readonly string[] = [
  'PrimaryContainer.Environment',
  'Containers.*.Environment',
  'InferenceSpecification.Containers.*.Environment',
  'AdditionalInferenceSpecifications.*.Containers.*.Environment',
  'Specification.Container.Environment',
  'Specifications.*.Container.Environment',
];
