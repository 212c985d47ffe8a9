import { COMPLIANT, judged, undetermined } from '../judgement';
import type { Rule } from '../rule';
import { demands, isForAnybody } from '../statement-match';

/** `AISec-SM28`. */
export const packageGroupPerimeter: Rule = {
  id: 'AISec-SM28',
  name: 'PackageGroupPerimeter',
  title: 'The policy of a model package group names who may read it',
  severity: 'HIGH',
  controls: ['MI1'],
  threats: ['AML.T0044', 'AML.T0048.004'],
  why: 'A policy for everybody lets any account list the versions and deploy the model.',
  remedy: 'Name the accounts, or bind the statement with aws:PrincipalOrgID.',
  example:
    "modelPackageGroupPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: consumer }, " +
    'Action, Resource }] }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-deploy-xaccount.html',
  types: ['AWS::SageMaker::ModelPackageGroup'],
  check: ({ resource, app }) => {
    const path = 'ModelPackageGroupPolicy';
    if (resource.at(path) === undefined) return undefined;
    const unreadable = app.unreadable(resource, path).map(({ reason }) => undetermined(reason, path));
    const judgements = app
      .statementsAt(resource, path)
      .filter(({ statement }) => statement.effect === 'Allow' && isForAnybody(statement))
      .map(({ statement }) => judged(demands(statement, ...BOUNDS), 'every account may use the package group', path));
    return [COMPLIANT, ...unreadable, ...judgements];
  },
};

const BOUNDS: readonly string[] = [
  'aws:PrincipalOrgID',
  'aws:PrincipalOrgPaths',
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:SourceVpce',
];
