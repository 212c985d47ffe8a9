import { type Json, type JsonObject, isObject } from './policy-document';
import { fillForm, generatedName, physicalForm, urlSuffix } from './physical-names';

/** What CloudFormation knows at deploy time and a template does not say. */
export interface TemplateEnv {
  readonly accountId: string;
  readonly region: string;
  /** @default 'aws' */
  readonly partition?: string;
  readonly stackName: string;
  /** Values of parameters. @default - the parameters' own defaults */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Results of conditions. @default - evaluated from the template's own Conditions */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** Values for `LogicalId` (Ref) or `LogicalId.Attribute` (Fn::GetAtt) that the naming table does not hold. */
  readonly values?: Readonly<Record<string, string>>;
  /** Looks up exports of other stacks. @default - Fn::ImportValue is an error */
  readonly importValue?: (name: string) => Json | undefined;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, JsonObject>>;
  readonly Outputs?: Readonly<Record<string, JsonObject>>;
  readonly Parameters?: Readonly<Record<string, JsonObject>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Mappings?: Readonly<Record<string, JsonObject>>;
}

type Resolved = Json | undefined;

/** Resolves a template on demand: a value is resolved when it is asked for, and what cannot be resolved throws. */
export function resolveTemplate(template: Template, env: TemplateEnv): ResolvedTemplate {
  return new ResolvedTemplate(template, env);
}

/** Resolves the templates of one cloud assembly, so that exports of one are imports of another. */
export function resolveAssembly(templates: readonly { template: Template; env: TemplateEnv }[]): ResolvedTemplate[] {
  const importValue = (name: string): Json | undefined => {
    for (const stack of stacks) {
      const value = stack.exportValue(name);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const stacks = templates.map(({ template, env }) => new ResolvedTemplate(template, { importValue, ...env }));
  return stacks;
}

export class ResolvedTemplate {
  readonly stackName: string;
  private readonly inProgress = new Set<string>();

  constructor(
    private readonly template: Template,
    readonly env: TemplateEnv,
  ) {
    this.stackName = env.stackName;
  }

  get partition(): string {
    return this.env.partition ?? 'aws';
  }

  /** Logical ids of the resources that exist (their condition holds), of one type or of all. */
  resourceIds(type?: string): string[] {
    return Object.entries(this.template.Resources ?? {})
      .filter(([, resource]) => type === undefined || resource.Type === type)
      .filter(([id, resource]) => typeof resource.Condition !== 'string' || this.condition(resource.Condition, id))
      .map(([id]) => id);
  }

  has(id: string): boolean {
    return Object.hasOwn(this.template.Resources ?? {}, id);
  }

  /** Whether the naming table gives the resource an ARN. */
  hasArn(id: string): boolean {
    return physicalForm(this.typeOf(id))?.arn !== undefined;
  }

  typeOf(id: string): string {
    return this.raw(id).Type as string;
  }

  /** The construct path that CDK wrote into the metadata, if it did. */
  pathOf(id: string): string | undefined {
    const path = ((this.raw(id).Metadata ?? {}) as JsonObject)['aws:cdk:path'];
    return typeof path === 'string' ? path : undefined;
  }

  properties(id: string): JsonObject {
    return (this.resolve(this.raw(id).Properties ?? {}, id) ?? {}) as JsonObject;
  }

  property(id: string, name: string): Resolved {
    const properties = (this.raw(id).Properties ?? {}) as JsonObject;
    return Object.hasOwn(properties, name) ? this.resolve(properties[name], `${id}.${name}`) : undefined;
  }

  arnOf(id: string): string {
    const arn = physicalForm(this.typeOf(id))?.arn;
    if (arn === undefined) throw new Error(`cannot name ${id}: the ARN of ${this.typeOf(id)} is not in the naming table`);
    return this.fill(arn, id);
  }

  refOf(id: string, where = id): string {
    const given = own(this.env.values, id);
    if (given !== undefined) return given;
    const form = physicalForm(this.typeOf(id));
    if (form === undefined) throw unresolved(where, `Ref ${id}`, `${this.typeOf(id)} is not in the naming table`);
    return this.fill(form.ref, id);
  }

  /** The value of an export, or `undefined` when this stack does not export it. */
  exportValue(name: string): Json | undefined {
    for (const [id, output] of Object.entries(this.template.Outputs ?? {})) {
      if (!isObject(output.Export)) continue;
      if (this.resolve(output.Export.Name, `Outputs.${id}.Export`) === name) return this.resolve(output.Value, `Outputs.${id}`);
    }
    return undefined;
  }

  /** Resolves intrinsics; AWS::NoValue becomes `undefined`, and disappears from objects and lists. */
  resolve(value: Json, where: string): Resolved {
    if (typeof value === 'string') {
      if (value.includes('{{resolve:')) throw unresolved(where, 'dynamic reference', value);
      return value;
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => this.resolve(item, `${where}[${index}]`)).filter((item) => item !== undefined);
    }
    if (!isObject(value)) return value;
    const keys = Object.keys(value);
    const [key] = keys;
    if (keys.length === 1 && (key === 'Ref' || key.startsWith('Fn::'))) return this.intrinsic(key, value[key], where);
    return Object.fromEntries(
      keys.flatMap((name): [string, Json][] => {
        const resolved = this.resolve(value[name], `${where}.${name}`);
        return resolved === undefined ? [] : [[name, resolved]];
      }),
    );
  }

  private intrinsic(name: string, argument: Json, where: string): Resolved {
    const list = (): Json[] => {
      const resolved = this.resolve(argument, where);
      if (!Array.isArray(resolved)) throw unresolved(where, name, `wants a list, got ${JSON.stringify(argument)}`);
      return resolved;
    };
    switch (name) {
      case 'Ref':
        return this.ref(text(argument, where, name), where);
      case 'Fn::GetAtt': {
        const [id, attribute] = Array.isArray(argument) ? argument : text(argument, where, name).split(/\.(.*)/s);
        return this.getAtt(text(id, where, name), text(this.resolve(attribute, where), where, name), where);
      }
      case 'Fn::Join': {
        const [separator, parts] = list();
        return (parts as Json[]).map((part) => text(part, where, name)).join(text(separator, where, name));
      }
      case 'Fn::Split': {
        const [separator, source] = list();
        return text(source, where, name).split(text(separator, where, name));
      }
      case 'Fn::Select': {
        const [index, items] = list();
        const item = Array.isArray(items) ? items[Number(index)] : undefined;
        if (item === undefined) throw unresolved(where, name, `no item ${JSON.stringify(index)} in ${JSON.stringify(items)}`);
        return item;
      }
      case 'Fn::Sub':
        return this.sub(argument, where);
      case 'Fn::If': {
        const [condition, yes, no] = argument as Json[];
        return this.resolve(this.condition(text(condition, where, name), where) ? yes : no, where);
      }
      case 'Fn::FindInMap': {
        const [map, first, second] = list().map((part) => text(part, where, name));
        const found = own(own(own(this.template.Mappings, map), first) as JsonObject | undefined, second);
        if (found === undefined) throw unresolved(where, name, `no entry ${map}.${first}.${second}`);
        return found;
      }
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => this.env.region + zone);
      case 'Fn::Base64':
        return Buffer.from(text(this.resolve(argument, where), where, name)).toString('base64');
      case 'Fn::ImportValue': {
        const exported = text(this.resolve(argument, where), where, name);
        const value = this.env.importValue?.(exported);
        if (value === undefined) throw unresolved(where, name, `no stack exports '${exported}'`);
        return value;
      }
      default:
        throw unresolved(where, name, 'not supported');
    }
  }

  private ref(id: string, where: string): Resolved {
    if (id === 'AWS::NoValue') return undefined;
    const pseudo: Record<string, string> = {
      'AWS::AccountId': this.env.accountId,
      'AWS::Region': this.env.region,
      'AWS::Partition': this.partition,
      'AWS::URLSuffix': urlSuffix(this.partition),
      'AWS::StackName': this.stackName,
      'AWS::StackId': this.fill(`arn:{partition}:cloudformation:{region}:{account}:stack/${this.stackName}/{uuid}`, ''),
    };
    if (Object.hasOwn(pseudo, id)) return pseudo[id];
    if (this.has(id)) return this.refOf(id, where);
    const given = own(this.env.parameters, id);
    if (given !== undefined) return given;
    const parameter = own(this.template.Parameters, id);
    if (parameter === undefined) throw unresolved(where, `Ref ${id}`, 'no such resource, parameter or pseudo parameter');
    if (parameter.Default === undefined || String(parameter.Type).startsWith('AWS::SSM::')) {
      throw unresolved(where, `Ref ${id}`, 'the parameter has no value: give it in `parameters`');
    }
    return parameter.Default;
  }

  private getAtt(id: string, attribute: string, where: string): Resolved {
    const intrinsic = `Fn::GetAtt ${id}.${attribute}`;
    const given = own(this.env.values, `${id}.${attribute}`);
    if (given !== undefined) return given;
    if (!this.has(id)) throw unresolved(where, intrinsic, 'no such resource');
    const form = physicalForm(this.typeOf(id));
    const attributes = form?.attributes ?? {};
    if (Object.hasOwn(attributes, attribute)) return this.fill(attributes[attribute], id);
    if (attribute === 'Arn' && form?.arn !== undefined) return this.fill(form.arn, id);
    // Many attributes repeat a property: CidrBlock of a VPC, VpcId of an endpoint.
    const property = this.guarded(`${id}.${attribute}`, where, () => this.property(id, attribute));
    if (property === undefined) throw unresolved(where, intrinsic, `the attribute of ${this.typeOf(id)} is not in the naming table`);
    return property;
  }

  private sub(argument: Json, where: string): string {
    const [source, variables] = Array.isArray(argument) ? argument : [argument, {}];
    return text(source, where, 'Fn::Sub')
      .replace(/\$\{([^!}][^}]*)\}/g, (_, expression: string) => {
        const name = expression.trim();
        const value = Object.hasOwn(variables as JsonObject, name)
          ? this.resolve((variables as JsonObject)[name], where)
          : name.includes('.')
            ? this.intrinsic('Fn::GetAtt', name, where)
            : this.ref(name, where);
        return text(value, where, `Fn::Sub \${${name}}`);
      })
      .replaceAll('${!', '${');
  }

  private condition(name: string, where: string): boolean {
    const given = own(this.env.conditions, name);
    if (given !== undefined) return given;
    const definition = own(this.template.Conditions, name);
    if (definition === undefined) throw unresolved(where, `condition ${name}`, 'it is not defined');
    return this.guarded(`condition ${name}`, where, () => this.holds(definition, `Conditions.${name}`));
  }

  private holds(definition: Json, where: string): boolean {
    const [[operator, argument]] = Object.entries<Json>(definition as JsonObject);
    const all = (): boolean[] => (argument as Json[]).map((item) => this.holds(item, where));
    switch (operator) {
      case 'Fn::Equals': {
        const [left, right] = (argument as Json[]).map((item) => this.resolve(item, where));
        return left === right;
      }
      case 'Fn::And':
        return all().every(Boolean);
      case 'Fn::Or':
        return all().some(Boolean);
      case 'Fn::Not':
        return !all()[0];
      case 'Condition':
        return this.condition(text(argument, where, operator), where);
      default:
        throw unresolved(where, operator, 'not supported in a condition');
    }
  }

  private fill(form: string, id: string): string {
    return fillForm(form, {
      partition: this.partition,
      region: this.env.region,
      account: this.env.accountId,
      seed: `${this.stackName}/${id}`,
      name: () => this.physicalName(id),
      path: () => text(this.property(id, 'Path') ?? '/', id, 'Path'),
    });
  }

  private physicalName(id: string): string {
    const nameProperty = physicalForm(this.typeOf(id))?.nameProperty;
    const given = nameProperty === undefined ? undefined : this.guarded(`${id}.${nameProperty}`, id, () => this.property(id, nameProperty));
    return given === undefined ? generatedName(this.stackName, id, this.typeOf(id)) : text(given, id, 'name');
  }

  private guarded<T>(key: string, where: string, resolve: () => T): T {
    if (this.inProgress.has(key)) throw unresolved(where, key, 'it depends on itself');
    this.inProgress.add(key);
    try {
      return resolve();
    } finally {
      this.inProgress.delete(key);
    }
  }

  private raw(id: string): JsonObject {
    if (!this.has(id)) throw new Error(`stack ${this.stackName} has no resource '${id}'`);
    return (this.template.Resources ?? {})[id];
  }
}

/** Templates are input: a key such as `constructor` is not found on the prototype. */
function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function text(value: Resolved, where: string, intrinsic: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw unresolved(where, intrinsic, `wants text, got ${JSON.stringify(value)}`);
}

function unresolved(where: string, intrinsic: string, reason: string): Error {
  return new Error(`cannot resolve ${intrinsic} in ${where}: ${reason}`);
}
