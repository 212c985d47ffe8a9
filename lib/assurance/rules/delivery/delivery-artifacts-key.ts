import { valueAt } from '../../template';
import { isPresent } from '../answer';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';

/** `AISec-CI06`. */
export const deliveryArtifactsKey: Rule = {
  id: 'AISec-CI06',
  name: 'DeliveryArtifactsKey',
  title: 'Artifacts of a pipeline that delivers models are encrypted with a key of your own',
  severity: 'MEDIUM',
  controls: ['DP2b', 'RT6'],
  threats: ['AML.T0048.004'],
  why: 'Between the stages lies what will be deployed: under the default key every reader of the bucket has it.',
  remedy: 'Set EncryptionKey of the artifact store.',
  example: "new codepipeline.Pipeline(this, 'Delivery', { artifactBucket: new s3.Bucket(this, 'Artifacts', { encryptionKey: key }) });",
  source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html',
  types: ['AWS::CodePipeline::Pipeline'],
  check: ({ resource, app }) => {
    if (!app.model.resources.some(({ type }) => /^AWS::(?:SageMaker|Bedrock|BedrockAgentCore)::/.test(type))) return undefined;
    return [...placesAt(resource.properties, 'ArtifactStore'), ...placesAt(resource.properties, 'ArtifactStores.*.ArtifactStore')].map(
      ({ path, value }) =>
        judged(
          isPresent(valueAt(value, ['EncryptionKey', 'Id'])),
          'artifacts are written without a key of your own',
          `${path}.EncryptionKey`,
        ),
    );
  },
};
