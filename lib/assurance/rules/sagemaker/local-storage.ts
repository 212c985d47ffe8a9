import { familyOf, INSTANCE_FAMILIES } from '../../../core/instance-families';
import type { Value } from '../../template';
import { Text } from '../../template';
import type { Answer } from '../answer';
import { answer, ask, isPresent } from '../answer';

/** Whether the disks of an instance type are local NVMe: encrypted by the hardware, and SageMaker refuses a volume key for them. */
export function isLocalStorage(instanceType: Value | undefined): Answer {
  return ask(instanceType, (known) => {
    if (known instanceof Text) return 'UNKNOWN';
    const family = typeof known === 'string' ? familyOf(known) : undefined;
    if (family === undefined) return 'NO';
    const storage = INSTANCE_FAMILIES.get(family);
    return storage === undefined ? 'UNKNOWN' : answer(storage === 'NVME');
  });
}

/** Whether a volume is encrypted with a key of one's own, or by the instance itself. */
export function volumeIsEncrypted(key: Value | undefined, instanceType: Value | undefined): Answer {
  const local = isLocalStorage(instanceType);
  if (local === 'YES') return 'YES';
  const given = isPresent(key);
  return given === 'NO' && local === 'UNKNOWN' ? 'UNKNOWN' : given;
}
