import { AI_SERVICES } from '../ai-workload';
import type { Judgement } from '../judgement';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';

/** Keys that tie a service to the account or resource that it acts for. */
export const SOURCE_KEYS = /^aws:source(account|arn|orgid|orgpaths)$/;

/** `AISec-IAM06`. */
export const serviceTrustBound: Rule = {
  id: 'AISec-IAM06',
  name: 'ServiceTrustBound',
  title: 'A role of an AI service is assumed only for resources of its own account',
  severity: 'HIGH',
  controls: ['AA2', 'AA3'],
  threats: ['AML.T0012', 'LLM06'],
  why: 'The service acts for many customers: without a source condition another account can have it use this role (the confused deputy).',
  remedy: 'Add aws:SourceAccount, and aws:SourceArn where the resource is known, to the trust policy.',
  example:
    "new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': this.account } } }) });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html',
  types: ['AWS::IAM::Role'],
  check: ({ app, resource }) => {
    // The roles of Bedrock agents are judged by AISec-BR12.
    if (resource.incoming.some(({ path }) => path === 'Properties.AgentResourceRoleArn')) return undefined;
    return app.statementsAt(resource, 'AssumeRolePolicyDocument').flatMap(({ path, statement }): Judgement[] => {
      if (statement.effect !== 'Allow') return [];
      const services = (statement.principals?.principals ?? []).map(({ parts }) => parts.join('')).filter((name) => AI_SERVICES.includes(name));
      if (services.length === 0) return [];
      return [
        judged(
          demandsLike(statement, SOURCE_KEYS),
          `${services.join(', ')} may assume the role for resources of any account`,
          `${path}.Statement.${statement.index}`,
        ),
      ];
    });
  },
};
