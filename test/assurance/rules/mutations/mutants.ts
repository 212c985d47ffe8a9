import type { CheckedProperty } from './checked-properties';
import { CHECKED_PROPERTIES } from './checked-properties';
import { isEverybody, refusesAll, same } from './subsumption';

type Json = Record<string, unknown>;

/** A template in which one thing is worse. */
export interface Mutant {
  /** What was done, and where: stable from one synthesis to the next. */
  readonly name: string;
  readonly kind: string;
  readonly logicalId: string;
  readonly type: string;
  readonly template: Json;
  /** Whether it provably means the same as the template: no rule can find it, and it is counted apart. */
  readonly changesNothing: boolean;
}

interface Resource extends Json {
  readonly Type: string;
  readonly Properties?: Json;
}

const resourcesOf = (template: Json): [string, Resource][] => Object.entries(template.Resources as Record<string, Resource>);

/** The template with a change in one resource; everything else is shared. */
function changed(template: Json, logicalId: string, change: (resource: Json) => void): Json {
  const resources = template.Resources as Record<string, Resource>;
  const copy = structuredClone(resources[logicalId]);
  change(copy);
  return { ...template, Resources: { ...resources, [logicalId]: copy } };
}

function at(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((current, step) => (current as Json | undefined)?.[step], value);
}

function put(root: Json, path: readonly string[], value: unknown): void {
  const parent = at(root, path.slice(0, -1)) as Json;
  const last = path[path.length - 1];
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}

/** Every property of the list that the template has, deleted, flipped and weakened. */
export function propertyMutants(template: Json, properties: readonly CheckedProperty[] = CHECKED_PROPERTIES): Mutant[] {
  return resourcesOf(template).flatMap(([logicalId, resource]) =>
    properties
      .filter((property) => property.type === resource.Type)
      .flatMap(({ path, weakenings, added, standard }) => {
        const steps = path.split('.');
        const present = at(resource, steps);
        if (present === undefined ? !added : added) return [];
        return weakenings
          .map((weakening) => (weakening === 'REMOVE' ? undefined : weakening.to))
          .filter((value) => JSON.stringify(value) !== JSON.stringify(present))
          .map((value): Mutant => {
            const done = value === undefined ? 'removed' : `= ${JSON.stringify(value)}`;
            return {
              name: `${logicalId} ${path} ${done}`,
              kind: `${resource.Type} ${path.replace('Properties.', '')} ${done}`,
              logicalId,
              type: resource.Type,
              template: changed(template, logicalId, (copy) => put(copy, steps, value)),
              changesNothing: value === undefined && standard !== undefined && same(present, standard),
            };
          });
      }),
  );
}

/** Paths of the policy documents of a resource. */
function documentsOf({ Properties = {} }: Resource): string[][] {
  const inline = Array.isArray(Properties.Policies) ? Properties.Policies.map((_, i) => ['Properties', 'Policies', String(i), 'PolicyDocument']) : [];
  return [...['PolicyDocument', 'KeyPolicy', 'AssumeRolePolicyDocument'].filter((key) => Array.isArray(at(Properties, [key, 'Statement']))).map((key) => ['Properties', key]), ...inline];
}

/**
 * Every statement made to give more: a Deny is dropped; of an Allow one condition is dropped, or action, resource or principal are widened.
 *
 * To drop an Allow, or a condition of a Deny, gives less: those are no mutants.
 */
export function policyMutants(template: Json): Mutant[] {
  return resourcesOf(template).flatMap(([logicalId, resource]) =>
    documentsOf(resource).flatMap((path) => {
      const place = [...path, 'Statement'];
      const statements = at(resource, place) as Json[];
      return statements.flatMap((statement, i) => {
        const name = statement.Sid === undefined ? String(i) : `${i} ${String(statement.Sid)}`;
        const made = (what: string, changesNothing: boolean, change: (copy: Json) => void): Mutant => ({
          name: `${logicalId} ${path.slice(1).join('.')} statement ${name}: ${what}`,
          kind: `${resource.Type} ${String(statement.Effect)} ${what.replace(/ .*/, '')}`,
          logicalId,
          type: resource.Type,
          template: changed(template, logicalId, change),
          changesNothing,
        });
        const statementOf = (copy: Json): Json => (at(copy, place) as Json[])[i];
        if (statement.Effect === 'Deny') {
          const covered = statements.some((other, j) => j !== i && refusesAll(other, statement));
          return [made('dropped', covered, (copy) => void (at(copy, place) as Json[]).splice(i, 1))];
        }
        return [
          ...conditionsOf(statement).map(([operator, key]) => made(`condition ${operator} ${key} dropped`, false, (copy) => dropCondition(statementOf(copy), operator, key))),
          ...widened(resource, statement).map(([what, change, wasSo]) => made(what, wasSo, (copy) => Object.assign(statementOf(copy), change))),
        ];
      });
    }),
  );
}

function conditionsOf({ Condition }: Json): [string, string][] {
  return Object.entries((Condition ?? {}) as Record<string, Json>).flatMap(([operator, keys]) =>
    Object.keys(keys).map((key): [string, string] => [operator, key]));
}

function dropCondition(statement: Json, operator: string, key: string): void {
  const condition = statement.Condition as Record<string, Json>;
  delete condition[operator][key];
  if (Object.keys(condition[operator]).length === 0) delete condition[operator];
  if (Object.keys(condition).length === 0) delete statement.Condition;
}

/** What of a statement can be widened, to what, and whether it was as wide before. */
function widened(resource: Resource, statement: Json): [string, Json, boolean][] {
  const actions = [statement.Action].flat().filter((action): action is string => typeof action === 'string');
  const services = [...new Set(actions.map((action) => action.split(':')[0]))];
  const all = services.map((service) => `${service}:*`);
  const changes: [string, Json, boolean][] = [];
  const wide = all.every((action) => actions.includes(action));
  if (actions.length > 0 && !wide && !services.includes('sts')) changes.push(['action widened', { Action: all }, false]);
  if (statement.Resource !== undefined && statement.Resource !== '*') {
    changes.push(['resource widened', { Resource: '*' }, namesAllOfPolicy(resource, statement)]);
  }
  if (statement.Principal !== undefined && statement.Principal !== '*') {
    changes.push(['principal widened', { Principal: { AWS: '*' } }, isEverybody(statement.Principal)]);
  }
  return changes;
}

/** Where policies of queues and topics say what they are for: a policy gives nothing on others, so a star there means these. */
const HOLDS_FOR: Readonly<Record<string, readonly [list: string, arn: (item: unknown) => unknown]>> = {
  // A queue is named there by its address, which is what Ref gives; its policy names the ARN.
  'AWS::SQS::QueuePolicy': ['Queues', (queue) => (isRef(queue) ? { 'Fn::GetAtt': [queue.Ref, 'Arn'] } : undefined)],
  'AWS::SNS::TopicPolicy': ['Topics', (topic) => topic],
};

function namesAllOfPolicy({ Type, Properties = {} }: Resource, statement: Json): boolean {
  if (!Object.hasOwn(HOLDS_FOR, Type)) return false;
  const [list, arn] = HOLDS_FOR[Type];
  const held = Properties[list];
  const named = [statement.Resource].flat();
  return Array.isArray(held) && held.length > 0 && held.map(arn).every((one) => one !== undefined && named.some((other) => same(one, other)));
}

function isRef(value: unknown): value is { readonly Ref: string } {
  return typeof value === 'object' && value !== null && typeof (value as Json).Ref === 'string';
}
