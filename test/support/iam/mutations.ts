import type { IConstruct } from 'constructs';
import type { AttachedPolicy } from './policies';
import { type JsonObject, type Statement, sidOf } from './policy-document';

/** One protection to take away. `on` limits it to policies of one role or resource. */
export type Mutation =
  | { readonly sid: string; readonly on?: IConstruct | string }
  | { readonly sid: string; readonly key: string; readonly on?: IConstruct | string }
  | { readonly statement: (statement: Statement, policy: AttachedPolicy) => boolean }
  /** The permissions boundary of a role. */
  | { readonly boundary: IConstruct | string }
  /** The whole policy of a VPC endpoint. */
  | { readonly endpointPolicy: IConstruct | string }
  /** The RestrictPublicBuckets setting of a bucket. */
  | { readonly publicAccessBlock: IConstruct | string };

/** The policies without one protection; throws when nothing was there to remove. */
export function mutate(policies: readonly AttachedPolicy[], mutation: Mutation, arnOf: (target: IConstruct | string) => string): AttachedPolicy[] {
  const mutated = apply(policies, mutation, arnOf);
  if (JSON.stringify(mutated) === JSON.stringify(policies)) throw new Error(`nothing matches ${describeMutation(mutation)}: the test would prove nothing`);
  return mutated;
}

export function describeMutation(mutation: Mutation): string {
  return Object.entries(mutation)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : typeof value === 'function' ? String(value) : (value as IConstruct).node.path}`)
    .join(', ');
}

function apply(policies: readonly AttachedPolicy[], mutation: Mutation, arnOf: (target: IConstruct | string) => string): AttachedPolicy[] {
  const drop = (kind: AttachedPolicy['kind'], target: IConstruct | string): AttachedPolicy[] =>
    policies.filter((policy) => policy.kind !== kind || policy.target !== arnOf(target));
  if ('boundary' in mutation) return drop('boundary', mutation.boundary);
  if ('endpointPolicy' in mutation) return drop('endpoint', mutation.endpointPolicy);
  if ('publicAccessBlock' in mutation) throw new Error('the public access block is no policy');
  if ('statement' in mutation) return mapStatements(policies, (statement, policy) => mutation.statement(statement, policy) ? [] : [statement]);
  const on = mutation.on === undefined ? undefined : arnOf(mutation.on);
  return mapStatements(policies, (statement, policy) => {
    if (sidOf(statement) !== mutation.sid || (on !== undefined && policy.target !== on)) return [statement];
    return 'key' in mutation ? [withoutKey(statement, mutation.key)] : [];
  });
}

function mapStatements(policies: readonly AttachedPolicy[], map: (statement: Statement, policy: AttachedPolicy) => Statement[]): AttachedPolicy[] {
  return policies.map((policy) => ({
    ...policy, document: { ...policy.document, Statement: policy.document.Statement.flatMap((statement) => map(statement, policy)) },
  }));
}

function withoutKey(statement: Statement, key: string): Statement {
  const condition = Object.fromEntries(Object.entries((statement.Condition ?? {}) as JsonObject)
    .map(([operator, keys]) => {
      const others = Object.entries(keys as JsonObject).filter(([one]) => one.toLowerCase() !== key.toLowerCase());
      return [operator, Object.fromEntries(others)] as const;
    })
    .filter(([, keys]) => Object.keys(keys).length > 0));
  return { ...statement, Condition: condition };
}
