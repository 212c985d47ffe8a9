import { all, isOneOf, isPresent, not } from '../answer';
import { itemsOf } from '../subject';
import { judged } from '../judgement';
import { valueAt } from '../../template';
import { any } from '../answer';
import type { Rule } from '../rule';
import { BUCKET, ofKeptBucket } from './ai-bucket';

const RULES = 'OwnershipControls.Rules';

/** `AISec-DP43`. */
export const bucketWithoutAcl: Rule = {
  id: 'AISec-DP43',
  name: 'BucketWithoutAcl',
  title: 'Buckets of models, training data and their logs have no access control lists',
  severity: 'MEDIUM',
  controls: ['MI3', 'AA3'],
  threats: ['AML.T0035', 'LLM02'],
  why: 'A list on one object opens it whatever the policy of the bucket refuses to grant, and an object that another account wrote is theirs.',
  remedy: 'Set ObjectOwnership to BucketOwnerEnforced, and leave AccessControl out.',
  example: "new s3.Bucket(this, 'Models', { objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html',
  types: BUCKET,
  check: ofKeptBucket((bucket) => {
    const owners = itemsOf(bucket.at(RULES), RULES).map(({ value }) => isOneOf('BucketOwnerEnforced')(valueAt(value, ['ObjectOwnership'])));
    const acl = bucket.at('AccessControl');
    return [
      // S3 enforces the ownership of new buckets that say nothing.
      judged(all(owners), 'objects belong to who writes them, and lists of their own open them', RULES),
      judged(any([not(isPresent(acl)), isOneOf('Private', 'LogDeliveryWrite')(acl)]), 'an access control list opens the bucket', 'AccessControl'),
    ];
  }),
};
