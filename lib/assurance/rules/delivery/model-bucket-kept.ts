import { Unknown } from '../../template';
import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';
import { MODEL_DATA_TYPES, modelDataSites } from '../sagemaker/model-data';

/** `AISec-CR02`. */
export const modelBucketKept: Rule = {
  id: 'AISec-CR02',
  name: 'ModelBucketKept',
  title: 'The bucket of models or training data is not emptied with its stack',
  severity: 'HIGH',
  controls: ['ML9', 'DP6'],
  threats: ['AML.T0101'],
  why: 'Whoever can delete the stack, or rename one construct, deletes every version of the models and the data.',
  remedy: 'Leave autoDeleteObjects out for buckets that hold models or training data, and retain them.',
  example: "new s3.Bucket(this, 'Models', { versioned: true, removalPolicy: RemovalPolicy.RETAIN });",
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html',
  types: ['Custom::S3AutoDeleteObjects'],
  check: ({ resource, app }) => {
    const name = resource.at('BucketName');
    const bucket = app.named(name);
    if (bucket === undefined)
      return name instanceof Unknown ? undetermined(`which bucket is emptied is not known: ${name.reason}`, 'BucketName') : undefined;
    const named = app
      .ofTypes(...MODEL_DATA_TYPES)
      .flatMap(modelDataSites)
      .some(({ value }) => app.named(value) === bucket);
    const holds = named || bucket.incoming.some(({ from }) => /^AWS::(?:SageMaker|Bedrock)::/.test(from.type));
    return holds ? violated(`${bucket.logicalId} is emptied when the stack goes`, 'BucketName') : COMPLIANT;
  },
};
