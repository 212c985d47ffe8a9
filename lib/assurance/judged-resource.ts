import type { Value } from './template';

interface Place {
  readonly logicalId: string;
  readonly type: string;
  readonly constructPath?: string;
}

/** What an own rule sees of a resource: its properties after evaluation of CloudFormation's functions. */
export class JudgedResource {
  /** @internal */
  public static _of(place: Place, read: (path: string) => Value | undefined, met: (path: string, value: Value) => void): JudgedResource {
    return new JudgedResource(place, read, met);
  }

  /** Logical id. */
  public readonly logicalId: string;
  /** For example `AWS::SageMaker::Model`. */
  public readonly resourceType: string;
  /** Path of the construct, where the template says. */
  public readonly constructPath?: string;

  private constructor(
    place: Place,
    private readonly read: (path: string) => Value | undefined,
    private readonly met: (path: string, value: Value) => void,
  ) {
    this.logicalId = place.logicalId;
    this.resourceType = place.type;
    this.constructPath = place.constructPath;
  }

  /** Whether a property is set, at a dotted path such as `VpcConfig.Subnets`. */
  public has(path: string): boolean {
    return this.read(path) !== undefined;
  }

  /**
   * The text, number or boolean at a dotted path, as text; undefined when it is absent or no such value.
   *
   * A rule that asks for a value that is known at deployment only gets undefined, and its answer counts as undetermined.
   */
  public text(path: string): string | undefined {
    const value = this.read(path);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.met(path, value);
    return undefined;
  }

  /** Number of items of the list at a dotted path; 0 when it is absent. */
  public count(path: string): number {
    const value = this.read(path);
    if (value === undefined || value === null) return 0;
    if (Array.isArray(value)) return value.length;
    this.met(path, value);
    return 1;
  }
}
