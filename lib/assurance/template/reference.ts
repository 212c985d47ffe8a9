import { generatedName } from './generated-name';
import type { PhysicalId} from './physical-id';
import { physicalIdOf } from './physical-id';
import { isRawObject, ownEntry } from './raw';
import type { Resource } from './resource';
import type { Text, Value} from './value';
import { Unknown, joinParts, textParts } from './value';

/** Evaluates a raw value in the scope of a resource's stack without recording references. */
export type EvaluateQuietly = (raw: unknown, resource: Resource) => Value | undefined;

/**
 * Gives resources their names, reference values and attributes: a literal where the template decides it, else an `Unknown`
 * that keeps its identity.
 */
export class ReferenceValues {
  private readonly names = new Map<Resource, string | Text | Unknown | undefined>();
  private readonly values = new Map<string, Value>();

  constructor(private readonly evaluate: EvaluateQuietly) {}

  /** What `Ref` (attribute `Ref`) or `Fn::GetAtt` returns for a resource. */
  of(resource: Resource, attribute: string): Value {
    const key = `${resource.id}|${attribute}`;
    const known = this.values.get(key);
    if (known !== undefined) return known;
    const value = this.derive(resource, attribute);
    this.values.set(key, value);
    return value;
  }

  /** The name of a resource: given by the template, or generated with a known shape. */
  name(resource: Resource): string | Text | Unknown {
    const known = this.names.get(resource);
    if (known !== undefined) return known;
    if (this.names.has(resource)) return new Unknown('INVALID', `the name of ${resource.id} refers to itself`);
    this.names.set(resource, undefined);
    const name = this.givenName(resource) ?? this.generated(resource);
    this.names.set(resource, name);
    return name;
  }

  /** The ARN of a resource, or undefined for types without a known format. */
  arn(resource: Resource): string | Text | Unknown | undefined {
    const physical = physicalIdOf(resource.type);
    return physical === undefined ? undefined : this.fill(physical.arn, resource);
  }

  private derive(resource: Resource, attribute: string): Value {
    const physical = physicalIdOf(resource.type);
    if (physical !== undefined) {
      if (physical.nameAttributes.includes(attribute)) return this.name(resource);
      if (physical.arnAttributes.includes(attribute)) return this.fill(physical.arn, resource);
      if (attribute === 'QueueUrl' && physical.url !== undefined) return this.fill(physical.url, resource);
      if (attribute === 'Ref') return this.refValue(resource, physical);
    }
    const what = attribute === 'Ref' ? 'the reference value' : `attribute '${attribute}'`;
    return new Unknown('ATTRIBUTE', `${what} of ${resource.id} exists only after deployment`, { resource: resource.id, attribute });
  }

  private refValue(resource: Resource, physical: PhysicalId): Value {
    if (physical.ref === 'ARN') return this.fill(physical.arn, resource);
    if (physical.ref === 'URL' && physical.url !== undefined) return this.fill(physical.url, resource);
    return this.name(resource);
  }

  private givenName(resource: Resource): string | Text | Unknown | undefined {
    const property = physicalIdOf(resource.type)?.nameProperty;
    const properties = resource.raw.Properties;
    if (property === undefined || !isRawObject(properties)) return undefined;
    const raw = ownEntry(properties, property);
    if (raw === undefined) return undefined;
    const parts = textParts(this.evaluate(raw, resource));
    return parts === undefined ? undefined : joinParts(parts);
  }

  private generated(resource: Resource): Unknown {
    const { fixed } = generatedName(resource.type, resource.stack.stackName, resource.logicalId);
    return new Unknown('GENERATED_NAME', `CloudFormation makes up the name of ${resource.id} ('${fixed}…')`, {
      resource: resource.id,
      attribute: 'Name',
    });
  }

  private fill(format: string, resource: Resource): string | Text | Unknown {
    const { stack } = resource;
    const parts: (string | Unknown)[] = [];
    for (const piece of format.split(/(%[NPRAX])/)) {
      if (piece === '%P') parts.push(stack.partition);
      else if (piece === '%R') parts.push(stack.region);
      else if (piece === '%A') parts.push(stack.account);
      else if (piece === '%N') parts.push(...(textParts(this.name(resource)) ?? []));
      else if (piece === '%X') parts.push(...this.path(resource));
      else parts.push(piece);
    }
    return joinParts(parts);
  }

  private path(resource: Resource): readonly (string | Unknown)[] {
    const properties = resource.raw.Properties;
    const raw = isRawObject(properties) ? ownEntry(properties, 'Path') : undefined;
    return raw === undefined ? ['/'] : (textParts(this.evaluate(raw, resource)) ?? ['/']);
  }
}
