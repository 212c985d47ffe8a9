import { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type ResolvedTemplate, type Template, type TemplateEnv, resolveAssembly } from './resolve-template';

/** A stack or app, or plain templates by stack name. */
export type AssemblySource = Stack | Stage | Readonly<Record<string, Template>>;

export interface Located {
  readonly stack: ResolvedTemplate;
  readonly id: string;
}

/** The resolved stacks that are deployed together, and how tests name what is in them. */
export class Assembly {
  /** Of a stack, takes all stacks of its app: others may import from it and add policies to what it holds. */
  static of(source: AssemblySource, env: Omit<TemplateEnv, 'stackName'>): Assembly {
    const templates =
      source instanceof Stack || source instanceof Stage
        ? synthesise(source, env)
        : Object.entries(source).map(([stackName, template]) => ({ template, env: { ...env, stackName } }));
    const stacks = resolveAssembly(templates);
    for (const stack of stacks) {
      const [nested] = stack.resourceIds('AWS::CloudFormation::Stack');
      if (nested !== undefined) throw new Error(`${stack.stackName}/${nested} is a nested stack, whose policies would be missed`);
    }
    return new Assembly(stacks);
  }

  private constructor(readonly stacks: readonly ResolvedTemplate[]) {}

  /** The ARN of a resource by object, `logicalId`, `stack/logicalId`, construct path or ARN. */
  arnOf(target: IConstruct | string): string {
    if (typeof target === 'string' && target.startsWith('arn:')) return target;
    const { stack, id } = this.find(target);
    return stack.arnOf(id);
  }

  find(target: IConstruct | string): Located {
    const found = typeof target === 'string' ? this.findByText(target) : this.findByConstruct(target);
    if (found.length === 1) return found[0];
    const name = typeof target === 'string' ? target : target.node.path;
    if (found.length === 0) throw new Error(`'${name}' is no resource of these templates`);
    throw new Error(`'${name}' is ambiguous: ${found.map(({ stack, id }) => `${stack.stackName}/${id}`).join(', ')}`);
  }

  /** The resource that an ARN names, or that holds what it names. */
  ownerOf(arn: string): Located | undefined {
    return this.all().find(({ stack, id }) => stack.hasArn(id) && covers(stack.arnOf(id), arn));
  }

  private all(): Located[] {
    return this.stacks.flatMap((stack) => stack.resourceIds().map((id) => ({ stack, id })));
  }

  private findByText(text: string): Located[] {
    return this.all().filter(
      ({ stack, id }) => id === text || `${stack.stackName}/${id}` === text || [text, `${text}/Resource`].includes(stack.pathOf(id) ?? ''),
    );
  }

  private findByConstruct(construct: IConstruct): Located[] {
    const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
    if (resource === undefined || !CfnResource.isCfnResource(resource)) {
      throw new Error(`${construct.node.path} has no resource of its own`);
    }
    const owner = Stack.of(resource);
    const logicalId = owner.resolve(resource.logicalId) as string;
    return this.all().filter(({ stack, id }) => stack.stackName === owner.stackName && id === logicalId);
  }
}

/** The policy of a bucket, key, group … also covers what is inside it. */
export function covers(target: string, arn: string): boolean {
  return arn === target || arn.startsWith(`${target}/`) || arn.startsWith(`${target}:`);
}

function synthesise(source: Stack | Stage, env: Omit<TemplateEnv, 'stackName'>): { template: Template; env: TemplateEnv }[] {
  const stage = source instanceof Stage ? source : Stage.of(source);
  if (stage === undefined) throw new Error(`${source.node.path} is in no app`);
  const concrete = (value: string, fallback: string): string => (value.startsWith('unknown-') ? fallback : value);
  return stage.synth().stacksRecursively.map((artifact) => ({
    template: artifact.template as Template,
    env: {
      ...env,
      accountId: concrete(artifact.environment.account, env.accountId),
      region: concrete(artifact.environment.region, env.region),
      stackName: artifact.stackName,
    },
  }));
}
