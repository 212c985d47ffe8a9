import type { Value } from '../../template';
import { Unknown, textParts } from '../../template';
import type { Judgement } from '../judgement';
import { COMPLIANT, violated } from '../judgement';
import { textsIn } from '../places';
import type { Rule } from '../rule';
import { judgeMap, nameOf } from '../secrets/literal-secrets';
import { secretName } from '../secrets/secret-names';

/** `AISec-AC03`. */
export const noSecretInEnvironment: Rule = {
  id: 'AISec-AC03',
  name: 'NoSecretInEnvironment',
  title: 'The environment of an agent holds no secret',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0083', 'AML.T0055', 'LLM07'],
  why: 'A prompt asks the agent to print its environment, and the template with the same value lies in the repository.',
  remedy: 'Keep the secret in Secrets Manager or a credential provider and give the environment its ARN.',
  example: "environmentVariables: { CRM_SECRET_ARN: secret.secretArn }",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/identity.html',
  types: ['AWS::BedrockAgentCore::Runtime', 'AWS::BedrockAgentCore::Harness'],
  check: (runtime) => {
    const variables = runtime.at(VARIABLES);
    const resolved = textsIn(variables, VARIABLES).flatMap(({ path, value }) => judgeResolved(value, path));
    return [COMPLIANT, ...judgeMap(variables, VARIABLES), ...resolved];
  },
};

const VARIABLES = 'EnvironmentVariables';

/** What is resolved at deploy time stands in no template; but the agent, and everybody who may read the runtime, has it in plain text. */
function judgeResolved(value: Value, path: string): Judgement[] {
  const resolved = textParts(value)?.some((part) => part instanceof Unknown && part.kind === 'DYNAMIC_REFERENCE') ?? false;
  if (!resolved || secretName(nameOf(path)) === undefined) return [];
  return [violated('the secret is written into the environment at deploy time, where everybody who may read the runtime sees it', path)];
}
