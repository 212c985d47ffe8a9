import { placesAt } from '../places';
import type { Rule } from '../rule';
import { judgeMap, judgeNamed } from './literal-secrets';

/** `AISec-SE13`. */
export const pipelineActionSecret: Rule = {
  id: 'AISec-SE13',
  name: 'PipelineActionSecret',
  title: 'No token stands in the actions of a delivery pipeline',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why:
    'GetPipeline shows the configuration of every action; with the token of the repository an attacker changes what ' +
    'is trained and deployed.',
  remedy: 'Use a connection of CodeConnections, or a dynamic reference to Secrets Manager.',
  example: "codepipeline_actions.CodeStarConnectionsSourceAction({ connectionArn, owner, repo, output, actionName: 'Source' })",
  source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/update-github-action-connections.html',
  types: ['AWS::CodePipeline::Pipeline', 'AWS::CodePipeline::Webhook'],
  check: ({ resource }) => [
    ...placesAt(resource.properties, 'Stages.*.Actions.*.Configuration').flatMap(({ path, value }) => judgeMap(value, path)),
    ...placesAt(resource.properties, 'AuthenticationConfiguration.SecretToken').map(({ path, value }) =>
      judgeNamed('SecretToken', value, path),
    ),
  ],
};
