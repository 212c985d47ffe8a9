import { conditionValue } from './condition';
import { TemplateError } from './error';
import type { OnReference, Outside } from './evaluator';
import { Evaluator } from './evaluator';
import type { TemplateLimits } from './limits';
import { Budget } from './limits';
import { isRawObject, ownEntry } from './raw';
import { ReferenceValues } from './reference';
import type { Edge} from './resource';
import { Resource } from './resource';
import type { Reference, TemplateInput, Traced } from './stack';
import { Stack } from './stack';
import type { Text, Value} from './value';
import { Unknown, isDict } from './value';

/** How a model is made. */
export interface TemplateModelOptions {
  /** Whether parameters keep their defaults; each one so taken is listed in `assumptions`. @default true */
  readonly assumeParameterDefaults?: boolean;
  readonly limits?: TemplateLimits;
}

/** The resources of one or more templates with their functions evaluated and their references as edges. */
export class TemplateModel {
  /**
   * Reads templates that are already parsed.
   *
   * @throws {@link TemplateError} when a template is none, exceeds the limits, or its id is taken; what is merely unknown
   * becomes an `Unknown`.
   */
  static of(inputs: readonly TemplateInput[], options: TemplateModelOptions = {}): TemplateModel {
    return new TemplateModel(inputs, options);
  }

  readonly stacks: readonly Stack[];
  /** Every resource that exists or may exist, in template order. */
  readonly resources: readonly Resource[];
  private readonly byId = new Map<string, Stack>();
  private readonly children = new Map<string, Stack>();
  private readonly exports = new Map<string, { stack: Stack; output: string }>();
  private readonly types = new Map<string, Resource[]>();
  private readonly budget: Budget;
  private declaredCount = 0;
  private readonly references: ReferenceValues;
  private readonly outside: Outside;

  private constructor(inputs: readonly TemplateInput[], options: TemplateModelOptions) {
    this.budget = new Budget(options.limits);
    this.references = new ReferenceValues((raw, resource) => this.evaluator(resource.stack).evaluate(raw));
    this.outside = {
      importValue: (name) => {
        const found = this.exports.get(name);
        return found && this.output(found.stack, found.output);
      },
      nestedOutput: (stack, logicalId, output) => {
        const child = this.children.get(`${stack.id}/${logicalId}`);
        return child?.rawOutputs.has(output) ? this.output(child, output) : undefined;
      },
    };
    this.stacks = inputs.map((input) => new Stack(input, options.assumeParameterDefaults ?? true));
    for (const stack of this.stacks) {
      if (this.byId.has(stack.id))
        throw new TemplateError('BAD_INPUT', `two templates are named '${stack.id}': give each an id of its own`);
      this.byId.set(stack.id, stack);
    }
    this.stacks.forEach((stack) => this.bindToParent(stack));
    this.stacks.forEach((stack) => this.bindParameters(stack));
    const declared = this.stacks.flatMap((stack) => this.declare(stack));
    this.stacks.forEach((stack) => this.declareExports(stack));
    // Conditions come after all declarations: those of a nested stack may rest on values of its parent and siblings.
    this.resources = declared.filter((resource) => this.decidePresence(resource));
    this.resources.forEach((resource) => this.evaluateResource(resource));
  }

  /** Assumptions on which values rest, such as a parameter that keeps its default. */
  get assumptions(): readonly string[] {
    return this.stacks.flatMap((stack) => [...stack.assumptions]);
  }

  /** What the templates hold that the model cannot see: reasons for "undetermined" about the whole. */
  get gaps(): readonly string[] {
    const unread = this.ofType('AWS::CloudFormation::Stack').filter((resource) => !this.children.has(resource.id));
    return [
      ...this.stacks.flatMap((stack) => stack.gaps),
      ...unread.map(({ id }) => `the template of the nested stack ${id} was not given: what it adds is not judged`),
    ];
  }

  /** Resources of a type, in template order. */
  ofType(type: string): readonly Resource[] {
    return this.types.get(type) ?? [];
  }

  /** The resource with an id (`stackId/LogicalId`), if there is one. */
  resource(id: string): Resource | undefined {
    const slash = id.lastIndexOf('/');
    return this.byId.get(id.slice(0, slash))?.resources.get(id.slice(slash + 1));
  }

  /** The name of a resource: a text where the template gives one, else an `Unknown` of kind `GENERATED_NAME`. */
  nameOf(resource: Resource): string | Text | Unknown {
    return this.references.name(resource);
  }

  /** The ARN of a resource, or undefined for types whose format is not known here. */
  arnOf(resource: Resource): string | Text | Unknown | undefined {
    return this.references.arn(resource);
  }

  /** What `Ref` or `Fn::GetAtt` returns for a resource. */
  attributeOf(resource: Resource, attribute: string): Value {
    return this.references.of(resource, attribute);
  }

  private evaluator(stack: Stack, onReference?: OnReference): Evaluator {
    return new Evaluator(stack, this.references, this.outside, this.budget, onReference);
  }

  private bindToParent(stack: Stack): void {
    const { parent } = stack;
    if (parent === undefined) return;
    if (!this.byId.has(parent.stack)) {
      throw new TemplateError(
        'BAD_INPUT',
        `stack '${stack.id}' is nested in '${parent.stack}', which is not among the templates: give the parent as well`,
      );
    }
    this.children.set(`${parent.stack}/${parent.logicalId}`, stack);
  }

  private declare(stack: Stack): Resource[] {
    const declared: Resource[] = [];
    for (const [logicalId, raw] of stack.rawResources) {
      if (logicalId.startsWith('Fn::')) {
        stack.gaps.push(`resources of '${logicalId}' in stack '${stack.id}' are made by a loop at deploy time: they are not judged`);
        continue;
      }
      const type = ownEntry(raw, 'Type');
      if (typeof type !== 'string') {
        throw new TemplateError(
          'NOT_A_TEMPLATE',
          `resource '${logicalId}' of ${stack.source ?? `stack '${stack.id}'`} has no Type: expected a text such as AWS::S3::Bucket`,
        );
      }
      const resource = new Resource(stack, logicalId, type, raw);
      stack.resources.set(logicalId, resource);
      declared.push(resource);
      this.declaredCount += 1;
      if (this.declaredCount > this.budget.resources) {
        throw new TemplateError(
          'TOO_LARGE',
          `the templates hold more than ${this.budget.resources} resources: judge fewer stacks at once or raise limits.resources`,
        );
      }
    }
    return declared;
  }

  private decidePresence(resource: Resource): boolean {
    const { stack, logicalId, type } = resource;
    const condition = ownEntry(resource.raw, 'Condition');
    const decided = typeof condition === 'string' ? conditionValue(this.evaluator(stack), { Condition: condition }) : true;
    if (decided === false) {
      stack.absent.add(logicalId);
      stack.resources.delete(logicalId);
      return false;
    }
    resource.presence = decided ? 'YES' : 'MAYBE';
    const sameType = this.types.get(type);
    if (sameType === undefined) this.types.set(type, [resource]);
    else sameType.push(resource);
    return true;
  }

  /** Parameters of a nested stack are values of its parent: evaluated there, on first use, with what they refer to. */
  private bindParameters(stack: Stack): void {
    const parent = stack.parent && this.byId.get(stack.parent.stack);
    if (parent === undefined) return;
    const raw = parent.rawResources.get(stack.parent?.logicalId ?? '');
    const properties = raw && ownEntry(raw, 'Properties');
    const parameters = isRawObject(properties) ? ownEntry(properties, 'Parameters') : undefined;
    if (!isRawObject(parameters)) return;
    for (const [name, argument] of Object.entries(parameters)) {
      stack.boundParameters.set(name, () => this.traced(parent, argument));
    }
  }

  private declareExports(stack: Stack): void {
    for (const [output, raw] of stack.rawOutputs) {
      const exported = ownEntry(raw, 'Export');
      const name = isRawObject(exported) ? this.evaluator(stack).evaluate(ownEntry(exported, 'Name') ?? null) : undefined;
      if (typeof name === 'string') this.exports.set(name, { stack, output });
    }
  }

  private output(stack: Stack, name: string): Traced {
    const known = stack.outputs.get(name);
    if (known !== undefined) return known;
    stack.outputs.set(name, { value: new Unknown('INVALID', `output '${name}' of stack '${stack.id}' refers to itself`), references: [] });
    const traced = this.traced(stack, ownEntry(stack.rawOutputs.get(name) ?? {}, 'Value') ?? null);
    stack.outputs.set(name, traced);
    return traced;
  }

  private traced(stack: Stack, raw: unknown): Traced {
    const references: Reference[] = [];
    const value = this.evaluator(stack, (_kind, reference) => references.push(reference)).evaluate(raw);
    return { value, references };
  }

  private evaluateResource(resource: Resource): void {
    const connect: OnReference = (kind, { resource: to, attribute }, path) => {
      const edge: Edge = { kind, from: resource, to, attribute, path };
      resource.outgoing.push(edge);
      to.incoming.push(edge);
    };
    const raw = ownEntry(resource.raw, 'Properties');
    if (raw !== undefined) {
      const evaluator = this.evaluator(resource.stack, connect);
      const value = evaluator.under('Properties', raw, 0);
      if (isDict(value)) resource.properties = value;
      else if (value instanceof Unknown) resource.opaque = value;
      else if (value !== null) resource.opaque = new Unknown('INVALID', `the properties of ${resource.id} are no object`);
    }
    const dependsOn = ownEntry(resource.raw, 'DependsOn');
    for (const id of dependsOn === undefined ? [] : [dependsOn].flat()) {
      const to = resource.stack.resources.get(String(id));
      if (to !== undefined) connect('DependsOn', { resource: to, attribute: '' }, 'DependsOn');
    }
  }
}
