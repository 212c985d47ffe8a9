import type { IConstruct } from 'constructs';
import type { FamilyStorage } from '../core/instance-families';
import { familyOf, INSTANCE_FAMILIES, unknownFamily } from '../core/instance-families';
import type { InstanceFamily } from './instance-family';
import { InstanceStorage } from './instance-family';

/**
 * How the volumes of each instance type are made.
 *
 * @throws for a text that is no instance type, and for a family that neither the table nor `instanceFamilies` has
 */
export function instanceStorage(
  scope: IConstruct,
  instanceTypes: readonly string[],
  own: readonly InstanceFamily[],
): Record<string, FamilyStorage> {
  const known = withOwn(own);
  return Object.fromEntries(instanceTypes.map((type) => {
    const family = familyOf(type);
    if (family === undefined) throw new Error(`'${scope.node.path}': an instance type of SageMaker looks like 'ml.m5.xlarge', got '${type}'`);
    const storage = known.get(family);
    if (storage === undefined) throw new Error(`'${scope.node.path}': ${unknownFamily(type, 'instanceFamilies of the environment')}`);
    return [type, storage];
  }));
}

/** Every family with local disks: those of the table, less those that `own` corrects, and those that it adds. */
export function localDiskFamilies(own: readonly InstanceFamily[]): string[] {
  return [...withOwn(own)].filter(([, storage]) => storage === 'NVME').map(([family]) => family);
}

function withOwn(own: readonly InstanceFamily[]): ReadonlyMap<string, FamilyStorage> {
  const corrected = new Map(INSTANCE_FAMILIES);
  for (const { family, storage } of own) corrected.set(family, storage === InstanceStorage.LOCAL_DISKS ? 'NVME' : 'EBS');
  return corrected;
}
