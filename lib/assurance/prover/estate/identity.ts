import type { Resource, TemplateModel, Value} from '../../template';
import { isDict, isList, listOf, policyDocument, unknownsIn } from '../../template';
import type { Principal } from './estate';
import type { GroundPolicy} from './ground';
import { groundPolicy, settledText } from './ground';
import type { Placeholders } from './placeholders';

/** Roles and users of the templates with their policies. */
export function templatePrincipals(
  model: TemplateModel,
  placeholders: Placeholders,
  organization: ReadonlyMap<string, string>,
): Principal[] {
  const scope: Scope = { model, placeholders, attached: attachments(model, placeholders), byArn: managedByArn(model, placeholders) };
  return [...model.ofType('AWS::IAM::Role'), ...model.ofType('AWS::IAM::User')].map((resource) => principal(resource, scope, organization));
}

interface Scope {
  readonly model: TemplateModel;
  readonly placeholders: Placeholders;
  readonly attached: Attachments;
  readonly byArn: ReadonlyMap<string, Resource>;
}

function managedByArn(model: TemplateModel, placeholders: Placeholders): Map<string, Resource> {
  const byArn = new Map<string, Resource>();
  for (const policy of model.ofType('AWS::IAM::ManagedPolicy')) {
    const arn = settledText(model.arnOf(policy), placeholders.settle);
    if (arn !== undefined) byArn.set(arn, policy);
  }
  return byArn;
}

type Attachments = ReadonlyMap<Resource, readonly GroundPolicy[]>;

function principal(resource: Resource, scope: Scope, organization: ReadonlyMap<string, string>): Principal {
  const { model, placeholders, attached } = scope;
  const isRole = resource.type === 'AWS::IAM::Role';
  const account = placeholders.account(resource);
  const arn = settledText(model.arnOf(resource), placeholders.settle);
  const own = managed(resource, scope);
  const identity = [...inline(resource, placeholders), ...own.policies, ...(attached.get(resource) ?? [])];
  const boundary = boundaryOf(resource, scope);
  const external = [...own.external, ...groupMemberships(resource), ...(resource.opaque ? [resource.opaque.reason] : [])];
  return {
    id: resource.logicalId,
    type: isRole ? 'ROLE' : 'USER',
    account,
    ...(arn === undefined ? {} : { arn }),
    identity,
    externalPolicies: [...external, ...identity.flatMap((p) => p.opaque)],
    ...(boundary ? { boundary } : {}),
    keys: new Map<string, string | undefined>([
      ...(arn === undefined ? [] : [['aws:principalarn', arn] as const]),
      ['aws:principalaccount', account],
      ['aws:principaltype', isRole ? 'AssumedRole' : 'User'],
      ['aws:principalisawsservice', 'false'],
      ['aws:principalservicename', undefined],
      ['aws:principalservicenameslist', undefined],
      ['aws:sourceaccount', undefined],
      ['aws:sourcearn', undefined],
      ['aws:sourceorgid', undefined],
      ['aws:sourceorgpaths', undefined],
      ...organization,
    ]),
  };
}

function inline(resource: Resource, placeholders: Placeholders): GroundPolicy[] {
  return listOf(resource.at('Policies')).map((entry, i) => {
    const document = isDict(entry) ? entry.PolicyDocument : entry;
    const name = isDict(entry) && typeof entry.PolicyName === 'string' ? entry.PolicyName : String(i);
    return groundPolicy(`${resource.logicalId}.${name}`, policyDocument(document), placeholders.settle, resource.presence === 'MAYBE');
  });
}

/** Managed policies that the role lists: those of the templates, and the names of all others. */
function managed(resource: Resource, scope: Scope): { policies: GroundPolicy[]; external: string[] } {
  const policies: GroundPolicy[] = [];
  const external: string[] = [];
  const list = resource.at('ManagedPolicyArns');
  listOf(list).forEach((value) => {
    const found = managedPolicy(value, scope);
    if (found !== undefined) policies.push(found);
    else external.push(String(settledText(value, scope.placeholders.settle) ?? unknownsIn(value)[0]?.reason ?? 'a managed policy'));
  });
  return { policies, external };
}

function managedPolicy(value: Value, scope: Scope): GroundPolicy | undefined {
  const arn = settledText(value, scope.placeholders.settle);
  const resource = arn === undefined ? undefined : scope.byArn.get(arn);
  return resource && policyOf(resource, scope.placeholders);
}

function policyOf(resource: Resource, placeholders: Placeholders): GroundPolicy {
  return groundPolicy(
    resource.logicalId,
    policyDocument(resource.at('PolicyDocument')),
    placeholders.settle,
    resource.presence === 'MAYBE',
  );
}

/** Policies that name their roles and users themselves. */
function attachments(model: TemplateModel, placeholders: Placeholders): Attachments {
  const byName = new Map<string, Resource>();
  for (const type of ['AWS::IAM::Role', 'AWS::IAM::User']) {
    for (const resource of model.ofType(type)) {
      const name = settledText(model.nameOf(resource), placeholders.settle);
      if (name !== undefined) byName.set(`${type}|${name}`, resource);
    }
  }
  const attached = new Map<Resource, GroundPolicy[]>();
  for (const policy of [...model.ofType('AWS::IAM::Policy'), ...model.ofType('AWS::IAM::ManagedPolicy')]) {
    for (const [property, type] of [
      ['Roles', 'AWS::IAM::Role'],
      ['Users', 'AWS::IAM::User'],
    ] as const) {
      for (const value of listOf(policy.at(property))) {
        const holder = byName.get(`${type}|${settledText(value, placeholders.settle) ?? ''}`);
        if (holder !== undefined) attached.set(holder, [...(attached.get(holder) ?? []), policyOf(policy, placeholders)]);
      }
    }
  }
  return attached;
}

/** A boundary that lies outside the templates restricts in unknown ways: none is assumed, which errs on the safe side. */
function boundaryOf(resource: Resource, scope: Scope): GroundPolicy | undefined {
  const value = resource.at('PermissionsBoundary');
  if (value === undefined) return undefined;
  return managedPolicy(value, scope);
}

function groupMemberships(resource: Resource): string[] {
  const groups = resource.at('Groups');
  return isList(groups) && groups.length > 0 ? ['policies of the groups of this user'] : [];
}
