import { textParts } from '../../template';
import { isOneOf, isTrue } from '../answer';
import type { JudgedApp } from '../judged-app';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged, undetermined } from '../judgement';
import type { Rule } from '../rule';
import type { Item } from '../subject';
import { MODEL_DATA_TYPES, modelDataSites } from './model-data';

/** `AISec-SM05`. */
export const modelDataImmutable: Rule = {
  id: 'AISec-SM05',
  name: 'ModelDataImmutable',
  title: 'The bucket that models are loaded from keeps every version under lock',
  severity: 'HIGH',
  controls: ['ML5', 'ML6'],
  threats: ['AML.T0018'],
  why: 'Whoever can write to the bucket replaces the weights between approval and deployment, and nothing shows that they changed.',
  remedy: 'Turn on versioning and Object Lock for the bucket that the model files lie in.',
  example:
    "new s3.Bucket(this, 'Models', { versioned: true, objectLockEnabled: true, objectLockDefaultRetention: " +
    's3.ObjectLockRetention.governance(Duration.days(90)) });',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html',
  types: MODEL_DATA_TYPES,
  check: ({ resource, app }) => modelDataSites(resource).flatMap((site) => judgeSite(site, app)),
};

/** Files of the CDK lie under the hash of their content. */
const CONTENT_ADDRESSED = /\/[0-9a-f]{64}\.[a-z.]+$/;
/** Buckets of AWS from which JumpStart serves its models: nobody else can set them up. */
const HUB = /^s3:\/\/jumpstart-(?:private-)?cache-prod-/;

function judgeSite({ path, value }: Item, app: JudgedApp): Judgement[] {
  const text =
    textParts(value)
      ?.map((part) => (typeof part === 'string' ? part : ' '))
      .join('') ?? '';
  if (CONTENT_ADDRESSED.test(text)) return [COMPLIANT];
  if (HUB.test(text)) return [];
  const bucket = app.named(value);
  if (bucket?.type !== 'AWS::S3::Bucket') return [undetermined('the bucket of the model files is not in the templates', path)];
  return [
    judged(
      isOneOf('Enabled')(bucket.at('VersioningConfiguration.Status')),
      `${bucket.logicalId} keeps no versions of the model files`,
      path,
    ),
    judged(isTrue(bucket.at('ObjectLockEnabled')), `${bucket.logicalId} has no Object Lock: versions of model files can be deleted`, path),
  ];
}
