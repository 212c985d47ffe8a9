import type { Value } from '../../template';
import { Text, Unknown, isDict, textParts } from '../../template';
import type { Judgement } from '../judgement';
import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';

/** Forms of keys that are secret whatever their name is. */
const SECRET = /\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bsk-[A-Za-z0-9_-]{20,}|\bgh[pousr]_[A-Za-z0-9]{30,}|\bABSK[A-Za-z0-9+/=]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY|\bxox[abp]-[A-Za-z0-9-]{10,}/;
/** Names such as `MAX_TOKENS`, which say how many tokens of a model are meant. */
const COUNTS = /(^|_)(max|min|limit|count|num|budget|per)(_|$)/i;
/** Nothing, a number, a switch, an ARN, an address, or the path of a secret in its store. */
const NO_SECRET = /^$|^[\d.]+$|^(true|false)$|^arn:|^https?:|^\/?[\w-]+(\/[\w-]+)+$/;
const SECRET_NAME = /(password|passwd|secret|api_?key|access_?key|private_?key|token|credential)s?$/i;

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
    const variables = runtime.at('EnvironmentVariables');
    if (variables instanceof Unknown) return undetermined(`the environment cannot be read: ${variables.reason}`, 'EnvironmentVariables');
    if (!isDict(variables)) return COMPLIANT;
    return [COMPLIANT, ...Object.entries(variables).flatMap(([name, value]) => judgeVariable(name, value))];
  },
};

function judgeVariable(name: string, value: Value): Judgement[] {
  const path = `EnvironmentVariables.${name}`;
  const known = textParts(value)?.map((part) => (part instanceof Unknown ? '~' : part)).join('') ?? '';
  if (SECRET.test(known)) return [violated('the value has the form of a key', path)];
  if (!SECRET_NAME.test(name) || COUNTS.test(name)) return [];
  if (typeof value === 'string') return NO_SECRET.test(value) ? [] : [violated('the name says secret, and the value is in the template', path)];
  // A reference to a secret's ARN is how it should be; a parameter or the secret itself is not decided here.
  const parts = value instanceof Text ? value.parts : [value];
  const given = parts.some((part) => part instanceof Unknown && part.kind === 'PARAMETER');
  const resolved = parts.some((part) => part instanceof Unknown && part.kind === 'DYNAMIC_REFERENCE');
  if (resolved) return [violated('the secret is written into the environment at deploy time, where everybody who may read the runtime sees it', path)];
  return given ? [undetermined('whether the parameter holds a secret is not known', path)] : [];
}
