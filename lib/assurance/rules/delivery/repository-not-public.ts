import { COMPLIANT, judged, undetermined } from '../judgement';
import type { Rule } from '../rule';
import { demands, isForAnybody } from '../statement-match';

/** `AISec-CI05`. */
export const repositoryNotPublic: Rule = {
  id: 'AISec-CI05',
  name: 'RepositoryNotPublic',
  title: 'The policy of an image repository names who may push and pull',
  severity: 'HIGH',
  controls: ['SC3', 'MI1'],
  threats: ['AML.T0010.004', 'AML.T0048.004'],
  why: 'A policy for everybody lets any account replace the image of the model server, or take the weights that are baked into it.',
  remedy: 'Name the accounts, or bind the statement with aws:PrincipalOrgID.',
  example: "repository.grantPull(new iam.AccountPrincipal('222222222222'));",
  source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html',
  types: ['AWS::ECR::Repository'],
  check: ({ resource, app }) => {
    const path = 'RepositoryPolicyText';
    if (resource.at(path) === undefined) return undefined;
    return [
      COMPLIANT,
      ...app.unreadable(resource, path).map(({ reason }) => undetermined(reason, path)),
      ...app
        .statementsAt(resource, path)
        .filter(({ statement }) => statement.effect === 'Allow' && isForAnybody(statement))
        .map(({ statement }) => judged(demands(statement, ...BOUNDS), 'every account may use the repository', path)),
    ];
  },
};

const BOUNDS: readonly string[] = [
  ...['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths', 'aws:PrincipalAccount', 'aws:PrincipalArn', 'aws:SourceVpce'],
  ...['aws:SourceAccount', 'aws:SourceArn'],
];
