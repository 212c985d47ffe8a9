import type { Value } from '../../template';
import { Unknown, textParts } from '../../template';
import type { Judgement } from '../judgement';
import { COMPLIANT, undetermined, violated } from '../judgement';
import { textsIn } from '../places';
import type { Rule } from '../rule';
import { ANY_TYPE } from '../rule';
import type { Item } from '../subject';
import { knownKeyIn } from './key-formats';
import { nameOf } from './literal-secrets';
import { secretName } from './secret-names';

/** `AISec-SE12`. */
export const keyAnywhere: Rule = {
  id: 'AISec-SE12',
  name: 'KeyAnywhere',
  title: 'No key of a known issuer stands anywhere in a template',
  severity: 'CRITICAL',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'Keys with the mark of their issuer are found by scanners within minutes after a repository or a bucket opens, and used at once.',
  remedy: 'Revoke the key, put a new one into Secrets Manager, and refer to it by its name.',
  example: "'{{resolve:secretsmanager:hub-token:SecretString:token}}'",
  source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html',
  types: [ANY_TYPE],
  check: ({ resource }) => {
    const own = [...textsIn(resource.properties), ...plainTexts(resource.raw.Metadata, 'Metadata')];
    const first = resource.stack.resources.values().next().value === resource;
    const outputs = first ? [...resource.stack.rawOutputs].flatMap(([name, output]) => plainTexts(output.Value, `Outputs.${name}`)) : [];
    // What a custom resource is given reaches the log of its function.
    const custom = /^Custom::|::CustomResource$/.test(resource.type);
    return [...own, ...outputs].flatMap(({ path, value }) => judgeText(value, path, custom));
  },
};

function judgeText(value: Value, path: string, custom: boolean): Judgement[] {
  const texts = (textParts(value) ?? []).filter((part) => typeof part === 'string');
  const found = texts.map(knownKeyIn).find((kind) => kind !== undefined);
  if (found !== undefined) return [violated(`${found} stands in the template`, path)];
  if (custom && value instanceof Unknown && value.kind === 'PARAMETER' && secretName(nameOf(path)) !== undefined) {
    return [undetermined(`a key may be given at deploy time: ${value.reason}`, path)];
  }
  return texts.length > 0 ? [COMPLIANT] : [];
}

/** Texts of what the model does not evaluate. */
function plainTexts(raw: unknown, path: string, depth = 0): Item[] {
  if (typeof raw === 'string') return [{ path, value: raw }];
  if (typeof raw !== 'object' || raw === null || depth > 50) return [];
  return Object.entries(raw).flatMap(([key, item]) => plainTexts(item, `${path}.${key}`, depth + 1));
}
