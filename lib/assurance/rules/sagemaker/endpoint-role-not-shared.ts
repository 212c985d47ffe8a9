import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM55`. */
export const endpointRoleNotShared: Rule = {
  id: 'AISec-SM55',
  name: 'EndpointRoleNotShared',
  title: 'Models, jobs and notebooks do not share one role',
  severity: 'MEDIUM',
  controls: ['P1', 'AA3'],
  threats: ['AML.T0012'],
  why: 'A notebook that holds the role of the endpoint reads what the endpoint reads, and an exploited container may train and register.',
  remedy: 'Give every model, pipeline, notebook and domain a role of its own.',
  example: "new iam.Role(this, 'InferenceRole', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html',
  types: ['AWS::IAM::Role'],
  check: ({ resource }) => {
    const users = resource.incoming.filter(({ kind, from }) => kind !== 'DependsOn' && KINDS.has(from.type)).map(({ from }) => from);
    const kinds = new Set(users.map(({ type }) => KINDS.get(type)));
    if (kinds.size === 0) return undefined;
    const sure = new Set(users.filter(({ presence }) => presence === 'YES').map(({ type }) => KINDS.get(type)));
    const message = `one role serves ${[...kinds].sort().join(' and ')}`;
    if (kinds.size < 2) return COMPLIANT;
    return sure.size < 2 ? undetermined(`decided at deploy time: ${message}`) : violated(message);
  },
};

const KINDS: ReadonlyMap<string, string> = new Map([
  ['AWS::SageMaker::Model', 'models'],
  ['AWS::SageMaker::EndpointConfig', 'models'],
  ['AWS::SageMaker::NotebookInstance', 'notebooks'],
  ['AWS::SageMaker::Domain', 'notebooks'],
  ['AWS::SageMaker::UserProfile', 'notebooks'],
  ['AWS::SageMaker::Pipeline', 'pipelines'],
  ['AWS::SageMaker::ProcessingJob', 'pipelines'],
]);
