import type { PolicyStatement } from '../../template';
import { all, any } from '../answer';
import { IDENTITY_POLICY_TYPES, deniedUnless, judgeGrants } from '../grant';
import type { Rule } from '../rule';
import { coversAction, demands } from '../statement-match';
import type { Subject } from '../subject';
import { BOOLEAN_GUARDS, JOB_GUARDS } from './ai-actions';
import { demandsPresence } from './presence-demand';
import { demandsVolumeKey, namesOfKey } from './volume-key-demand';

const VOLUME_KEY = 'sagemaker:VolumeKmsKeyArn';

/** `AISec-IAM02`. */
export const createJobGuarded: Rule = {
  id: 'AISec-IAM02',
  name: 'CreateJobGuarded',
  title: 'Whoever may start jobs and models may do so only isolated, inside the network and with keys of the owner',
  severity: 'CRITICAL',
  controls: ['ML3', 'RT1', 'DP2b'],
  threats: ['AML.T0025', 'AML.T0010.003', 'LLM03'],
  why: 'Jobs are started at run time, where no template is judged: a stolen role starts a training job with open network and takes the data out.',
  remedy:
    'Add the conditions sagemaker:NetworkIsolation, InterContainerTrafficEncryption, VpcSubnets, VolumeKmsKeyArn and OutputKmsKeyArn to the Allow, or a Deny that also meets requests without them.',
  example:
    "new iam.PolicyStatement({ actions: ['sagemaker:CreateModel'], resources: [modelArn], conditions: { Bool: { 'sagemaker:NetworkIsolation': 'true' }, 'ForAnyValue:StringEquals': { 'sagemaker:VpcSubnets': subnetIds } } });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => {
    const actions = Object.keys(JOB_GUARDS);
    return judgeGrants(policy, actions, (statement) => guarded(policy, statement), 'may start jobs or models without isolation, network or key');
  },
};

function guarded(policy: Subject, statement: PolicyStatement) {
  const wanted = Object.entries(JOB_GUARDS).filter(([action]) => coversAction(statement, action) !== 'NO');
  return all(
    wanted.flatMap(([action, keys]) =>
      keys.map((key) =>
        any([
          ...namesOfKey(key).flatMap((name) => [
            demands(statement, name),
            BOOLEAN_GUARDS.includes(name) ? 'NO' : demandsPresence(statement, name),
            deniedUnless(policy, statement, [action], name),
          ]),
          key === VOLUME_KEY ? demandsVolumeKey(statement) : 'NO',
        ]),
      ),
    ),
  );
}
