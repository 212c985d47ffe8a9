import type { IConstruct } from 'constructs';
import { ALLOW_ALL } from './policies';
import type { PolicyDocument } from './policy-document';

/** A caller that no template declares. */
export type OutsidePrincipal = AccountPrincipal | ServiceCaller | AnonymousCaller;

/** A role of this world (CDK object, construct path, logical id or ARN), or a caller from outside the templates. */
export type Principal = IConstruct | string | OutsidePrincipal;

export interface AccountPrincipal {
  readonly kind: 'account';
  readonly name: string;
  /** @default - the world's own account */
  readonly accountId?: string;
  readonly policies: readonly PolicyDocument[];
  /** `same`: the world's organisation; another id: that one; `none`: outside any. */
  readonly organization: 'same' | 'none' | (string & {});
  readonly tags?: Readonly<Record<string, string>>;
}

export interface ServiceCaller {
  readonly kind: 'service';
  /** For example `lambda.amazonaws.com`. */
  readonly service: string;
  /** What the service says it acts for; whether a service says so is documented per service. */
  readonly sourceAccount?: string;
  readonly sourceArn?: string;
  readonly sourceOrganizationId?: string;
}

export interface AnonymousCaller {
  readonly kind: 'anonymous';
}

/** A role of the world's account with the given policies only. */
export function accountPrincipal(options: {
  name?: string;
  policies: readonly PolicyDocument[];
  tags?: Record<string, string>;
}): AccountPrincipal {
  return { kind: 'account', name: 'outsider', organization: 'same', ...options };
}

/** A role of the world's account that may do everything as far as its own policies go. */
export function administrator(name = 'administrator'): AccountPrincipal {
  return accountPrincipal({ name, policies: [ALLOW_ALL] });
}

/** A role of another account, with full access as far as that account goes. */
export function foreignPrincipal(
  options: { accountId?: string; organization?: AccountPrincipal['organization']; name?: string } = {},
): AccountPrincipal {
  return { kind: 'account', name: 'attacker', accountId: '999988887777', organization: 'none', policies: [ALLOW_ALL], ...options };
}

export function anonymous(): AnonymousCaller {
  return { kind: 'anonymous' };
}

export function awsService(service: string, source: Omit<ServiceCaller, 'kind' | 'service'> = {}): ServiceCaller {
  return { kind: 'service', service, ...source };
}

export function isOutside(principal: Principal): principal is OutsidePrincipal {
  return typeof principal === 'object' && 'kind' in principal;
}
