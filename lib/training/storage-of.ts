import type { IConstruct } from 'constructs';
import type { InstanceFamily } from './instance-family';
import { InstanceStorage } from './instance-family';
import type { FamilyStorage } from './launch/instance-families';
import { familyOf, INSTANCE_FAMILIES, INSTANCE_FAMILIES_SOURCE } from './launch/instance-families';

/**
 * How the volumes of each instance type are made.
 *
 * @throws for a text that is no instance type, and for a family that neither the table nor `instanceFamilies` has
 */
export function storageOf(
  scope: IConstruct,
  instanceTypes: readonly string[],
  own: readonly InstanceFamily[],
): Record<string, FamilyStorage> {
  return Object.fromEntries(instanceTypes.map((type) => {
    const family = familyOf(type);
    if (family === undefined) throw new Error(`'${scope.node.path}': an instance type of SageMaker looks like 'ml.m5.xlarge', got '${type}'`);
    const named = own.find((one) => one.family === family)?.storage;
    const storage = named === undefined ? INSTANCE_FAMILIES.get(family) : named === InstanceStorage.LOCAL_DISKS ? 'NVME' : 'EBS';
    if (storage === undefined) {
      throw new Error(
        `'${scope.node.path}': whether the instance family '${family}' of '${type}' has local disks, which take no volume key, is not known as of `
        + `${INSTANCE_FAMILIES_SOURCE.date}: name it in instanceFamilies of the environment, see ${INSTANCE_FAMILIES_SOURCE.url}`,
      );
    }
    return [type, storage];
  }));
}

/** Every family with local disks: those of the table, less those that `own` corrects, and those that it adds. */
export function localDiskFamilies(own: readonly InstanceFamily[]): string[] {
  const corrected = new Map(INSTANCE_FAMILIES);
  for (const { family, storage } of own) corrected.set(family, storage === InstanceStorage.LOCAL_DISKS ? 'NVME' : 'EBS');
  return [...corrected].filter(([, storage]) => storage === 'NVME').map(([family]) => family);
}
