import { placesAt } from '../places';
import type { Rule } from '../rule';
import { judgePairs } from './literal-secrets';

/** `AISec-SE06`. */
export const containerEnvironment: Rule = {
  id: 'AISec-SE06',
  name: 'ContainerEnvironment',
  title: 'No secret stands in the environment of a container',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'DescribeTaskDefinition and DescribeJobDefinitions show the environment, in every revision that ever was.',
  remedy: 'Use Secrets of the container: the platform fetches them when it starts.',
  example: "taskDefinition.addContainer('app', { image, secrets: { KEY: ecs.Secret.fromSecretsManager(secret) } });",
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html',
  types: ['AWS::ECS::TaskDefinition', 'AWS::Batch::JobDefinition'],
  check: ({ resource }) => judgePairs(PLACES.flatMap((place) => placesAt(resource.properties, place))),
};

const PLACES: readonly string[] = [
  'ContainerDefinitions.*.Environment.*',
  'ContainerProperties.Environment.*',
  'EcsProperties.TaskProperties.*.Containers.*.Environment.*',
  'NodeProperties.NodeRangeProperties.*.Container.Environment.*',
];
