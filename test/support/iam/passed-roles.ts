import { type Json, type JsonObject, asList, isObject } from './policy-document';
import type { Template } from './resolve-template';

const POLICY_TYPES = new Set(['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy']);

/** Values under these keys are text for others, not a role that the resource takes. */
const NOT_TAKEN = new Set(['Environment', 'EnvironmentVariables', 'DefinitionString', 'DefinitionSubstitutions', 'Statement']);

/**
 * Resources that take a role although CloudFormation may create them before the role's policies: the service then starts without
 * permissions. A dependency counts through `DependsOn` and through references, over any number of steps. One line for each finding.
 */
export function passedRoles(template: Template): string[] {
  const resources = template.Resources ?? {};
  const policies = policiesByRole(resources);
  return Object.entries(resources)
    .filter(([, resource]) => !String(resource.Type).startsWith('AWS::IAM::'))
    .flatMap(([id, resource]) => {
      const reachable = dependenciesOf(resources, id);
      return rolesTaken(resource.Properties ?? {}, resources).flatMap(({ path, role }) =>
        (policies.get(role) ?? [])
          .filter((policy) => !reachable.has(policy))
          .map((policy) => `${id}.${path} takes ${role} without depending on ${policy}`),
      );
    });
}

function policiesByRole(resources: Readonly<Record<string, JsonObject>>): Map<string, string[]> {
  const byRole = new Map<string, string[]>();
  for (const [id, resource] of Object.entries(resources)) {
    if (!POLICY_TYPES.has(resource.Type as string)) continue;
    const { Roles, RoleName } = (resource.Properties ?? {}) as JsonObject;
    for (const role of [...asList(Roles), ...asList(RoleName)].flatMap(referencesIn)) byRole.set(role, [...(byRole.get(role) ?? []), id]);
  }
  return byRole;
}

/** Properties named after a role whose value refers to one. */
function rolesTaken(value: Json, resources: Readonly<Record<string, JsonObject>>, path = ''): { path: string; role: string }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => rolesTaken(item, resources, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value)
    .filter(([key]) => !NOT_TAKEN.has(key))
    .flatMap(([key, item]) => {
      const below = path === '' ? key : `${path}.${key}`;
      if (!/Role|^DeliverLogsPermissionArn$/.test(key)) return rolesTaken(item, resources, below);
      return referencesIn(item)
        .filter((id) => resources[id]?.Type === 'AWS::IAM::Role')
        .map((role) => ({ path: below, role }));
    });
}

function dependenciesOf(resources: Readonly<Record<string, JsonObject>>, start: string): Set<string> {
  const seen = new Set<string>();
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const resource = Object.hasOwn(resources, id) ? resources[id] : {};
    for (const next of [...(asList(resource.DependsOn) as string[]), ...referencesIn(resource.Properties ?? {})]) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return seen;
}

/** Logical ids that a value refers to, by Ref, Fn::GetAtt or Fn::Sub. */
function referencesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'Ref') return [String(item)];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(item) ? item[0] : item).split('.')[0]];
    if (key === 'Fn::Sub') {
      const named = [...String(Array.isArray(item) ? item[0] : item).matchAll(/\$\{([^!}.]+)/g)].map((match) => match[1]);
      return [...named, ...referencesIn(item)];
    }
    return referencesIn(item);
  });
}
