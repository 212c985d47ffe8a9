import type { Resource } from '../../template';
import { listOf } from '../../template';
import { isOneOf, isTrue } from '../answer';
import type { JudgedApp } from '../judged-app';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { ModelFront } from './model-front';

/** `AISec-API08`. */
export const poolAsksTwice: Rule = {
  id: 'AISec-API08',
  name: 'PoolAsksTwice',
  title: 'People who use a model sign in with a second factor',
  severity: 'HIGH',
  controls: ['AA1'],
  threats: ['AML.T0012', 'LLM10'],
  why: 'A password from another leak is enough to use the model and to read what the assistant knows about the person.',
  remedy: 'Set MfaConfiguration to ON.',
  example: "new cognito.UserPool(this, 'Users', { mfa: cognito.Mfa.REQUIRED, mfaSecondFactor: { sms: false, otp: true } });",
  source: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html',
  types: ['AWS::Cognito::UserPool'],
  check: ({ app, resource }) => {
    if (!isBeforeModel(app, resource) || !hasOwnPasswords(app, resource)) return undefined;
    return judged(isOneOf('ON')(resource.at('MfaConfiguration')), 'a password is enough', 'MfaConfiguration');
  },
};

/** `AISec-API09`. */
export const poolAdmitsUsers: Rule = {
  id: 'AISec-API09',
  name: 'PoolAdmitsUsers',
  title: 'Nobody admits himself to a model',
  severity: 'MEDIUM',
  controls: ['AA1', 'MI1'],
  threats: ['AML.T0040', 'AML.T0034', 'LLM10'],
  why: 'Whoever makes an account for himself, or a thousand, passes each limit that counts by user.',
  remedy: 'Set AllowAdminCreateUserOnly to true.',
  example: "new cognito.UserPool(this, 'Users', { selfSignUpEnabled: false });",
  source: 'https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html',
  types: ['AWS::Cognito::UserPool'],
  check: ({ app, resource }) => {
    if (!isBeforeModel(app, resource) || !hasOwnPasswords(app, resource)) return undefined;
    const path = 'AdminCreateUserConfig.AllowAdminCreateUserOnly';
    return judged(isTrue(resource.at(path)), 'anybody may make an account for himself', path);
  },
};

/** Whether an authorizer of an API before a model takes tokens of the pool. */
function isBeforeModel(app: JudgedApp, pool: Resource): boolean {
  const front = ModelFront.of(app);
  const authorizers = new Set(pool.incoming.filter(({ from }) => from.type === 'AWS::ApiGateway::Authorizer').map(({ from }) => from));
  return front.methods.some((method) => method.edgesAt('AuthorizerId').some(({ to }) => authorizers.has(to)));
}

/** A pool whose clients are machines, or that sends every user to another provider, asks no person for a password. */
function hasOwnPasswords(app: JudgedApp, pool: Resource): boolean {
  const clients = app.ofTypes('AWS::Cognito::UserPoolClient').filter((client) => app.named(client.at('UserPoolId')) === pool);
  return clients.length === 0 || clients.some((client) => !isMachine(client) && !isElsewhere(client));
}

function isMachine(client: Resource): boolean {
  const flows = listOf(client.at('AllowedOAuthFlows'));
  return flows.length > 0 && flows.every((flow) => flow === 'client_credentials');
}

function isElsewhere(client: Resource): boolean {
  const providers = listOf(client.at('SupportedIdentityProviders'));
  return providers.length > 0 && !providers.includes('COGNITO');
}
