import type { PolicyStatement, PolicyText } from '../../template';
import { Unknown } from '../../template';
import { AiWorkload } from '../ai-workload';
import type { Answer } from '../answer';
import { all, any, answer, isTrue } from '../answer';
import { judged, undetermined } from '../judgement';
import { ObjectFlow } from '../object-flow';
import { refusesToAll } from '../refusal';
import type { Rule } from '../rule';
import type { Subject } from '../subject';
import { BUCKET, ofOutcomeBucket } from './ai-bucket';
import { bucketStatements, unreadableBucketPolicy } from './bucket-policy';
import { judgeRefusal } from './bucket-refusal';
import { OVERWRITES } from './served-models';

/** `AISec-DP65`. */
export const lockedOutcomesWrittenOnce: Rule = {
  id: 'AISec-DP65',
  name: 'LockedOutcomesWrittenOnce',
  title: 'Reports and decisions about models under an object lock are not overwritten',
  severity: 'MEDIUM',
  controls: ['ML5', 'ML7', 'OB1'],
  threats: ['AML.T0018', 'AML.T0020'],
  why: 'A lock keeps the old version and lets a new one lie on top: the next step reads the verdict that was written last, not the one that was true.',
  remedy: 'Add a Deny of object creation where s3:if-none-match is absent.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')], conditions: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html',
  types: BUCKET,
  check: ofOutcomeBucket((bucket) => {
    if (placesOfSteps(bucket).length === 0) return [];
    const locked = isTrue(bucket.at('ObjectLockEnabled'));
    if (locked === 'UNKNOWN') return undetermined('whether the bucket locks versions is decided at deploy time', 'ObjectLockEnabled');
    if (locked === 'NO') return [];
    return judgeRefusal(bucket, { actions: ['s3:PutObject'], somewhere: true, when: OVERWRITES, message: 'a report or decision can be overwritten' });
  }),
};

/** `AISec-DP66`. */
export const outcomesNamedWriters: Rule = {
  id: 'AISec-DP66',
  name: 'OutcomesNamedWriters',
  title: 'Where a step of an AI workload writes its reports or decisions, nobody else writes',
  severity: 'MEDIUM',
  controls: ['ML6', 'ML7', 'OB1'],
  threats: ['AML.T0018', 'AML.T0020', 'LLM04'],
  why: 'The next step believes what lies there: whoever may write to the place writes the clean verdict, the digest or the approval of a poisoned model.',
  remedy: 'Add a Deny of s3:PutObject on the prefix for everybody but the role of the step.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('verdicts/*')], conditions: { ArnNotEquals: { 'aws:PrincipalArn': scanner.roleArn } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
  types: BUCKET,
  check: ofOutcomeBucket((bucket) => {
    const { app, resource } = bucket;
    const places = placesOfSteps(bucket);
    if (places.length === 0) return [];
    const statements = bucketStatements(app, resource).map(({ statement }) => statement);
    const closed = all(places.map((place) => any(statements.map((statement) => closesTo(statement, place)))));
    const unreadable = unreadableBucketPolicy(app, resource);
    if (closed === 'NO' && unreadable.length > 0) return unreadable;
    return judged(closed, 'whoever has the permission writes what the next step believes');
  }),
};

/** Where steps write. What jobs and endpoints write is what steps check: it is believed by nobody, and SageMaker sends no if-none-match. */
function placesOfSteps({ app, resource }: Subject): readonly PolicyText[] {
  const workload = AiWorkload.of(app);
  return ObjectFlow.of(app).writtenPlaces(resource).filter(({ role }) => !workload.isRole(role)).map(({ text }) => text);
}

/** Whether a statement refuses writing to a place to all but those whom it spares. */
function closesTo(statement: PolicyStatement, place: PolicyText): Answer {
  const refused = refusesToAll(statement, 's3:PutObject');
  const { resources } = statement;
  if (refused === 'NO' || resources === undefined || resources.negated) return 'NO';
  return all([refused, any(resources.texts.map((text) => (text.maybe && holds(text, place) === 'YES' ? 'UNKNOWN' : holds(text, place))))]);
}

/** Whether a place lies in what a text of the policy of the same bucket names: the same text, or what stands before its last star. */
function holds(text: PolicyText, place: PolicyText): Answer {
  const [wide, narrow] = [text, place].map(({ parts }) => parts.join(''));
  if (wide === '*') return 'YES';
  const held = wide === narrow || (wide.endsWith('*') && !/[*?]/.test(wide.slice(0, -1)) && narrow.startsWith(wide.slice(0, -1)));
  // Two values that are given at deploy time look the same and may differ.
  const open = [text, place].some(({ parts }) => parts.some((part) => part instanceof Unknown && part.origin === undefined && part.kind !== 'PSEUDO_PARAMETER'));
  return held && open ? 'UNKNOWN' : answer(held);
}
