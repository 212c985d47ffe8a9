import type { Stack } from './stack';
import type { Dict, Unknown, Value} from './value';
import { valueAt } from './value';

/** How one resource names another. */
export type EdgeKind = 'Ref' | 'GetAtt' | 'Sub' | 'ImportValue' | 'NestedParameter' | 'NestedOutput' | 'DependsOn';

/** A reference from one resource to another. */
export interface Edge {
  readonly kind: EdgeKind;
  readonly from: Resource;
  readonly to: Resource;
  /** `Ref` for the reference value, the attribute's name, or empty for `DependsOn`. */
  readonly attribute: string;
  /** Where in `from` it stands, such as `Properties.Policies.0.PolicyDocument`. */
  readonly path: string;
}

/** Whether a resource is there: `MAYBE` when its condition cannot be decided. */
export type Presence = 'YES' | 'MAYBE';

/** One resource of the synthesised templates with its functions evaluated. */
export class Resource {
  /** What this resource names. */
  readonly outgoing: Edge[] = [];
  /** What names this resource. */
  readonly incoming: Edge[] = [];
  /** `MAYBE` when the resource has a condition that the templates do not decide. */
  presence: Presence = 'YES';
  /** Evaluated properties; empty when `opaque` is set. */
  properties: Dict = Object.create(null) as Dict;
  /** Set when the properties as a whole cannot be known, for example behind a macro. */
  opaque: Unknown | undefined;

  /** Unique in the model: `stackId/LogicalId`. */
  readonly id: string;

  constructor(
    readonly stack: Stack,
    readonly logicalId: string,
    readonly type: string,
    /** The resource as it stands in the template. */
    readonly raw: Readonly<Record<string, unknown>>,
  ) {
    this.id = `${stack.id}/${logicalId}`;
  }

  /** Path of the construct that made it, or undefined for a template not made by the CDK. */
  get constructPath(): string | undefined {
    const metadata = this.raw.Metadata;
    if (typeof metadata !== 'object' || metadata === null || !Object.hasOwn(metadata, 'aws:cdk:path')) return undefined;
    const path = (metadata as Record<string, unknown>)['aws:cdk:path'];
    return typeof path === 'string' ? path : undefined;
  }

  /**
   * The property at a dotted path (`VpcConfig.SubnetIds.0`), or undefined when it is absent.
   *
   * An `Unknown` on the way is returned as it is: absent and unknown are different answers.
   */
  at(path: string): Value | undefined {
    return this.opaque ?? valueAt(this.properties, stepsOf(path));
  }

  /** References at or below a property path. */
  edgesAt(path: string): Edge[] {
    const prefix = `Properties.${path}`;
    return this.outgoing.filter((e) => e.path === prefix || e.path.startsWith(`${prefix}.`));
  }
}

/** Rules ask for the same few hundred paths; those with indexes are made up on the way, so there is an end to what is kept. */
const STEPS = new Map<string, readonly string[]>();
const STEPS_KEPT = 5_000;

function stepsOf(path: string): readonly string[] {
  let steps = STEPS.get(path);
  if (steps === undefined) {
    steps = path.split('.');
    if (STEPS.size < STEPS_KEPT) STEPS.set(path, steps);
  }
  return steps;
}
