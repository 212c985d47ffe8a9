import type { Resource } from '../../template';
import type { Judgement } from '../judgement';
import { undetermined } from '../judgement';
import type { Rule } from '../rule';
import { ANY_TYPE } from '../rule';
import type { Item } from '../subject';
import { judgeKnownKey, plainTexts } from './known-keys';
import { secretName } from './secret-names';

/** `AISec-SE15`. */
export const keyInOutput: Rule = {
  id: 'AISec-SE15',
  name: 'KeyInOutput',
  title: 'No key of a known issuer stands in the outputs of a stack',
  severity: 'CRITICAL',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'Outputs are shown to everybody who may describe the stack, and exports to the whole account: NoEcho hides nothing there.',
  remedy: 'Take the value out, revoke the key, and output the name of the secret that holds the new one.',
  example: "new CfnOutput(this, 'TokenName', { value: secret.secretName });",
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html',
  types: [ANY_TYPE],
  scope: 'STACK',
  check: ({ resource }) =>
    [...resource.stack.rawOutputs].flatMap(([name, output]) =>
      plainTexts(output.Value, `Outputs.${name}`).flatMap((item) => judgeOutput(name, item, resource)),
    ),
};

function judgeOutput(name: string, { path, value }: Item, { stack }: Resource): Judgement[] {
  if (typeof value !== 'string' || !path.endsWith('.Ref') || !stack.hasParameter(value)) return judgeKnownKey(value, path);
  if (secretName(name) === undefined && secretName(value) === undefined) return [];
  return [undetermined(`the output '${name}' shows parameter '${value}', and whether that is a secret is not known`, path)];
}
