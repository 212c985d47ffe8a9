import { IAM_TABLE } from './iam-table.generated';

/** One action and the ARN formats that it accepts, joined to one text that is equal for equal formats. */
export interface KnownAction {
  /** As written by AWS, for example `s3:GetObject`. */
  readonly name: string;
  readonly formats: string;
}

const cache = new Map<string, readonly KnownAction[]>();

/** Where the table comes from, for the list of assumptions. */
export const IAM_TABLE_VERSION = IAM_TABLE.version;

/** The real actions of a service, or undefined when the table does not have it. */
export function actionsOf(service: string): readonly KnownAction[] | undefined {
  const known = cache.get(service);
  if (known !== undefined || !Object.hasOwn(IAM_TABLE.services, service)) return known;
  const actions = IAM_TABLE.services[service].flatMap(([formats, names]) =>
    names.split(' ').map((name) => ({ name: `${service}:${name}`, formats })),
  );
  cache.set(service, actions);
  return actions;
}

/** Services of the table. */
export function knownServices(): readonly string[] {
  return Object.keys(IAM_TABLE.services);
}

const LIST_KEYS = new Set(IAM_TABLE.listKeys);
const BOOLEAN_KEYS = new Set(IAM_TABLE.booleanKeys);
const RESOURCE_CONTROL = new Set(IAM_TABLE.resourceControl);

/** True for a condition key (lower case) that holds a list. */
export function isListKey(key: string): boolean {
  return LIST_KEYS.has(key);
}

/** True for a condition key (lower case) that holds true or false. */
export function isBooleanKey(key: string): boolean {
  return BOOLEAN_KEYS.has(key);
}

/** True if resource control policies reach the service. */
export function underResourceControl(service: string): boolean {
  return RESOURCE_CONTROL.has(service);
}
