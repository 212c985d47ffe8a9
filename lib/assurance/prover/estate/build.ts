import type { TemplateModel } from '../../template';
import { ambiguousNames } from './ambiguous-names';
import type { Estate, Principal } from './estate';
import type { GroundPolicy} from './ground';
import { groundRawPolicy, settledText } from './ground';
import { templateCarriers } from './carriers';
import { templatePrincipals } from './identity';
import { PLACEHOLDER_ACCOUNT, Placeholders } from './placeholders';
import { outsiders } from './outsiders';
import { templateEndpoints, templateTargets } from './targets';

/** A policy that templates do not hold. */
export interface NamedPolicy {
  readonly name: string;
  /** The policy document as plain JSON. */
  readonly document: unknown;
}

/** What the templates do not say about the organisation around them. */
export interface EstateOptions {
  /** Id of the organisation (`o-…`). @default - not part of one, as far as is known */
  readonly organizationId?: string;
  /** Path of the accounts in the organisation (`o-…/r-…/ou-…/`). @default - unknown */
  readonly organizationPath?: string;
  /** Service control policies, one list per level from the root down. @default - none */
  readonly serviceControlPolicies?: readonly (readonly NamedPolicy[])[];
  /** Resource control policies, one list per level. @default - none */
  readonly resourceControlPolicies?: readonly (readonly NamedPolicy[])[];
  /** Session policies by the logical id of the role. @default - none */
  readonly sessionPolicies?: Readonly<Record<string, NamedPolicy>>;
}

/** Collects principals, targets, endpoints and organisation policies from a model. */
export function estateOf(model: TemplateModel, options: EstateOptions = {}): Estate {
  const placeholders = new Placeholders(model);
  const limits: string[] = [...model.gaps];
  const organization = new Map<string, string>();
  if (options.organizationId !== undefined) organization.set('aws:principalorgid', options.organizationId);
  const ground = (levels: EstateOptions['serviceControlPolicies']): GroundPolicy[][] =>
    (levels ?? []).map((level) => level.map((p) => groundRawPolicy(p.name, p.document)));
  const serviceControl = ground(options.serviceControlPolicies);
  const resourceControl = ground(options.resourceControlPolicies);
  const targets = templateTargets(model, placeholders, limits);
  const endpoints = templateEndpoints(model, placeholders);
  const own = uniquelyNamed(templatePrincipals(model, placeholders, organization)).map((p) => withSession(p, options));
  const accounts = [...new Set([...own.map((p) => p.account), ...targets.map((t) => t.account)])].filter((a) => a !== undefined);
  if (accounts.length === 0) accounts.push(accountOf(model));
  const policies = [
    ...own.flatMap((p) => [...(p.identity ?? []), ...(p.boundary ? [p.boundary] : [])]),
    ...targets.flatMap((t) => t.policies),
    ...endpoints.flatMap((e) => (e.policy ? [e.policy] : [])),
  ];
  limits.push(...ambiguousNames(policies, placeholders));
  // After that, since names that no policy mentions make no claim uncertain.
  const arns = knownArns(model, placeholders);
  return {
    accounts,
    organizationId: options.organizationId,
    organizationPath: options.organizationPath,
    principals: [...own, ...outsiders(accounts, options, policies)],
    targets,
    endpoints,
    carriers: templateCarriers(model, placeholders),
    arns,
    serviceControl,
    resourceControl,
    assumptions: [...model.assumptions, ...placeholders.assumptions],
    limits,
  };
}

/** Logical ids repeat between stacks; the name of the role then tells them apart. */
function uniquelyNamed(principals: readonly Principal[]): Principal[] {
  const count = new Map<string, number>();
  for (const { id } of principals) count.set(id, (count.get(id) ?? 0) + 1);
  return principals.map((p) => ((count.get(p.id) ?? 0) > 1 && p.arn !== undefined ? { ...p, id: `${p.id} (${p.arn})` } : p));
}

function withSession(principal: Principal, options: EstateOptions): Principal {
  const policies = options.sessionPolicies ?? {};
  if (!Object.hasOwn(policies, principal.id)) return principal;
  const { name, document } = policies[principal.id];
  return { ...principal, session: groundRawPolicy(name, document) };
}

function knownArns(model: TemplateModel, placeholders: Placeholders): Map<string, string> {
  const arns = new Map<string, string>();
  for (const resource of model.resources) {
    const arn = settledText(model.arnOf(resource), placeholders.settle);
    if (arn !== undefined) arns.set(resource.id, arn);
  }
  return arns;
}

function accountOf(model: TemplateModel): string {
  const known = model.stacks.map((s) => s.account).find((a) => typeof a === 'string');
  return known ?? PLACEHOLDER_ACCOUNT;
}
