import type { Resource } from '../../template';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged, undetermined, violated } from '../judgement';
import { isOneOf } from '../answer';
import type { JudgedApp } from '../judged-app';
import type { Rule } from '../rule';
import { coversAction, demandsLike, isForAnybody } from '../statement-match';

const BUCKET = 'DataSourceConfiguration.S3Configuration.BucketArn';

/** `AISec-BR17`. */
export const ingestBucketWriters: Rule = {
  id: 'AISec-BR17',
  name: 'IngestBucketWriters',
  title: 'The documents of a knowledge base have known writers, and every change of them can be taken back',
  severity: 'HIGH',
  controls: ['ML1', 'DP7'],
  threats: ['AML.T0070', 'AML.T0020', 'LLM04', 'LLM08'],
  why: 'Whoever may write one document writes the answers of the assistant, and instructions to the agent behind it.',
  remedy: 'Switch versioning on and allow s3:PutObject in the policy of the bucket to named principals only.',
  example: "new s3.Bucket(this, 'Documents', { versioned: true, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/s3-data-source-connector.html',
  types: ['AWS::Bedrock::DataSource'],
  check: ({ app, resource }) => {
    const value = resource.at(BUCKET);
    if (value === undefined) return undefined;
    const bucket = app.named(value);
    if (bucket?.type !== 'AWS::S3::Bucket') return undetermined('the bucket of the documents is not in the templates', BUCKET);
    const versioned = isOneOf('Enabled')(bucket.at('VersioningConfiguration.Status'));
    return [judged(versioned, `the bucket ${bucket.logicalId} keeps no versions`, BUCKET), ...writers(app, bucket)];
  },
};

function writers(app: JudgedApp, bucket: Resource): Judgement[] {
  return app
    .ofTypes('AWS::S3::BucketPolicy')
    .filter((policy) => app.named(policy.at('Bucket')) === bucket)
    .flatMap((policy) => app.statementsAt(policy, 'PolicyDocument'))
    .filter(({ statement }) => statement.effect === 'Allow' && coversAction(statement, 's3:PutObject') === 'YES')
    .map(({ statement }) => {
      if (!isForAnybody(statement)) return COMPLIANT;
      const bound = demandsLike(statement, /^aws:(principal(arn|account)|sourcearn)$/);
      return bound === 'NO' ? violated(`anybody may write documents into ${bucket.logicalId}`, BUCKET) : judged(bound, 'anybody may write documents', BUCKET);
    });
}
