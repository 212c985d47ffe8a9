import { isDict, listOf } from '../../template';
import { AiWorkload } from '../ai-workload';
import { any, isOneOf } from '../answer';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';

/** `AISec-LOG05`. */
export const trailSeesData: Rule = {
  id: 'AISec-LOG05',
  name: 'TrailSeesData',
  title: 'The trail records who reads and writes objects of models and training data',
  severity: 'MEDIUM',
  controls: ['OB1', 'DP7'],
  threats: ['AML.T0025', 'AML.T0020', 'LLM04'],
  why: 'Reading an object is a data event: without a selector nobody can say who took the weights, or who changed the training data.',
  remedy: 'Add an advanced event selector for AWS::S3::Object with the ARNs of the buckets.',
  example:
    "advancedEventSelectors: [{ fieldSelectors: [{ field: 'eventCategory', equalTo: ['Data'] }, { field: 'resources.type', equalTo: ['AWS::S3::Object'] }] }]",
  source: 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html',
  types: ['AWS::CloudTrail::Trail'],
  scope: 'APP',
  check: ({ app }) => {
    // Where a model of SageMaker is served AISec-LOG01 asks for it.
    if (AiWorkload.of(app).buckets.length === 0 || app.ofTypes('AWS::SageMaker::Model').length > 0) return undefined;
    const selected = app.ofTypes('AWS::CloudTrail::Trail').flatMap((trail) => [
      ...placesAt(trail.properties, 'AdvancedEventSelectors.*.FieldSelectors.*').flatMap(({ value }) =>
        isDict(value) ? (value.Field === 'resources.type' ? listOf(value.Equals) : []) : [value],
      ),
      ...placesAt(trail.properties, 'EventSelectors.*.DataResources.*.Type').map(({ value }) => value),
    ]);
    return judged(any(selected.map(isOneOf('AWS::S3::Object'))), 'no trail of the templates records what is read and written', 'AWS::S3::Object');
  },
};
