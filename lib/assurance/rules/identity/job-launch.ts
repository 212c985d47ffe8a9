import type { PolicyStatement } from '../../template';
import type { Answer } from '../answer';
import { all, any, answer } from '../answer';
import { IDENTITY_POLICY_TYPES, deniedByAll, judgeGrants } from '../grant';
import type { Judgement } from '../judgement';
import type { Rule } from '../rule';
import { demands, testsOn } from '../statement-match';
import type { Subject } from '../subject';
import { CREATE_TRAINING, allowsNoShell, allowsNoWarmPool, deniesOthers, deniesShell, deniesWarmPool, namesKeys, namesValues } from './job-condition';
import { demandsPresence } from './presence-demand';
import { namesOfKey, onlyLocal } from './volume-key-demand';

const SOURCE = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemakerai.html';
const SUBNETS = 'sagemaker:VpcSubnets';
const GROUPS = 'sagemaker:VpcSecurityGroupIds';

/** `AISec-IAM31`. */
export const jobsWithoutShell: Rule = {
  id: 'AISec-IAM31',
  name: 'JobsWithoutShell',
  title: 'Whoever may start training jobs may not open a shell into them',
  severity: 'MEDIUM',
  controls: ['ML3', 'RT3'],
  threats: ['AML.T0025', 'AML.T0035'],
  why: 'Remote debugging opens a session into the container: past the network isolation of the job, with its role and its data.',
  remedy: 'Add BoolIfExists sagemaker:EnableRemoteDebug false to the Allow, or a Deny where it is true.',
  example:
    "new iam.PolicyStatement({ actions: ['sagemaker:CreateTrainingJob'], resources: [jobArn], conditions: { BoolIfExists: { 'sagemaker:EnableRemoteDebug': 'false' } } });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/train-remote-debugging.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => ofLaunches(policy, (allow) => allowedOrDenied(policy, allow, answer(allowsNoShell(allow)), deniesShell), 'jobs are started with a shell into them'),
};

/** `AISec-IAM32`. */
export const jobsWithoutWarmPool: Rule = {
  id: 'AISec-IAM32',
  name: 'JobsWithoutWarmPool',
  title: 'Whoever may start training jobs may not keep their instances, or only for a bound time',
  severity: 'LOW',
  controls: ['ML3'],
  threats: ['AML.T0020', 'AML.T0034'],
  why: 'A warm pool hands the instance of one job to the next, caches with it, and bills while nothing runs.',
  remedy: 'Add Null sagemaker:KeepAlivePeriod true to the Allow, or a numeric limit.',
  example:
    "new iam.PolicyStatement({ actions: ['sagemaker:CreateTrainingJob'], resources: [jobArn], conditions: { Null: { 'sagemaker:KeepAlivePeriod': 'true' } } });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/train-warm-pools.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => ofLaunches(policy, (allow) => allowedOrDenied(policy, allow, answer(allowsNoWarmPool(allow)), deniesWarmPool), 'instances are kept after the job'),
};

/** `AISec-IAM33`. */
export const jobsInNamedSubnets: Rule = {
  id: 'AISec-IAM33',
  name: 'JobsInNamedSubnets',
  title: 'Whoever may start training jobs may do so in named subnets only',
  severity: 'MEDIUM',
  controls: ['RT1', 'ML3'],
  threats: ['AML.T0025'],
  why: 'That there is a subnet says nothing: one of another network has a way to the internet.',
  remedy: 'List the subnets in ForAllValues:StringEquals sagemaker:VpcSubnets.',
  example:
    "new iam.PolicyStatement({ actions: ['sagemaker:CreateTrainingJob'], resources: [jobArn], conditions: { 'ForAllValues:StringEquals': { 'sagemaker:VpcSubnets': subnetIds }, Null: { 'sagemaker:VpcSubnets': 'false' } } });",
  source: SOURCE,
  types: IDENTITY_POLICY_TYPES,
  check: (policy) =>
    ofLaunches(
      policy,
      (allow) => {
        const named = answer(saysNothing(allow, [SUBNETS]) || namesValues(allow, SUBNETS));
        return allowedOrDenied(policy, allow, named, (deny) => deniesOthers(deny, SUBNETS));
      },
      'jobs are started in any subnet',
    ),
};

/** `AISec-IAM34`. */
export const jobsInNamedGroups: Rule = {
  id: 'AISec-IAM34',
  name: 'JobsInNamedGroups',
  title: 'Whoever may start training jobs may do so with named security groups only',
  severity: 'MEDIUM',
  controls: ['RT1', 'ML3'],
  threats: ['AML.T0025'],
  why: 'The group is the firewall of the job: with one of his own choice the caller opens it in and out.',
  remedy: 'List the groups in ForAllValues:StringEquals sagemaker:VpcSecurityGroupIds, with Null false.',
  example:
    "new iam.PolicyStatement({ actions: ['sagemaker:CreateTrainingJob'], resources: [jobArn], conditions: { 'ForAllValues:StringEquals': { 'sagemaker:VpcSecurityGroupIds': [groupId] }, Null: { 'sagemaker:VpcSecurityGroupIds': 'false' } } });",
  source: SOURCE,
  types: IDENTITY_POLICY_TYPES,
  check: (policy) =>
    ofLaunches(
      policy,
      (allow) => {
        const named = all([answer(namesValues(allow, GROUPS)), any([demandsPresence(allow, GROUPS), demands(allow, GROUPS)])]);
        return allowedOrDenied(policy, allow, named, (deny) => deniesOthers(deny, GROUPS));
      },
      'jobs are started with any security group',
    ),
};

/** `AISec-IAM35`. */
export const jobsUnderNamedKeys: Rule = {
  id: 'AISec-IAM35',
  name: 'JobsUnderNamedKeys',
  title: 'Whoever may start training jobs encrypts their disks and results with named keys only',
  severity: 'MEDIUM',
  controls: ['DP2b', 'DP3'],
  threats: ['AML.T0025', 'AML.T0035'],
  why: 'With a key of another account the model is written so that its owner cannot read it, and the attacker can; or it is taken hostage.',
  remedy: 'List the keys in conditions on the volume and output key of SageMaker, on both names that AWS fills.',
  example:
    "conditions: { ArnEqualsIfExists: { 'sagemaker:VolumeKmsKey': [keyArn], 'sagemaker:OutputKmsKey': [keyArn] } }",
  source: SOURCE,
  types: IDENTITY_POLICY_TYPES,
  check: (policy) =>
    ofLaunches(
      policy,
      (allow) =>
        all(
          ['sagemaker:VolumeKmsKeyArn', 'sagemaker:OutputKmsKeyArn'].map((key) => {
            // Instances that encrypt their local disks themselves refuse a key.
            const local = key.includes('Volume') && onlyLocal(allow) === 'YES';
            const others = (deny: PolicyStatement): Answer => any(namesOfKey(key).map((name) => deniesOthers(deny, name)));
            return allowedOrDenied(policy, allow, answer(local || saysNothing(allow, namesOfKey(key)) || namesKeys(allow, key)), others);
          }),
        ),
      'jobs are encrypted with any key',
    ),
};

function ofLaunches(policy: Subject, isRight: (allow: PolicyStatement) => Answer, message: string): Judgement[] {
  return judgeGrants(policy, [CREATE_TRAINING], isRight, message);
}

/** Where not even presence is asked for AISec-IAM02 says so. */
function saysNothing(allow: PolicyStatement, keys: readonly string[]): boolean {
  return allow.opaque.length === 0 && testsOn(allow, ...keys).length === 0;
}

function allowedOrDenied(policy: Subject, allow: PolicyStatement, limited: Answer, denies: (deny: PolicyStatement) => Answer): Answer {
  if (limited === 'YES') return 'YES';
  const unread: Answer = allow.opaque.length > 0 ? 'UNKNOWN' : 'NO';
  return any([unread, deniedByAll(policy, allow, [CREATE_TRAINING], denies)]);
}
