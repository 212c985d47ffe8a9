import { isDict, listOf } from '../../template';
import { any, isOneOf } from '../answer';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';

/** `AISec-LOG01`. */
export const trailSeesAi: Rule = {
  id: 'AISec-LOG01',
  name: 'TrailSeesAi',
  title: 'The trail records the calls of what this app runs: endpoints, agents, knowledge bases',
  severity: 'HIGH',
  controls: ['OB1'],
  threats: ['AML.T0024', 'AML.T0040'],
  why: 'InvokeEndpoint and InvokeAgent are data events: without a selector for them nobody can say who harvested the model.',
  remedy: 'Add an advanced event selector for each of the resource types.',
  example:
    "advancedEventSelectors: [{ fieldSelectors: [{ field: 'eventCategory', equalTo: ['Data'] }, { field: " +
    "'resources.type', equalTo: ['AWS::SageMaker::Endpoint'] }] }]",
  source: 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html',
  types: ['AWS::CloudTrail::Trail'],
  scope: 'APP',
  check: ({ app }) => {
    const trails = app.ofTypes('AWS::CloudTrail::Trail');
    const selected = trails.flatMap((trail) => SELECTED.flatMap((place) => placesAt(trail.properties, place)));
    const chosen = selected.flatMap(({ value }) =>
      isDict(value) ? (value.Field === 'resources.type' ? listOf(value.Equals) : []) : [value],
    );
    return Object.entries(RECORDED)
      .filter(([type]) => app.ofTypes(type).length > 0)
      .map(([type, recorded]) =>
        judged(any(chosen.map(isOneOf(recorded))), `no trail of the templates records ${recorded} (${type})`, recorded),
      );
  },
};

const SELECTED: readonly string[] = ['AdvancedEventSelectors.*.FieldSelectors.*', 'EventSelectors.*.DataResources.*.Type'];

/** What CloudTrail calls the resources of which it records the use. */
const RECORDED: Readonly<Record<string, string>> = {
  'AWS::SageMaker::Endpoint': 'AWS::SageMaker::Endpoint',
  'AWS::SageMaker::FeatureGroup': 'AWS::SageMaker::FeatureGroup',
  'AWS::SageMaker::Model': 'AWS::S3::Object',
  'AWS::Bedrock::Agent': 'AWS::Bedrock::AgentAlias',
  'AWS::Bedrock::KnowledgeBase': 'AWS::Bedrock::KnowledgeBase',
  'AWS::Bedrock::Guardrail': 'AWS::Bedrock::Guardrail',
  'AWS::Bedrock::Flow': 'AWS::Bedrock::FlowAlias',
};
