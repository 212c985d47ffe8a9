import type { Judgement } from '../judgement';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { coversAction, demandsLike } from '../statement-match';
import { isAiPrincipal } from './ai-principal';

/** `AISec-IAM21`. */
export const federatedTrustNamesSubject: Rule = {
  id: 'AISec-IAM21',
  name: 'FederatedTrustNamesSubject',
  title: 'A role for builds or clusters outside of AWS names the repository or account that may assume it',
  severity: 'HIGH',
  controls: ['AA1', 'RT6'],
  threats: ['AML.T0010', 'AML.T0012', 'LLM03'],
  why: 'The issuer signs tokens for everybody who uses it: without a test on the subject, a build of a stranger deploys models here.',
  remedy: 'Test the sub claim of the token for the repository and branch, beside the audience.',
  example:
    "new iam.OpenIdConnectPrincipal(provider, { StringEquals: { 'token.actions.githubusercontent.com:sub': 'repo:acme/fraud-model:ref:refs/heads/main' } });",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html',
  types: ['AWS::IAM::Role'],
  check: ({ app, resource }) => {
    if (isAiPrincipal(app, resource) !== 'YES') return undefined;
    return app.statementsAt(resource, 'AssumeRolePolicyDocument').flatMap(({ path, statement }): Judgement[] => {
      const federated = (statement.principals?.principals ?? []).filter(({ kind }) => kind === 'Federated');
      if (statement.effect !== 'Allow' || federated.length === 0 || coversAction(statement, 'sts:AssumeRoleWithWebIdentity') === 'NO') return [];
      // An identity pool signs for its own users: the pool is named by the audience.
      const pool = federated.every(({ parts }) => /^(cognito-identity|www|graph|accounts)\./.test(parts.join('')));
      const claim = pool ? /:(aud|sub)$/ : /:(sub|repository|repository_owner|repository_id|job_workflow_ref|project_path)$/;
      return [judged(demandsLike(statement, claim), 'every token of the issuer is enough to assume the role', `${path}.Statement.${statement.index}`)];
    });
  },
};
