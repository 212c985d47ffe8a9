import type { SecurityProfile } from '../posture/security-profile';

/** What a rule said about a resource, where that was not "compliant" or "not applicable". */
export enum FindingVerdict {
  /** The resource does not do what the rule asks for. */
  VIOLATED = 'VIOLATED',
  /** The rule could not be evaluated, for example on a value that is known at deployment only. Never a pass. */
  UNDETERMINED = 'UNDETERMINED',
}

/** A finding that nobody acknowledged. */
export interface OpenFinding {
  /** Full rule id with its finding, for example `AwsSolutions-IAM5[Action::s3:*]`. */
  readonly rule: string;
  /** `error` or `warning`, as the pack rates it. Both are open findings. */
  readonly severity: string;
  readonly verdict: FindingVerdict;
  /** Construct paths of the resources, sorted. */
  readonly resources: string[];
}

/** A finding that stays on purpose. */
export interface AcknowledgedFinding {
  /** Id of the library's acknowledgement class, or `USER`. */
  readonly classId: string;
  /** `AWS_LIMIT`, `SCANNER_DEFECT`, `DESIGN`, or `USER`. */
  readonly kind: string;
  /** Full rule id with its finding. */
  readonly rule: string;
  readonly verdict: FindingVerdict;
  /** The reason that was recorded with the acknowledgement. */
  readonly reason: string;
  /** Construct paths of the resources, sorted. */
  readonly resources: string[];
}

/** A rule that threw instead of judging; each is a finding with the verdict UNDETERMINED as well. */
export interface RuleError {
  readonly rule: string;
  readonly message: string;
  /** Construct paths of the resources, sorted. */
  readonly resources: string[];
}

/** What one pack did in one synthesis. */
export interface PackResult {
  /** Name of the pack, for example `AwsSolutions`. */
  readonly name: string;
  /** Version of the package that the pack comes from, where known. */
  readonly version?: string;
  /** False when the pack itself failed: its findings are not all known then. */
  readonly completed: boolean;
  /** Profiles of the stacks that the pack judged, sorted. */
  readonly profiles: SecurityProfile[];
  /** Number of different rules that the pack applied. */
  readonly rulesInPack: number;
  /** Number of times that a rule was applied to a resource. */
  readonly ruleEvaluations: number;
  /** How many of `ruleEvaluations` had something to judge: all but "not applicable". */
  readonly applicableEvaluations: number;
  /** Number of resources that the pack was shown. */
  readonly resources: number;
  readonly open: OpenFinding[];
  readonly acknowledged: AcknowledgedFinding[];
  readonly errors: RuleError[];
}

/** One stack of the assembly, and who judged it. */
export interface JudgedStack {
  /** Construct path. */
  readonly path: string;
  /** Profiles that hold in the stack: one, unless a nested stack has its own posture. */
  readonly profiles: SecurityProfile[];
  /** Names of the packs that judged it, sorted. */
  readonly packs: string[];
  /** Number of resources, those of nested stacks included. */
  readonly resources: number;
  /** Template file, relative to the assembly. */
  readonly template: string;
  /** SHA-256 of the template file as it was when the packs ran, in hex. */
  readonly sha256: string;
}

/** Sums over all packs. A finding on two resources counts twice. */
export interface CheckTotals {
  readonly packs: number;
  readonly stacks: number;
  readonly resources: number;
  readonly rules: number;
  readonly ruleEvaluations: number;
  readonly applicableEvaluations: number;
  readonly open: number;
  readonly acknowledged: number;
  /** How many of `open` and `acknowledged` are UNDETERMINED. */
  readonly undetermined: number;
}

/** Whether the CDK's own validation of the CloudFormation templates took part in a synthesis. */
export enum CloudFormationValidation {
  /** The CDK's default. */
  BUILT_IN = 'BUILT_IN',
  /** The app registered its own `CloudFormationValidatePlugin`. */
  REGISTERED = 'REGISTERED',
  /** Switched off: nobody validated the templates. */
  OFF = 'OFF',
  /** This version of aws-cdk-lib does not tell. */
  UNKNOWN = 'UNKNOWN',
}
