import type { PolicyStatement } from '../../template';
import type { Answer } from '../answer';
import { any, answer } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { coversAction, isForAnybody } from '../statement-match';
import { BUCKET, ofAiBucket } from './ai-bucket';
import { bucketStatements, unreadableBucketPolicy } from './bucket-policy';

const PERIMETER = /^aws:(sourcevpce?|sourceip|vpcsourceip|principalorgid|principalorgpaths|principalaccount|resourceaccount|resourceorgid)$/;

/** `AISec-DP01`. */
export const modelBucketPerimeter: Rule = {
  id: 'AISec-DP01',
  name: 'ModelBucketPerimeter',
  title: 'Buckets of models and training data refuse requests from outside of the organisation or network',
  severity: 'CRITICAL',
  controls: ['MI3', 'DP2a'],
  threats: ['AML.T0025', 'AML.T0048.004', 'LLM02', 'LLM10'],
  why: 'With a stolen session the weights are read from anywhere: the policy of the bucket is the one place that asks where from.',
  remedy: 'Add a Deny for everybody unless aws:SourceVpce, aws:PrincipalOrgID or aws:PrincipalAccount is the own one.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: [bucket.bucketArn, bucket.arnForObjects('*')], conditions: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcd123456' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } }));",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html',
  types: BUCKET,
  check: ofAiBucket(({ app, resource }) => {
    const unreadable = unreadableBucketPolicy(app, resource);
    const guarded = any(bucketStatements(app, resource).map(({ statement }) => isPerimeter(statement)));
    return guarded === 'NO' && unreadable.length > 0 ? unreadable : judged(guarded, 'nothing in its policy refuses requests from outside');
  }),
};

function isPerimeter(statement: PolicyStatement): Answer {
  if (statement.effect !== 'Deny' || !isForAnybody(statement) || coversAction(statement, 's3:GetObject') !== 'YES') return 'NO';
  if (statement.opaque.length > 0 || statement.presence === 'MAYBE') return 'UNKNOWN';
  return answer(statement.conditions.some(({ operator, foldedKey }) => operator.includes('Not') && PERIMETER.test(foldedKey)));
}
