import type { Value } from '../../template';

/** One step of a pipeline or task of a state machine that calls a service. */
export interface Step {
  readonly name: string;
  /** Where it stands, such as `DefinitionString#Train`. */
  readonly path: string;
  /** The call, such as `sagemaker:createTrainingJob`. */
  readonly action: string;
  /** What it sends; what is chosen at run time is an `Unknown`. */
  readonly request: Value | undefined;
}

/** The steps of a definition, or why it cannot be read. */
export interface Definition {
  readonly steps: readonly Step[];
  /** Why the definition, or a part of it, cannot be read from the template. */
  readonly unreadable?: string;
}
