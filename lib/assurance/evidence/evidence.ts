import type { ControlId } from '../../core/control-declarations';
import type { AcknowledgedFinding } from '../rules/acknowledgements';
import type { Finding } from '../rules/finding';
import type { Severity } from '../rules/rule';
import type { Control } from './control-catalogue';
import type { DataFlow } from './data-flow';
import type { Mapping } from './framework-mappings';

/** Version of the evidence's JSON form. */
export const EVIDENCE_SCHEMA = 'cdk-secure-ai/evidence/v1';

/** How far a control is shown to hold, from the best to the worst. */
export type ControlStatus =
  /** A proof about the templates holds, and nothing speaks against it. */
  | 'PROVEN'
  /** Rules looked at resources and found nothing wrong. */
  | 'CHECKED'
  /** A construct claims it; no rule and no proof shows it. */
  | 'DECLARED'
  /** Something that the templates do not decide stands in the way. */
  | 'UNDETERMINED'
  /** A rule is violated or a proof refuted. */
  | 'OPEN'
  /** Nothing in the app claims, checks or proves it. */
  | 'NOT_BUILT';

/** What is known about one control. */
export interface ControlEvidence extends Control {
  readonly status: ControlStatus;
  /** Construct paths that declare it, sorted. */
  readonly declaredBy: readonly string[];
  /** Rules of the control that had something to judge. */
  readonly rules: readonly RuleEvidence[];
  /** Ids of the proofs about it. */
  readonly proofs: readonly string[];
  readonly openFindings: number;
  readonly acknowledgedFindings: number;
  /** What it supports elsewhere; never a claim of compliance. */
  readonly mappings: readonly Mapping[];
}

/** What a rule said about the app. */
export interface RuleEvidence {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly compliant: number;
  readonly violated: number;
  readonly undetermined: number;
}

/** A statement about every request, shown or refuted from the templates. */
export interface ProofEvidence {
  readonly id: string;
  readonly title: string;
  readonly controls: readonly ControlId[];
  readonly verdict: 'PROVED' | 'PROVED_VACUOUSLY' | 'REFUTED' | 'UNDETERMINED' | 'NOT_APPLICABLE';
  /** Independent layers that block the attack. */
  readonly layers: readonly string[];
  /** A counterexample, or why nothing can be said. */
  readonly details: readonly string[];
  /** What the verdict takes for granted. */
  readonly assumptions: readonly string[];
}

/** A choice below the profile's default, and how long it still holds. */
export interface WeakerChoiceEvidence {
  readonly at: string;
  readonly setting: string;
  readonly reason: string;
  readonly owner: string;
  readonly since?: string;
  readonly expires: string;
  /** Days from the evaluation date to the expiry; negative when it is past. */
  readonly daysLeft?: number;
  /** Days since it was made, where that is recorded. */
  readonly ageDays?: number;
}

/** A place where data, models or keys live. */
export interface InventoryItem {
  readonly resource: string;
  readonly type: string;
  readonly constructPath?: string;
  /** Value of the tag `DataClassification`; undefined when untagged. */
  readonly dataClass?: string;
  readonly account: string;
  readonly region: string;
  /** Keys of the templates that encrypt it; empty for none, or one that is made elsewhere. */
  readonly keys: readonly string[];
}

/** What a role or user may do to AI resources, less what a policy denies outright. */
export interface AccessEvidence {
  readonly principal: string;
  readonly constructPath?: string;
  readonly grants: readonly {
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    /** Keys of the conditions; empty when unconditional. */
    readonly conditions: readonly string[];
  }[];
  readonly boundary: boolean;
}

/** What a public pack did in the synthesis, as `checks.json` records it. */
export interface PackEvidence {
  readonly name: string;
  readonly version?: string;
  readonly completed: boolean;
  readonly rules: number;
  readonly evaluations: number;
  readonly open: number;
  readonly acknowledged: number;
}

/** A finding of a public pack that stays on purpose. */
export interface PackAcknowledgement {
  readonly pack: string;
  readonly rule: string;
  readonly classId: string;
  readonly kind: string;
  readonly reason: string;
  readonly resources: readonly string[];
}

/** Everything that an assembly shows about its security. Same bytes for the same assembly. */
export interface Evidence {
  readonly schema: typeof EVIDENCE_SCHEMA;
  /** Version of the library that gathered it. */
  readonly version: string;
  /** Day for which ages are computed: the latest evaluation date of the postures; undefined without one. */
  readonly evaluationDate?: string;
  readonly templates: readonly { readonly name: string; readonly resources: number; readonly account: string; readonly region: string }[];
  readonly postures: readonly { readonly at: string; readonly data: Readonly<Record<string, unknown>> }[];
  readonly controls: readonly ControlEvidence[];
  readonly findings: readonly Finding[];
  readonly acknowledged: readonly AcknowledgedFinding[];
  readonly packs: readonly PackEvidence[];
  readonly packAcknowledgements: readonly PackAcknowledgement[];
  readonly weakerChoices: readonly WeakerChoiceEvidence[];
  readonly proofs: readonly ProofEvidence[];
  readonly inventory: readonly InventoryItem[];
  readonly access: readonly AccessEvidence[];
  readonly dataFlow: DataFlow;
  /** What the templates hold that nobody could judge. */
  readonly gaps: readonly string[];
  /** What was taken for granted. */
  readonly assumptions: readonly string[];
}
