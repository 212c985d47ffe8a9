import { AiWorkload } from '../ai-workload';
import type { Rule } from '../rule';

/** `AISec-DP15`. */
export const aiKeyRotates: Rule = {
  id: 'AISec-DP15',
  name: 'AiKeyRotates',
  title: 'A key of an AI workload is rotated',
  severity: 'MEDIUM',
  controls: ['DP3'],
  threats: ['AML.T0035'],
  why: 'All that was ever encrypted hangs on one piece of key material.',
  remedy: 'Set EnableKeyRotation to true.',
  example: "new kms.Key(this, 'Key', { enableKeyRotation: true });",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html',
  types: ['AWS::KMS::Key'],
  check: (key) => {
    const symmetric = [undefined, 'SYMMETRIC_DEFAULT'].includes(key.at('KeySpec') as string | undefined);
    if (!AiWorkload.of(key.app).isKey(key.resource) || !symmetric || key.at('Origin') === 'EXTERNAL') return undefined;
    return key.requireTrue('EnableKeyRotation', 'the key is not rotated');
  },
};
