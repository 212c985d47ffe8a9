import type { Value } from '../../template';
import type { Answer } from '../answer';
import { isPresent, matches } from '../answer';

/** Instance types whose disk is local NVMe: encrypted by the hardware, and SageMaker refuses a volume key for them. */
export const LOCAL_STORAGE = /^ml\.(?:[cmrx]\d[a-z]*d[a-z]*|g4dn|g5|g6e?|gr6f?|g7e?|p3dn|p4de?|p5[a-z]*|p6[a-z0-9-]*|trn[12][a-z]*|i\d[a-z]*)\./;

/** Whether a volume is encrypted with a key of one's own, or by the instance itself. */
export function volumeIsEncrypted(key: Value | undefined, instanceType: Value | undefined): Answer {
  const local = matches(LOCAL_STORAGE)(instanceType);
  if (local === 'YES') return 'YES';
  const given = isPresent(key);
  return given === 'NO' && local === 'UNKNOWN' ? 'UNKNOWN' : given;
}
