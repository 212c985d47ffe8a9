import type { PolicyText } from '../../template';
import { AiWorkload } from '../ai-workload';
import { any } from '../answer';
import { IDENTITY_POLICY_TYPES, deniedUnless, judgeGrants } from '../grant';
import type { Rule } from '../rule';
import { coversAction, demandsLike } from '../statement-match';
import type { Subject } from '../subject';

const LIST = ['s3:ListBucket'];

/** `AISec-IAM43`. */
export const listsOwnPrefix: Rule = {
  id: 'AISec-IAM43',
  name: 'ListsOwnPrefix',
  title: 'A role of an AI service that reads a part of a bucket lists that part alone',
  severity: 'LOW',
  controls: ['P1', 'AA3'],
  threats: ['AML.T0007', 'AML.T0035'],
  why: 'Code in the container reads the names of all other models, customers and data sets of the bucket: what to ask for next, and whom to write to.',
  remedy: 'Demand s3:prefix of s3:ListBucket.',
  example:
    "new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions: { StringLike: { 's3:prefix': 'labelled/*' } } });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => {
    const workload = AiWorkload.of(policy.app);
    if (!policy.app.holdersOf(policy.resource).some((holder) => workload.isRole(holder)) || !readsParts(policy)) return undefined;
    return judgeGrants(
      policy,
      LIST,
      (statement) => any([demandsLike(statement, /^s3:prefix$/), deniedUnless(policy, statement, LIST, 's3:prefix')]),
      'everything that the bucket holds is listed',
    );
  },
};

/** Whether the policy allows reading, and of named parts of buckets alone. */
function readsParts({ app, resource }: Subject): boolean {
  const reads = app
    .identityStatements(resource)
    .map(({ statement }) => statement)
    .filter((statement) => statement.effect === 'Allow' && coversAction(statement, 's3:GetObject') !== 'NO');
  return reads.length > 0 && reads.every(({ resources }) => resources?.negated === false && resources.texts.every(isPart));
}

function isPart(text: PolicyText): boolean {
  return /\/[^/*]+.*\*$/.test(afterName(text));
}

/** What stands behind the name of the bucket. */
function afterName({ parts }: PolicyText): string {
  const text = parts.join('');
  const name = /^arn:[^:]*:s3:::/.exec(text)?.[0] ?? '';
  return text.slice(name.length).replace(/^[^/]*/, '');
}
