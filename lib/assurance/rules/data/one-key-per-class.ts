import type { Resource } from '../../template';
import { AiWorkload } from '../ai-workload';
import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-DP06`. */
export const oneKeyPerClass: Rule = {
  id: 'AISec-DP06',
  name: 'OneKeyPerClass',
  title: 'Logs, data and models have keys of their own',
  severity: 'LOW',
  controls: ['DP3'],
  threats: ['AML.T0035'],
  why: 'Whoever may decrypt the log of a job may decrypt the training data as well, and one deleted key takes everything with it.',
  remedy: 'Make a key for each class: data, models and endpoints, logs.',
  example: "const logKey = new kms.Key(this, 'LogKey', { enableKeyRotation: true }); const dataKey = new kms.Key(this, 'DataKey', { enableKeyRotation: true });",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/best-practices.html',
  types: ['AWS::KMS::Key'],
  check: ({ app, resource }) => {
    const workload = AiWorkload.of(app);
    if (!workload.isKey(resource)) return undefined;
    const users = resource.incoming.filter(({ kind }) => kind !== 'DependsOn').map(({ from }) => from);
    const classes = (list: readonly Resource[]) => new Set(list.flatMap((user) => classOf(user, workload) ?? []));
    const all = [...classes(users)];
    if (!all.includes('logs') || all.length < 2) return COMPLIANT;
    const sure = classes(users.filter(({ presence }) => presence === 'YES'));
    const message = `the key is used for ${all.sort().join(' and ')}`;
    return sure.has('logs') && sure.size > 1 ? violated(message) : undetermined(`${message}, if both are made`);
  },
};

function classOf(user: Resource, workload: AiWorkload): string | undefined {
  if (/^AWS::(Logs|CloudTrail)::/.test(user.type)) return 'logs';
  if (user.type === 'AWS::S3::Bucket') return workload.isBucket(user) ? 'data' : undefined;
  return workload.resources.includes(user) ? 'models' : undefined;
}
