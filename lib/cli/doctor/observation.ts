/** How an observation bears on a deployment, from the worst to the best. */
export type ObservationStatus =
  /** The deployment fails, or must not be made like this. */
  | 'FAIL'
  /** Nothing can be said: a call was refused or not made. */
  | 'UNKNOWN'
  /** It works, and somebody should look at it first. */
  | 'WARN'
  | 'OK';

/** One thing that was looked at before a deployment. */
export interface Observation {
  /** Stable name, for example `identity.root`. */
  readonly check: string;
  readonly status: ObservationStatus;
  readonly text: string;
  /** What to do. @default - nothing */
  readonly advice?: string;
}

/** Makes an observation. */
export function observation(check: string, status: ObservationStatus, text: string, advice?: string): Observation {
  return { check, status, text, ...(advice === undefined ? {} : { advice }) };
}
