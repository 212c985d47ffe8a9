import type { Resource, Text, Value } from '../../template';
import { Unknown, isDict, listOf, textParts } from '../../template';

/** What a reference names: a resource of the templates (`stack/LogicalId`), an id from elsewhere, or nothing that can be told. */
export interface Handle {
  /** Undefined: not known. */
  readonly id: string | undefined;
  readonly reason: string;
}

/** Attributes that name something else than the resource itself. */
const PARTS = ['DefaultSecurityGroup', 'DefaultNetworkAcl'];

/** Reads a reference. */
export function handleOf(value: Value | undefined): Handle {
  if (typeof value === 'string') return { id: value, reason: '' };
  if (value instanceof Unknown) {
    const { origin } = value;
    if (origin === undefined) return { id: undefined, reason: value.reason };
    const part = PARTS.includes(origin.attribute) ? `.${origin.attribute}` : '';
    return { id: origin.resource + part, reason: '' };
  }
  return { id: undefined, reason: 'a reference is missing or no text' };
}

/** A text, or undefined when it is not known in full. */
export function textOf(value: Value | undefined): string | undefined {
  const parts = textParts(value);
  return parts?.every((p): p is string => typeof p === 'string') ? parts.join('') : undefined;
}

/** A text with the parts that every region of AWS has in the same place: enough to tell whose service it names. */
export function roughText(value: Value | undefined): string | undefined {
  const parts: readonly (string | Unknown | Text)[] | undefined = textParts(value);
  return parts?.some((p) => typeof p === 'string') ? parts.map((p) => (typeof p === 'string' ? p : '*')).join('') : undefined;
}

/** True or false, also as a text; undefined when absent or not known. */
export function truthOf(value: Value | undefined): boolean | undefined {
  const text = textOf(value);
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** Why a resource may not be there. */
export function doubtOf(resource: Resource): string | undefined {
  if (resource.opaque !== undefined) return resource.opaque.reason;
  return resource.presence === 'MAYBE' ? `whether ${resource.id} exists is decided at deploy time` : undefined;
}

/** Objects of a list; what is not known in it is passed to the caller. */
export function objectsOf(
  value: Value | undefined,
  onUnknown: (unknown: Unknown) => void,
): Readonly<Record<string, Value>>[] {
  return listOf(value).flatMap((item) => {
    if (item instanceof Unknown) onUnknown(item);
    return isDict(item) ? [item] : [];
  });
}
