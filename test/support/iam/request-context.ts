import type { EndpointFacts } from './endpoint-policies';
import type { Context, ContextValue } from './simulate';

/** Where a request comes from. */
export type Route =
  | { readonly kind: 'internet' }
  /** From AWS's own network: no endpoint, and an address that is not yours. */
  | { readonly kind: 'aws-network' }
  | { readonly kind: 'endpoint'; readonly endpoint: EndpointFacts };

export interface Organization {
  readonly id: string;
  readonly path: string;
}

/** Who calls, as far as the request context shows it. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'service'; readonly service: string; readonly source: Context }
  | {
      readonly kind: 'role';
      readonly roleArn: string;
      readonly accountId: string;
      readonly organization?: Organization;
      readonly tags: Readonly<Record<string, string>>;
    };

/** A fixed moment, so that date conditions give the same answer every day. */
const NOW = '2030-01-15T12:00:00Z';

/** An endpoint in an account of somebody else, through which a stolen credential may be used. */
export function foreignEndpoint(accountId = '999988887777'): Route {
  const endpoint = { arn: '', id: 'vpce-0f0e1911f0e1911f0', vpcId: 'vpc-0f0e1911f0e1911f0', actionPrefix: '*', accountId };
  return { kind: 'endpoint', endpoint };
}

/** The keys that AWS sets for every request of this caller, over this route. */
export function globalContext(
  caller: Caller,
  route: Route,
  resource: { readonly accountId: string; readonly region: string; readonly organization?: Organization },
): Context {
  return {
    'aws:CurrentTime': NOW,
    'aws:EpochTime': String(Date.parse(NOW) / 1000),
    'aws:RequestedRegion': resource.region,
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    ...callerContext(caller),
    ...routeContext(caller, route),
    'aws:ResourceAccount': resource.accountId,
    ...(resource.organization === undefined
      ? {}
      : {
          'aws:ResourceOrgID': resource.organization.id,
          'aws:ResourceOrgPaths': [resource.organization.path],
        }),
  };
}

/** Keys of single services that are always there; the caller keeps those that the action knows. */
export function serviceContext(caller: Caller, resourceAccount: string): Context {
  return {
    's3:TlsVersion': '1.3',
    's3:ResourceAccount': resourceAccount,
    ...(caller.kind === 'anonymous' ? {} : { 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256' }),
    ...(caller.kind === 'role' ? { 'kms:CallerAccount': caller.accountId } : {}),
  };
}

/** Adds keys, replaces keys whatever their case, and removes those that are given as undefined. */
export function overlay(base: Context, changes: Readonly<Record<string, ContextValue | undefined>>): Context {
  const merged = new Map(Object.entries(base).map(([key, value]) => [key.toLowerCase(), [key, value] as const]));
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) merged.delete(key.toLowerCase());
    else merged.set(key.toLowerCase(), [key, value]);
  }
  return Object.fromEntries(merged.values());
}

function callerContext(caller: Caller): Context {
  switch (caller.kind) {
    case 'anonymous':
      return { 'aws:PrincipalAccount': 'anonymous', 'aws:PrincipalType': 'Anonymous', 'aws:userid': 'anonymous' };
    case 'service':
      return {
        'aws:PrincipalIsAWSService': 'true',
        'aws:PrincipalServiceName': caller.service,
        'aws:PrincipalServiceNamesList': [caller.service],
        ...caller.source,
      };
    case 'role':
      return {
        'aws:PrincipalArn': caller.roleArn,
        'aws:PrincipalAccount': caller.accountId,
        'aws:PrincipalType': 'AssumedRole',
        'aws:PrincipalIsAWSService': 'false',
        'aws:userid': `AROAEXAMPLE:${SESSION}`,
        'aws:TokenIssueTime': NOW,
        ...(caller.organization === undefined
          ? {}
          : {
              'aws:PrincipalOrgID': caller.organization.id,
              'aws:PrincipalOrgPaths': [caller.organization.path],
            }),
        ...Object.fromEntries(Object.entries(caller.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
      };
  }
}

function routeContext(caller: Caller, route: Route): Context {
  if (caller.kind === 'service') return {};
  switch (route.kind) {
    case 'internet':
      return { 'aws:SourceIp': '198.51.100.7' };
    case 'aws-network':
      return { 'aws:SourceIp': '203.0.113.9' };
    case 'endpoint':
      return {
        'aws:SourceVpce': route.endpoint.id,
        'aws:SourceVpc': route.endpoint.vpcId,
        'aws:VpcSourceIp': '10.0.0.10',
        'aws:VpceAccount': route.endpoint.accountId,
      };
  }
}

export const SESSION = 'session';

/** Roles act through sessions: that is what resource policies see. */
export function sessionArn(roleArn: string): string {
  const [, partition, account, path] = /^arn:([^:]+):iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
  if (partition === undefined) throw new Error(`'${roleArn}' is no role ARN`);
  return `arn:${partition}:sts::${account}:assumed-role/${path.slice(path.lastIndexOf('/') + 1)}/${SESSION}`;
}
