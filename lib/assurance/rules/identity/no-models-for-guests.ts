import { all, answer, any, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { testsOn } from '../statement-match';
import { maySpeakToModels } from './ai-principal';

/** `AISec-IAM13`. */
export const noModelsForGuests: Rule = {
  id: 'AISec-IAM13',
  name: 'NoModelsForGuests',
  title: 'Guests of an identity pool may not use models',
  severity: 'CRITICAL',
  controls: ['AA1', 'MI1'],
  threats: ['AML.T0040', 'AML.T0034', 'LLM10'],
  why: 'Anybody with the id of the pool, which stands in the web page, gets credentials and uses the models at the cost of the owner.',
  remedy: 'Give model actions to the role of authenticated users only.',
  example:
    "new iam.WebIdentityPrincipal('cognito-identity.amazonaws.com', { 'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' } });",
  source: 'https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html',
  types: ['AWS::IAM::Role'],
  check: ({ app, resource }) => {
    const allows = app.statementsAt(resource, 'AssumeRolePolicyDocument').filter(({ statement }) => statement.effect === 'Allow');
    const tests = allows.flatMap(({ statement }) => testsOn(statement, 'cognito-identity.amazonaws.com:amr'));
    if (tests.length === 0) return undefined;
    const guests = tests.some(({ values }) => values.some(({ parts }) => parts.join('') === 'unauthenticated'));
    return judged(not(all([answer(guests), any([maySpeakToModels(app, resource)])])), 'guests without sign-in may use models');
  },
};
