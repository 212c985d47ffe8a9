import type { Rule } from '../rule';
import { judged, undetermined } from '../judgement';
import { any, answer, not } from '../answer';
import { attachedPolicies } from './attached-policies';
import { maySpeakToModels } from './ai-principal';
import { Subject } from '../subject';

const AI_POLICY = /:policy\/.*(Bedrock|SageMaker)/;

/** `AISec-IAM12`. */
export const noAccessKeyForModels: Rule = {
  id: 'AISec-IAM12',
  name: 'NoAccessKeyForModels',
  title: 'No user with a long-term key may use models',
  severity: 'HIGH',
  controls: ['AA1', 'AA2'],
  threats: ['AML.T0012', 'AML.T0055', 'AML.CS0030'],
  why: 'Keys from a repository or a build log are the way into nearly every case of stolen model use: they are sold and used at once.',
  remedy: 'Use a role: IAM Identity Center for people, roles of the service or IAM Roles Anywhere for machines.',
  example: "new iam.Role(this, 'Caller', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  types: ['AWS::IAM::AccessKey'],
  check: ({ app, resource }) => {
    const user = app.named(resource.at('UserName'));
    if (user?.type !== 'AWS::IAM::User') return undetermined('the user of the key is not in the templates: what it may do is not known', 'UserName');
    const attached = attachedPolicies(new Subject(user, app), AI_POLICY, 'an AI policy').some(({ verdict }) => verdict === 'VIOLATED');
    return judged(not(any([maySpeakToModels(app, user), answer(attached)])), 'a long-term key of a user that may use models or start AI workloads', 'UserName');
  },
};
