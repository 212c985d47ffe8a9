import type { PolicyStatement } from '../../template';
import type { Answer } from '../answer';
import type { Judgement } from '../judgement';
import { ofAiApp } from '../of-ai-app';
import { isForService, judgeAllows, SOURCE } from '../resource-policy';
import type { Rule } from '../rule';
import { demandsLike, isForAnybody } from '../statement-match';
import type { Subject } from '../subject';
import { isAiPrincipal } from './ai-principal';

const TRUST = 'AssumeRolePolicyDocument';
/** Services that send aws:SourceAccount and aws:SourceArn when they assume a role. AWS Lambda and EC2, among others, do not. */
const SEND_SOURCE = /^(states|events|scheduler|pipes|vpc-flow-logs|glue|codebuild|logs)(\..+)?$/;

/** `AISec-IAM22`. */
export const appRoleTrustsNobodyElse: Rule = {
  id: 'AISec-IAM22',
  name: 'AppRoleTrustsNobodyElse',
  title: 'Every role of an app with an AI workload says who may assume it, and not only on whose behalf',
  severity: 'HIGH',
  controls: ['AA1', 'AA3'],
  threats: ['AML.T0012', 'AML.CS0030'],
  why: 'Roles that scan, copy and launch hold the same data as those that act for a model: a star lets every account in, and with a source condition every service.',
  remedy: 'Name the service, account or role in Principal, or demand aws:PrincipalOrgID.',
  example: "new iam.Role(this, 'Scanner', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html',
  types: ['AWS::IAM::Role'],
  check: ofAiApp((role) => {
    // A statement without any bound AISec-IAM07 finds at a role that acts for a model.
    const foundElsewhere = isAiPrincipal(role.app, role.resource) !== 'NO';
    const concerns = (statement: PolicyStatement): boolean => isForAnybody(statement) && !(foundElsewhere && demandsLike(statement, SOURCE) === 'NO');
    const bound = (statement: PolicyStatement): Answer => demandsLike(statement, /^(aws:principal(orgid|orgpaths|arn|account)|sts:externalid)$/);
    return ofTrust(role, concerns, bound, 'anybody may assume the role');
  }),
};

/** `AISec-IAM23`. */
export const appServiceTrustBound: Rule = {
  id: 'AISec-IAM23',
  name: 'AppServiceTrustBound',
  title: 'A role of an app with an AI workload is assumed by its service for the own account only',
  severity: 'LOW',
  controls: ['AA2', 'AA3'],
  threats: ['AML.T0012'],
  why: 'The service acts for many customers: without a source condition another account may have it use this role (the confused deputy).',
  remedy: 'Add aws:SourceAccount, and aws:SourceArn where the resource is known, to the trust policy.',
  example:
    "new iam.Role(this, 'Launcher', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': this.account } } }) });",
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html',
  types: ['AWS::IAM::Role'],
  check: ofAiApp((role) => ofTrust(role, isForSender, (statement) => demandsLike(statement, SOURCE), 'the service may assume the role for any account')),
};

function ofTrust(
  { app, resource }: Subject,
  concerns: (statement: PolicyStatement) => boolean,
  isRight: (statement: PolicyStatement) => Answer,
  message: string,
): Judgement[] {
  return judgeAllows({ sites: app.statementsAt(resource, TRUST), unreadable: app.unreadable(resource, TRUST) }, concerns, isRight, message);
}

function isForSender(statement: PolicyStatement): boolean {
  if (!isForService(statement)) return false;
  return (statement.principals?.principals ?? []).some(({ parts }) => SEND_SOURCE.test(parts.join('').replace(/\.amazonaws\.com.*$/, '')));
}
