import type { PolicyStatement, Resource } from '../../template';
import type { Answer } from '../answer';
import { all, any, answer } from '../answer';
import { stepsCalling } from '../definitions/definition';
import { isForEveryAction } from '../grant';
import type { JudgedApp } from '../judged-app';
import type { Judgement } from '../judgement';
import { judged, undetermined } from '../judgement';
import { isOpen } from '../resource-breadth';
import type { Rule } from '../rule';
import { coversAction, demands, demandsLike, sparesPrincipals, testsOn } from '../statement-match';
import { CREATE_TRAINING, allowsNoLongJob, allowsNoShell, allowsNoWarmPool, deniesAbsent, deniesLongJob, deniesShell, deniesUnlessTrue, deniesWarmPool, isAbsent } from './job-condition';
import { demandsPresence } from './presence-demand';
import { demandsVolumeKey, namesOfKey } from './volume-key-demand';

const TYPES = 'sagemaker:InstanceTypes';
const VOLUME = namesOfKey('sagemaker:VolumeKmsKeyArn');
const OUTPUT = namesOfKey('sagemaker:OutputKmsKeyArn');
const PASS = 'iam:PassRole';

/** What a guard must close, and how. */
interface Gap {
  readonly path: string;
  readonly message: string;
  readonly actions: readonly string[];
  /** Whether it is asked for. @default - always */
  readonly asked?: (app: JudgedApp) => boolean;
  /** Whether a Deny that covers the action closes it. */
  readonly denied: (deny: PolicyStatement) => Answer;
  /** Whether an Allow that covers the action leaves it closed. */
  readonly allowed: (allow: PolicyStatement) => Answer;
}

const never = (): Answer => 'NO';
const spokenOf = ({ presence, opaque }: PolicyStatement): Answer => (presence === 'MAYBE' || opaque.length > 0 ? 'UNKNOWN' : 'YES');

function ofJob(path: string, message: string, denied: Gap['denied'], allowed: Gap['allowed']): Gap {
  return { path, message: `training jobs ${message}`, actions: [CREATE_TRAINING], denied, allowed };
}

function ofOthers(path: string, message: string, ...actions: readonly string[]): Gap {
  return { path, message, actions, denied: spokenOf, allowed: never };
}

function presence(names: readonly string[]): Gap['allowed'] {
  return (allow) => any(names.flatMap((name) => [demandsPresence(allow, name), demands(allow, name)]));
}

const GAPS: readonly Gap[] = [
  ...(['sagemaker:NetworkIsolation', 'sagemaker:InterContainerTrafficEncryption'] as const).map((key) =>
    ofJob(key, `start without ${key.slice(10)}`, (deny) => deniesUnlessTrue(deny, key), (allow) => demands(allow, key)),
  ),
  ...(['sagemaker:VpcSubnets', 'sagemaker:VpcSecurityGroupIds'] as const).map((key) =>
    ofJob(key, `start without ${key.slice(10)}`, (deny) => deniesAbsent(deny, [key]), presence([key])),
  ),
  ofJob('VolumeKmsKey', 'write to disks without a key of the owner', deniesNoVolumeKey, demandsVolumeKey),
  ofJob('VolumeKmsKey.InstanceTypes', 'that name no instance type need no key for their disks', (deny) => deniesAbsent(deny, testsOn(deny, TYPES).length > 0 ? [...VOLUME, TYPES] : VOLUME), demandsVolumeKey),
  ofJob('OutputKmsKey', 'write results without a key of the owner', (deny) => deniesAbsent(deny, OUTPUT), presence(OUTPUT)),
  ofJob('EnableRemoteDebug', 'open a shell into their container', deniesShell, (allow) => answer(allowsNoShell(allow))),
  ofJob('KeepAlivePeriod', 'keep their instances', deniesWarmPool, (allow) => answer(allowsNoWarmPool(allow))),
  ofJob('MaxRuntimeInSeconds', 'run as long as they like', deniesLongJob, (allow) => answer(allowsNoLongJob(allow))),
  {
    ...ofJob('Launchers', 'are started by others than the state machine that checks them', deniesButSpared, never),
    asked: (app) => app.ofTypes('AWS::StepFunctions::StateMachine').some((machine) => stepsCalling(machine, 'sagemaker:createTrainingJob').length > 0),
  },
  ofOthers('OtherWork', 'work that no key can hold to isolation is open', 'sagemaker:CreateTransformJob', 'sagemaker:CreateAutoMLJobV2', 'sagemaker:CreateNotebookInstance', 'sagemaker:CreateDomain'),
  ofOthers('UpdateSpace', 'a space is opened for remote access later', 'sagemaker:UpdateSpace'),
  ofOthers('UpdateNotebookInstance', 'a notebook gets root access later', 'sagemaker:UpdateNotebookInstance'),
  ofOthers('UpdateDomain', 'a domain gets a way to the internet later', 'sagemaker:UpdateDomain'),
  ofOthers('Presigned', 'addresses of notebooks are handed out', 'sagemaker:CreatePresignedNotebookInstanceUrl'),
  {
    path: 'PassedToService',
    message: 'roles are passed to any service',
    actions: [PASS],
    denied: (deny) => all([spokenOf(deny), answer(testsOn(deny, 'iam:PassedToService').some(({ operator }) => operator.includes('Not')))]),
    allowed: (allow) => demandsLike(allow, /^iam:passedtoservice$/),
  },
  {
    path: 'PassedRoles',
    message: 'any role is passed',
    actions: [PASS],
    denied: (deny) => all([spokenOf(deny), answer(deny.resources?.negated === true)]),
    allowed: (allow) => (isOpen(allow, /^\*+$/) === 'NO' ? 'YES' : 'NO'),
  },
  ofOthers('GuardedRoles', 'the roles that it speaks of are changed', 'iam:PutRolePolicy'),
];

/** `AISec-IAM36`. */
export const trainingGuardComplete: Rule = {
  id: 'AISec-IAM36',
  name: 'TrainingGuardComplete',
  title: 'A policy that denies training without isolation leaves no other way open',
  severity: 'MEDIUM',
  controls: ['ML3', 'RT1', 'AA3'],
  threats: ['AML.T0025', 'AML.T0012', 'LLM06'],
  why: 'A guard is trusted as a whole: through one gap, a job without a key or a notebook with root, goes everything that it was to stop.',
  remedy: 'Deny what the finding names in the same policy, or in one beside it, also for requests that leave the parameter out.',
  example: "new training.TrainingGuard(this, 'Guard', {});",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html',
  types: ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'],
  check: ({ app, resource }): Judgement[] | undefined => {
    if (!isTrainingGuard(app, resource)) return undefined;
    const group = beside(app, resource);
    if (group.find((policy) => isTrainingGuard(app, policy)) !== resource) return undefined;
    const said = group.flatMap((policy) => app.identityStatements(policy)).map(({ statement }) => statement);
    const denies = said.filter(({ effect }) => effect === 'Deny');
    const allows = said.filter(({ effect }) => effect === 'Allow');
    const unreadable = group.flatMap((policy) => app.unreadableIdentity(policy));
    return GAPS.filter(({ asked }) => asked?.(app) !== false).map((gap) => {
      const closed = all(gap.actions.map((action) => isClosed(gap, action, denies, allows)));
      if (closed === 'NO' && unreadable.length > 0) return undetermined(`the policy cannot be read: ${unreadable[0].reason}`, gap.path);
      return judged(closed, gap.message, gap.path);
    });
  },
};

/** Whether a policy denies training jobs by at least two of their keys. */
export function isTrainingGuard(app: JudgedApp, policy: Resource): boolean {
  const byKey = app
    .identityStatements(policy)
    .filter(({ statement }) => statement.effect === 'Deny' && statement.conditions.some(({ foldedKey }) => foldedKey.startsWith('sagemaker:')))
    .filter(({ statement }) => coversAction(statement, CREATE_TRAINING) === 'YES');
  return byKey.length >= 2;
}

/** Whether a policy bounds what a role of the templates may do at most. */
export function isBoundary(policy: Resource): boolean {
  return policy.incoming.some(({ path }) => path === 'Properties.PermissionsBoundary');
}

/** The policies that are attached together with one that only denies: a policy holds no more than 6144 characters. */
function beside(app: JudgedApp, policy: Resource): readonly Resource[] {
  const alone = (one: Resource): boolean => isBoundary(one) || app.identityStatements(one).some(({ statement }) => statement.effect === 'Allow');
  if (alone(policy)) return [policy];
  const holders = holdersIn(app, policy);
  return app.ofTypes(policy.type).filter((other) => other.stack === policy.stack && !alone(other) && holdersIn(app, other) === holders);
}

function holdersIn(app: JudgedApp, policy: Resource): string {
  return app
    .holdersOf(policy)
    .map(({ id }) => id)
    .sort()
    .join();
}

function isClosed(gap: Gap, action: string, denies: readonly PolicyStatement[], allows: readonly PolicyStatement[]): Answer {
  const denied = any(denies.map((deny) => all([coversAction(deny, action), gap.denied(deny)])));
  if (denied === 'YES' || allows.length === 0) return denied;
  const left = all(
    allows.map((allow) => {
      const covers = coversAction(allow, action);
      if (covers === 'NO') return 'YES';
      return isForEveryAction(allow) && !allow.actions.negated ? 'NO' : gap.allowed(allow);
    }),
  );
  return any([denied, left]);
}

/** A job without a key for its disks is met, but for instances that encrypt their local disks themselves. */
function deniesNoVolumeKey(deny: PolicyStatement): Answer {
  const types = testsOn(deny, TYPES).filter(({ operator }) => operator.includes('Not'));
  const tests = testsOn(deny, ...VOLUME);
  if (!tests.some(isAbsent)) return deny.opaque.length > 0 ? 'UNKNOWN' : 'NO';
  return all([spokenOf(deny), answer(deny.conditions.every((test) => types.includes(test) || (tests.includes(test) && isAbsent(test)) || /^aws:principal/.test(test.foldedKey)))]);
}

/** A Deny for everybody but named principals. */
function deniesButSpared(deny: PolicyStatement): Answer {
  return all([spokenOf(deny), answer(deny.conditions.length > 0 && deny.conditions.every(sparesPrincipals))]);
}
