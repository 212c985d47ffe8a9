import { TemplateError } from './error';
import type { ParameterValue} from './parameter';
import { parameterValue } from './parameter';
import type { RawObject} from './raw';
import { describe, isRawObject, ownEntry, section } from './raw';
import type { Resource } from './resource';
import type { Value } from './value';
import { Unknown } from './value';

/** A template made by the CDK may have outputs or parameters only. */
const SECTIONS = ['Resources', 'Outputs', 'Parameters'];

/** One template and what is known about where it will be deployed. */
export interface TemplateInput {
  /** Unique name in the model. @default - stackName */
  readonly id?: string;
  readonly stackName: string;
  /** The parsed template. */
  readonly template: unknown;
  /** @default - unknown until deploy time */
  readonly account?: string;
  /** @default - unknown until deploy time */
  readonly region?: string;
  /** @default aws */
  readonly partition?: string;
  /** Values of parameters. @default - their defaults */
  readonly parameters?: Readonly<Record<string, string>>;
  /** For a nested stack: the stack that holds it and the resource there. @default - not nested */
  readonly parent?: { readonly stack: string; readonly logicalId: string };
  /** File it was read from, for messages. */
  readonly source?: string;
}

/** A resource or attribute that an evaluation met. */
export interface Reference {
  readonly resource: Resource;
  readonly attribute: string;
}

/** A value together with everything that it refers to. */
export interface Traced {
  readonly value: Value | undefined;
  readonly references: readonly Reference[];
}

/** A template in the model: its sections and the values that were evaluated once. */
export class Stack {
  readonly id: string;
  readonly stackName: string;
  readonly source: string | undefined;
  readonly account: string | Unknown;
  readonly region: string | Unknown;
  readonly partition: string;
  readonly parent: TemplateInput['parent'];
  /** Resources that exist or may exist, by logical id. */
  readonly resources = new Map<string, Resource>();
  /** Logical ids whose condition is false. */
  readonly absent = new Set<string>();
  /** Assumptions that evaluation made, such as a parameter's default. */
  readonly assumptions = new Set<string>();
  /** What this template holds that the model cannot see. */
  readonly gaps: string[] = [];

  /** @internal */ readonly rawResources: Map<string, RawObject>;
  /** @internal */ readonly rawParameters: Map<string, RawObject>;
  /** @internal */ readonly rawConditions: RawObject;
  /** @internal */ readonly rawMappings: RawObject;
  /** @internal */ readonly rawOutputs: Map<string, RawObject>;
  /** @internal */ readonly conditions = new Map<string, boolean | undefined>();
  /** @internal */ readonly outputs = new Map<string, Traced>();
  /** @internal */ readonly boundParameters = new Map<string, () => Traced>();
  private readonly tracedParameters = new Map<string, Traced>();
  private readonly given: Readonly<Record<string, string>>;
  private readonly parameterValues = new Map<string, ParameterValue>();

  constructor(
    input: TemplateInput,
    private readonly assumeDefaults: boolean,
  ) {
    this.id = input.id ?? input.stackName;
    this.stackName = input.stackName;
    this.source = input.source;
    this.parent = input.parent;
    this.account = input.account ?? new Unknown('PSEUDO_PARAMETER', `the account of stack '${this.id}' is chosen at deploy time`);
    this.region = input.region ?? new Unknown('PSEUDO_PARAMETER', `the region of stack '${this.id}' is chosen at deploy time`);
    this.partition = input.partition ?? partitionOf(input.region);
    this.given = input.parameters ?? {};
    const { template } = input;
    const where = this.source ?? `stack '${this.id}'`;
    if (!isRawObject(template))
      throw new TemplateError('NOT_A_TEMPLATE', `${where} is ${describe(template)}: expected a CloudFormation template`);
    if (!SECTIONS.some((name) => isRawObject(ownEntry(template, name)))) {
      throw new TemplateError(
        'NOT_A_TEMPLATE',
        `${where} has none of the sections ${SECTIONS.join(', ')}: expected a CloudFormation template`,
      );
    }
    this.rawResources = section(template, 'Resources', where);
    this.rawParameters = section(template, 'Parameters', where);
    this.rawOutputs = section(template, 'Outputs', where);
    this.rawConditions = rawSection(template, 'Conditions');
    this.rawMappings = rawSection(template, 'Mappings');
    const transform = ownEntry(template, 'Transform');
    for (const name of transform === undefined ? [] : [transform].flat()) {
      if (name !== 'AWS::LanguageExtensions') {
        this.gaps.push(`the macro ${describe(name)} of ${where} runs at deploy time: what it adds or changes is not judged`);
      }
    }
  }

  /** True if the template declares the parameter. */
  hasParameter(name: string): boolean {
    return this.rawParameters.has(name);
  }

  /** Value of a declared parameter; a nested stack's parameters come from its parent. */
  parameter(name: string): Traced {
    const bound = this.boundParameters.get(name);
    if (bound !== undefined) return this.boundParameter(name, bound);
    let known = this.parameterValues.get(name);
    if (known === undefined) {
      known = parameterValue(
        name,
        this.rawParameters.get(name) ?? {},
        ownEntry(this.given, name) as string | undefined,
        this.assumeDefaults,
      );
      this.parameterValues.set(name, known);
      if (known.assumption !== undefined) this.assumptions.add(`${known.assumption} (stack '${this.id}')`);
    }
    return { value: known.value, references: [] };
  }

  private boundParameter(name: string, bound: () => Traced): Traced {
    const known = this.tracedParameters.get(name);
    if (known !== undefined) return known;
    this.tracedParameters.set(name, {
      value: new Unknown('INVALID', `parameter '${name}' of stack '${this.id}' refers to itself`),
      references: [],
    });
    const traced = bound();
    this.tracedParameters.set(name, traced);
    return traced;
  }
}

function rawSection(template: RawObject, name: string): RawObject {
  const raw = ownEntry(template, name);
  return isRawObject(raw) ? raw : {};
}

function partitionOf(region: string | undefined): string {
  if (region?.startsWith('cn-')) return 'aws-cn';
  if (region?.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}
