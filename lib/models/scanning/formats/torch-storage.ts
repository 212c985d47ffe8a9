import { TORCH_STORAGES } from '../pickle/globals/torch-globals';
import { GlobalValue, TupleValue, type PickleValue } from '../pickle/pickle-value';

/** The key of the storage that a torch persistent id names; undefined where it is anything but a plain storage. */
export function storageKey(id: PickleValue): string | undefined {
  if (!(id instanceof TupleValue) || id.items.length < 5 || id.items.length > 6) {
    return undefined;
  }
  const [kind, type, key, location, count] = id.items;
  const plain = kind === 'storage' && type instanceof GlobalValue && TORCH_STORAGES.has(type.key) && typeof location === 'string';
  return plain && typeof key === 'string' && /^\w{1,64}$/.test(key) && typeof count === 'number' && count >= 0 ? key : undefined;
}
