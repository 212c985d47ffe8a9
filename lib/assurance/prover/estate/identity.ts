import type { IdentityDocument, Resource, TemplateModel } from '../../template';
import { PolicyAttachments, policyDocument } from '../../template';
import type { Principal } from './estate';
import type { GroundPolicy } from './ground';
import { groundPolicy, settledText } from './ground';
import type { Placeholders } from './placeholders';

/** Roles and users of the templates with their policies. */
export function templatePrincipals(
  model: TemplateModel,
  placeholders: Placeholders,
  organization: ReadonlyMap<string, string>,
): Principal[] {
  const scope: Scope = { model, placeholders, attachments: new PolicyAttachments(model, placeholders.settle) };
  return [...model.ofType('AWS::IAM::Role'), ...model.ofType('AWS::IAM::User')].map((resource) => principal(resource, scope, organization));
}

interface Scope {
  readonly model: TemplateModel;
  readonly placeholders: Placeholders;
  readonly attachments: PolicyAttachments;
}

function principal(resource: Resource, scope: Scope, organization: ReadonlyMap<string, string>): Principal {
  const { model, placeholders, attachments } = scope;
  const isRole = resource.type === 'AWS::IAM::Role';
  const account = placeholders.account(resource);
  const arn = settledText(model.arnOf(resource), placeholders.settle);
  const { documents, external } = attachments.of(resource);
  const identity = documents.map((document) => policyOf(document, placeholders));
  const boundary = boundaryOf(resource, scope);
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

function policyOf({ resource, path, presence }: IdentityDocument, placeholders: Placeholders): GroundPolicy {
  const document = policyDocument(resource.at(path));
  return groundPolicy(labelOf(resource, path), document, placeholders.settle, presence === 'MAYBE' || resource.presence === 'MAYBE');
}

/** The name under which people find a document: that of the resource, and for one of several the name of the policy. */
function labelOf(resource: Resource, path: string): string {
  const [property, index] = path.split('.');
  if (index === undefined) return resource.logicalId;
  const name = resource.at(`${property}.${index}.PolicyName`);
  return `${resource.logicalId}.${typeof name === 'string' ? name : index}`;
}

/** A boundary that lies outside the templates restricts in unknown ways: none is assumed, which errs on the safe side. */
function boundaryOf(resource: Resource, { attachments, placeholders }: Scope): GroundPolicy | undefined {
  const policy = attachments.managedPolicy(resource.at('PermissionsBoundary'));
  return policy && policyOf({ resource: policy, path: 'PolicyDocument', presence: 'YES' }, placeholders);
}
