import type { Request, Statement, Template } from '../../support/iam';
import { IamWorld } from '../../support/iam';
import type { AnsweredCall } from './api-call';
import type { DeployedFunction } from './deployed-function';
import { ENVIRONMENT, STACK } from './deployed-function';
import type { NeededPermission } from './needed-permissions';
import { neededPermissions } from './needed-permissions';

/** How a role fits the calls that its function made. */
export interface RoleVerdict {
  /** Calls that the role, a resource policy, or the policy of an endpoint does not allow. */
  readonly missing: readonly string[];
  /** Allowed actions that no call used. */
  readonly unused: readonly string[];
}

/** What the account sets for an action, for example the tags of an object. */
export type ContextOf = (action: string) => Readonly<Record<string, string>>;

/**
 * Holds a function's synthesised role against the calls that it made.
 *
 * @param options a changed template in place of the function's own, and the one action to ask for in place of all
 */
export async function judgeRole(
  deployed: DeployedFunction,
  calls: readonly AnsweredCall[],
  contextOf: ContextOf = () => ({}),
  options: { readonly template?: Template; readonly only?: string } = {},
): Promise<RoleVerdict> {
  const { template = deployed.template, only } = options;
  const world = IamWorld.of({ [STACK]: template }, ENVIRONMENT);
  const own = calls.flatMap((call) => neededPermissions(call, deployed.account).map((need) => ({ need, direct: true })));
  const needs = unique([...own, ...deployed.platform.map((need) => ({ need, direct: false }))]);
  const asked = needs.filter(({ need }) => only === undefined || need.action === only);
  const missing: string[] = [];
  for (const { need, direct } of asked) {
    const { decision, blockedBy, deniedBy } = await world.request(requestOf(deployed, need, direct, contextOf));
    if (decision !== 'allowed') missing.push(`${need.action} on ${need.resource}: ${[decision, ...(deniedBy ?? blockedBy ?? [])].join(', ')}`);
  }
  const unused = allowedPairs(world, world.arnOf(deployed.roleId))
    .filter(([action, pattern]) => !needs.some(({ need }) => need.action === action && (need.resource === '*' ? pattern === '*' : matches(pattern, need.resource))))
    .map(([action, pattern]) => `${action} on ${pattern}`);
  return { missing, unused };
}

function requestOf(deployed: DeployedFunction, need: NeededPermission, direct: boolean, contextOf: ContextOf): Request {
  const { action, resource, through } = need;
  const service = action.split(':')[0] ?? '';
  // What a function calls goes through its segment's endpoint; what a service does for it, and Lambda itself, through AWS's network.
  const via = direct && !through ? endpointFor(deployed, service) : 'aws-network';
  return {
    principal: deployed.roleId,
    action,
    resource,
    via,
    context: {
      ...contextOf(action),
      ...need.context,
      ...(through ? { 'kms:ViaService': `${through}.${deployed.account.region}.amazonaws.com`, 'aws:ViaAWSService': 'true' } : {}),
    },
  };
}

/** The endpoint of a service: the interface where there is one, since private names lead there. */
function endpointFor({ stack }: DeployedFunction, service: string): string {
  const endpoints = stack.resourceIds('AWS::EC2::VPCEndpoint').map((id) => ({
    id,
    name: String(stack.property(id, 'ServiceName')).split('.').slice(3).join('.'),
    rank: stack.property(id, 'VpcEndpointType') === 'Interface' ? 0 : 1,
  }));
  const [first] = endpoints.filter(({ name }) => name.split('.')[0] === service).sort((one, other) => one.rank - other.rank);
  if (!first) throw new Error(`the segment has no endpoint for ${service}, which the handler calls`);
  return first.id;
}

/** Each action and resource that the role's identity policies allow. */
function allowedPairs(world: IamWorld, roleArn: string): [action: string, pattern: string][] {
  return world.policies
    .filter(({ kind, target }) => kind === 'identity' && target === roleArn)
    .flatMap(({ document }) => document.Statement)
    .filter((statement: Statement) => statement.Effect === 'Allow')
    .flatMap((statement) => listOf(statement.Action).flatMap((action) => listOf(statement.Resource).map((pattern): [string, string] => [action, pattern])));
}

interface PolicyResource {
  readonly Type: string;
  readonly Properties: {
    readonly Roles?: readonly unknown[];
    readonly PolicyDocument: { readonly Statement: readonly { readonly Effect: string; Action: string | string[] }[] };
  };
}

/** A change of the template in which the role may not do an action, or may do one more. */
export function changedRole({ template, roleId }: DeployedFunction, change: { readonly without: string } | { readonly also: string }): Template {
  const copy = structuredClone(template) as unknown as { readonly Resources: Readonly<Record<string, PolicyResource>> };
  const policies = Object.values(copy.Resources).filter(({ Type, Properties }) => Type === 'AWS::IAM::ManagedPolicy'
    && (Properties.Roles ?? []).some((role) => (role as { Ref?: string }).Ref === roleId));
  let changes = 0;
  for (const { Properties } of policies) {
    for (const statement of Properties.PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow')) {
      const actions = listOf(statement.Action);
      if ('without' in change && actions.includes(change.without)) {
        changes += 1;
        // An action that does nothing here keeps the statement well-formed.
        statement.Action = [...actions.filter((action) => action !== change.without), 'sts:GetCallerIdentity'];
      }
      if ('also' in change && changes === 0) {
        changes += 1;
        statement.Action = [...actions, change.also];
      }
    }
  }
  if (changes === 0) throw new Error(`no statement of ${roleId} has changed: the canary proves nothing`);
  return copy as unknown as Template;
}

function unique<T extends { readonly need: NeededPermission }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function matches(pattern: string, value: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]) as string[];
}
