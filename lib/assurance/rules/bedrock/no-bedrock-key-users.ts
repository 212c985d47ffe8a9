import type { PolicyStatement } from '../../template';
import type { Answer } from '../answer';
import { all, any, answer, not } from '../answer';
import { IDENTITY_POLICY_TYPES, judgeGrants } from '../grant';
import type { Rule } from '../rule';
import { coversAction, demands, testsOn } from '../statement-match';

const BEARER = 'bedrock:CallWithBearerToken';
const MAKE_KEY = 'iam:CreateServiceSpecificCredential';

/** `AISec-BR08`. */
export const noBedrockKeyUsers: Rule = {
  id: 'AISec-BR08',
  name: 'NoBedrockKeyUsers',
  title: 'Nobody may make or use long-term keys of Bedrock',
  severity: 'HIGH',
  controls: ['AA2', 'AA5'],
  threats: ['AML.T0012', 'AML.T0055', 'AML.CS0030'],
  why: 'A bearer key works from anywhere, without signature and for months: one line in a repository is enough to use the models.',
  remedy: 'Take the actions out, or allow short-term tokens only by bedrock:BearerTokenType.',
  example:
    "new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['bedrock:CallWithBearerToken'], resources: ['*'], conditions: { StringEquals: { 'bedrock:BearerTokenType': 'LONG_TERM' } } });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-permissions.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) =>
    judgeGrants(policy, [BEARER, MAKE_KEY], (statement) => any([all([shortTerm(statement), otherServices(statement)]), deniedForLongTerm(policy.app.identityStatements(policy.resource).map((site) => site.statement), statement)]), 'may make or use long-term keys of Bedrock'),
};

function shortTerm(statement: PolicyStatement): Answer {
  return any([not(coversAction(statement, BEARER)), demandsOnly(statement, 'bedrock:BearerTokenType', (value) => value === 'SHORT_TERM')]);
}

function otherServices(statement: PolicyStatement): Answer {
  const isOther = (value: string) => !value.includes('*') && !value.startsWith('bedrock');
  return any([not(coversAction(statement, MAKE_KEY)), demandsOnly(statement, 'iam:ServiceSpecificCredentialServiceName', isOther)]);
}

function demandsOnly(statement: PolicyStatement, key: string, allowed: (value: string) => boolean): Answer {
  if (statement.opaque.length > 0) return 'UNKNOWN';
  return all([demands(statement, key), answer(testsOn(statement, key).some(({ values }) => values.every(({ parts }) => allowed(parts.join('')))))]);
}

/** A Deny of both actions in the same policy: of the whole action, or of its long-term use. */
function deniedForLongTerm(statements: readonly PolicyStatement[], allow: PolicyStatement): Answer {
  const denies = statements.filter(({ effect, presence, conditions }) => {
    const narrowed = conditions.some(({ foldedKey }) => !/^(bedrock:bearertokentype|iam:servicespecificcredentialservicename)$/.test(foldedKey));
    return effect === 'Deny' && presence === 'YES' && !narrowed;
  });
  return all([BEARER, MAKE_KEY].filter((action) => coversAction(allow, action) !== 'NO').map((action) => any(denies.map((deny) => coversAction(deny, action)))));
}
