import type { Value } from '../../template';
import { Unknown } from '../../template';
import type { Judgement } from '../judgement';
import { undetermined } from '../judgement';
import type { Rule } from '../rule';
import { ANY_TYPE } from '../rule';
import { judgeKnownKey, plainTexts } from './known-keys';
import { nameOf } from './literal-secrets';
import { secretName } from './secret-names';

/** `AISec-SE12`. */
export const keyAnywhere: Rule = {
  id: 'AISec-SE12',
  name: 'KeyAnywhere',
  title: 'No key of a known issuer stands in a resource of a template',
  severity: 'CRITICAL',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'Keys with the mark of their issuer are found by scanners within minutes after a repository or a bucket opens, and used at once.',
  remedy: 'Revoke the key, put a new one into Secrets Manager, and refer to it by its name.',
  example: "'{{resolve:secretsmanager:hub-token:SecretString:token}}'",
  source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html',
  types: [ANY_TYPE],
  check: ({ app, resource }) => {
    const own = [...app.textsOf(resource), ...plainTexts(resource.raw.Metadata, 'Metadata')];
    // What a custom resource is given reaches the log of its function.
    const custom = /^Custom::|::CustomResource$/.test(resource.type);
    return own.flatMap(({ path, value }) => judgeText(value, path, custom));
  },
};

function judgeText(value: Value, path: string, custom: boolean): Judgement[] {
  const known = judgeKnownKey(value, path);
  if (known.some(({ verdict }) => verdict !== 'COMPLIANT') || !custom) return known;
  if (value instanceof Unknown && value.isParameter && secretName(nameOf(path)) !== undefined) {
    return [undetermined(`a key may be given at deploy time: ${value.reason}`, path)];
  }
  return known;
}
