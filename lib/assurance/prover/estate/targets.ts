import type { Resource, TemplateModel} from '../../template';
import { listOf, policyDocument } from '../../template';
import type { Endpoint, Target } from './estate';
import type { GroundPolicy} from './ground';
import { groundPolicy, groundRawPolicy, settledText } from './ground';
import type { Placeholders } from './placeholders';
import type { TargetType } from './resource-policies';
import { TARGET_TYPES } from './resource-policies';

/** Resources of the templates that requests can be aimed at, with their own policies. */
export function templateTargets(model: TemplateModel, placeholders: Placeholders, limits: string[]): Target[] {
  return TARGET_TYPES.flatMap((type) => {
    const policies = policiesByTarget(type, model, placeholders, limits);
    return model.ofType(type.type).flatMap((resource): Target[] => {
      const arn = settledText(model.arnOf(resource), placeholders.settle);
      if (arn === undefined) return [];
      return [
        {
          id: resource.logicalId,
          type: type.type,
          service: type.service,
          account: placeholders.account(resource),
          arns: type.inside.map((suffix) => arn + suffix),
          policies: policies.get(resource) ?? defaultPolicies(type, resource, placeholders),
          needsGrant: type.needsGrant ?? false,
          ignoresResource: type.ignoresResource ?? false,
        },
      ];
    });
  });
}

/** VPC endpoints of the templates. */
export function templateEndpoints(model: TemplateModel, placeholders: Placeholders): Endpoint[] {
  return model.ofType('AWS::EC2::VPCEndpoint').flatMap((resource) => {
    const endpointId = settledText(model.nameOf(resource), placeholders.settle);
    if (endpointId === undefined) return [];
    const document = resource.at('PolicyDocument');
    const serviceName = settledText(resource.at('ServiceName'), placeholders.settle);
    const policy =
      document === undefined
        ? undefined
        : groundPolicy(resource.logicalId, policyDocument(document), placeholders.settle, resource.presence === 'MAYBE');
    return [
      {
        id: resource.logicalId,
        endpointId,
        vpcId: settledText(resource.at('VpcId'), placeholders.settle),
        services: servicesOf(serviceName),
        policy,
      },
    ];
  });
}

/** IAM prefixes behind an endpoint's service name. */
function servicesOf(serviceName: string | undefined): readonly string[] | undefined {
  const match = /^com\.amazonaws(?:\.cn)?\.[a-z0-9-]+\.(.+)$/.exec(serviceName ?? '');
  if (match === null) return undefined;
  const name = match[1];
  const special: Readonly<Record<string, readonly string[]>> = {
    'sagemaker.api': ['sagemaker'],
    'sagemaker.runtime': ['sagemaker'],
    'sagemaker.featurestore-runtime': ['sagemaker'],
    'ecr.api': ['ecr'],
    'ecr.dkr': ['ecr'],
    'bedrock-runtime': ['bedrock'],
    'bedrock-agent': ['bedrock'],
    'bedrock-agent-runtime': ['bedrock'],
    'sync-states': ['states'],
    s3: ['s3', 's3-object-lambda', 's3express'],
    'bedrock-agentcore.gateway': ['bedrock-agentcore'],
  };
  return Object.hasOwn(special, name) ? special[name] : [name];
}

function policiesByTarget(
  type: TargetType,
  model: TemplateModel,
  placeholders: Placeholders,
  limits: string[],
): Map<Resource, GroundPolicy[]> {
  const found = new Map<Resource, GroundPolicy[]>();
  const add = (resource: Resource, policy: GroundPolicy): void => void found.set(resource, [...(found.get(resource) ?? []), policy]);
  if (type.type === 'AWS::Lambda::Function') permissions(model, placeholders, add, limits);
  for (const home of type.homes) {
    for (const holder of model.ofType(home.type)) {
      const document = holder.at(home.document);
      if (document === undefined) continue;
      const policy = groundPolicy(holder.logicalId, policyDocument(document), placeholders.settle, holder.presence === 'MAYBE');
      if (home.target === undefined) add(holder, policy);
      else {
        const targets = named(holder, home.target, type, model, placeholders);
        if (targets.length === 0) limits.push(`the policy of ${holder.id} protects a resource outside the templates`);
        targets.forEach((target) => add(target, policy));
      }
    }
  }
  return found;
}

/** Resources of a type that a property names, by reference or by name. */
function named(holder: Resource, property: string, type: TargetType, model: TemplateModel, placeholders: Placeholders): Resource[] {
  const byEdge = holder
    .edgesAt(property)
    .filter((e) => e.to.type === type.type)
    .map((e) => e.to);
  if (byEdge.length > 0) return [...new Set(byEdge)];
  const names = listOf(holder.at(property)).map((v) => settledText(v, placeholders.settle));
  return model
    .ofType(type.type)
    .filter((r) =>
      [model.nameOf(r), model.arnOf(r), model.attributeOf(r, 'Ref')].some((v) => names.includes(settledText(v, placeholders.settle) ?? '')),
    );
}

/** `AWS::Lambda::Permission` is a statement of the function's policy. */
function permissions(
  model: TemplateModel,
  placeholders: Placeholders,
  add: (resource: Resource, policy: GroundPolicy) => void,
  limits: string[],
): void {
  const type = TARGET_TYPES.find((t) => t.type === 'AWS::Lambda::Function') as TargetType;
  for (const permission of model.ofType('AWS::Lambda::Permission')) {
    const targets = named(permission, 'FunctionName', type, model, placeholders);
    if (targets.length === 0) limits.push(`the permission ${permission.id} is for a function outside the templates`);
    const text = (property: string): string | undefined => settledText(permission.at(property), placeholders.settle);
    const principal = text('Principal');
    const conditions: Record<string, Record<string, string>> = {};
    const open = (property: string, operator: string, key: string): void => {
      const value = text(property);
      // A source that is not known is left out: the permission then counts as wider than it may be.
      if (value !== undefined) conditions[operator] = { ...conditions[operator], [key]: value };
    };
    open('SourceArn', 'ArnLike', 'aws:SourceArn');
    open('SourceAccount', 'StringEquals', 'aws:SourceAccount');
    open('PrincipalOrgID', 'StringEquals', 'aws:PrincipalOrgID');
    open('FunctionUrlAuthType', 'StringEquals', 'lambda:FunctionUrlAuthType');
    const document = {
      Version: '2008-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: text('Action') ?? 'lambda:*',
          Resource: '*',
          Condition: conditions,
          Principal:
            principal === undefined || principal === '*'
              ? '*'
              : /^[a-z0-9.-]+\.[a-z]/.test(principal)
                ? { Service: principal }
                : { AWS: principal },
        },
      ],
    };
    targets.forEach((target) => add(target, groundRawPolicy(permission.logicalId, document)));
  }
}

/** A key without a policy has the one that AWS gives it: the account decides. */
function defaultPolicies(type: TargetType, resource: Resource, placeholders: Placeholders): GroundPolicy[] {
  if (type.type !== 'AWS::KMS::Key') return [];
  const root = `arn:${resource.stack.partition}:iam::${placeholders.account(resource)}:root`;
  return [
    groundRawPolicy(`${resource.logicalId}.default`, {
      Statement: [{ Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' }],
    }),
  ];
}
