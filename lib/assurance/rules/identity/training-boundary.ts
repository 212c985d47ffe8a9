import type { Resource } from '../../template';
import { Unknown } from '../../template';
import type { Answer } from '../answer';
import { all, any, answer, isPresent } from '../answer';
import { isForEveryAction } from '../grant';
import type { JudgedApp } from '../judged-app';
import type { Judgement } from '../judgement';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { coversAction } from '../statement-match';
import { CREATE_TRAINING, deniesOthers, namesKeys, namesValues } from './job-condition';
import { isBoundary, isTrainingGuard } from './training-guard';
import { namesOfKey } from './volume-key-demand';

const NAMED = ['sagemaker:VpcSubnets', 'sagemaker:VpcSecurityGroupIds', 'sagemaker:VolumeKmsKeyArn', 'sagemaker:OutputKmsKeyArn'];

/** `AISec-IAM37`. */
export const boundaryNamesOwn: Rule = {
  id: 'AISec-IAM37',
  name: 'BoundaryNamesOwn',
  title: 'The boundary of roles that start training jobs names the subnets, groups and keys of the jobs',
  severity: 'LOW',
  controls: ['P2', 'ML3', 'DP3'],
  threats: ['AML.T0025', 'AML.T0035'],
  why: 'The boundary holds when the policy of a role is changed: without names it lets jobs into another network and under a key of the attacker.',
  remedy: 'Add a Deny for other subnets, groups and keys, of a key on both names that AWS fills.',
  example:
    "new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['sagemaker:CreateTrainingJob'], resources: ['*'], conditions: { 'ForAnyValue:StringNotEquals': { 'sagemaker:VpcSubnets': subnetIds } } });",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html',
  types: ['AWS::IAM::ManagedPolicy'],
  check: ({ app, resource }): Judgement[] | undefined => {
    if (!isBoundary(resource) || !isTrainingGuard(app, resource)) return undefined;
    const said = app.identityStatements(resource).map(({ statement }) => statement).filter((statement) => coversAction(statement, CREATE_TRAINING) !== 'NO');
    const allows = said.filter(({ effect }) => effect === 'Allow');
    const denies = said.filter(({ effect }) => effect === 'Deny');
    if (allows.length === 0) return undefined;
    return NAMED.map((key) => {
      const byAllow = all(allows.map((allow) => answer(/KmsKey/.test(key) ? namesKeys(allow, key) : namesValues(allow, key))));
      const byDeny = all(namesOfKey(key).map((name) => any(denies.map((deny) => deniesOthers(deny, name)))));
      return judged(any([byAllow, byDeny]), `jobs have any ${key.slice(10)}`, key);
    });
  },
};

/** `AISec-IAM38`. */
export const trainingRolesBounded: Rule = {
  id: 'AISec-IAM38',
  name: 'TrainingRolesBounded',
  title: 'Where a boundary guards training, every role that starts jobs or runs them has one',
  severity: 'LOW',
  controls: ['P2', 'AA3'],
  threats: ['AML.T0012', 'AML.T0025'],
  why: 'One role without the boundary is the one that the next policy makes too strong.',
  remedy: 'Set PermissionsBoundary on the role.',
  example: "iam.PermissionsBoundary.of(launcher).apply(boundary);",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html',
  types: ['AWS::IAM::Role'],
  check: ({ app, resource }) => {
    const training = trainingOf(app);
    if (!training.isBounded) return undefined;
    const relevant = any([may(app, resource, CREATE_TRAINING), answer(training.passed.has(resource.id))]);
    if (relevant === 'NO') return undefined;
    const bounded = isPresent(resource.at('PermissionsBoundary'));
    return judged(bounded === 'NO' && relevant === 'UNKNOWN' ? 'UNKNOWN' : bounded, 'the role has no boundary', 'PermissionsBoundary');
  },
};

/** What the templates say of training as a whole, found once: whether a boundary guards it, and the roles that launchers pass to jobs. */
interface Training {
  readonly isBounded: boolean;
  /** Ids of resources. */
  readonly passed: ReadonlySet<string>;
}

const found = new WeakMap<JudgedApp, Training>();

function trainingOf(app: JudgedApp): Training {
  let training = found.get(app);
  if (training === undefined) {
    const isBounded = app.ofTypes('AWS::IAM::ManagedPolicy').some((policy) => isBoundary(policy) && isTrainingGuard(app, policy));
    found.set(app, (training = { isBounded, passed: isBounded ? passedByLaunchers(app) : new Set() }));
  }
  return training;
}

function may(app: JudgedApp, role: Resource, action: string): Answer {
  const allows = app.statementsOfHolder(role).filter(({ statement }) => statement.effect === 'Allow' && !isForEveryAction(statement));
  return any(allows.map(({ statement }) => coversAction(statement, action)));
}

function passedByLaunchers(app: JudgedApp): ReadonlySet<string> {
  const parts = app
    .ofTypes('AWS::IAM::Role')
    .filter((one) => may(app, one, CREATE_TRAINING) !== 'NO')
    .flatMap((launcher) => app.statementsOfHolder(launcher))
    .filter(({ statement }) => statement.effect === 'Allow' && coversAction(statement, 'iam:PassRole') !== 'NO')
    .flatMap(({ statement }) => (statement.resources?.negated === false ? statement.resources.texts : []))
    .flatMap((text) => text.parts);
  return new Set(parts.flatMap((part) => (part instanceof Unknown && part.origin !== undefined ? [part.origin.resource] : [])));
}
