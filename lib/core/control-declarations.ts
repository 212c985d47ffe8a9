import type { IConstruct } from 'constructs';

/** Metadata key under which the declared controls of a construct reach the cloud assembly. */
export const CONTROLS_METADATA_KEY = 'cdk-secure-ai:controls';

/** The ids of the control catalogue that constructs of this library serve so far. */
export type ControlId =
  | 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'DP2a' | 'DP2b' | 'DP3' | 'DP6' | 'AA1' | 'ML1' | 'ML6' | 'ML7' | 'ML8' | 'MI1' | 'MI3' | 'MI4' | 'RT1' | 'RT5'
  | 'OB1' | 'OB2' | 'OB4' | 'OB5';

/** Declares which controls a construct serves: the report joins the claim with rules and proofs, and shows it as unproven without. */
export function declareControls(scope: IConstruct, ...controls: ControlId[]): void {
  scope.node.addMetadata(CONTROLS_METADATA_KEY, [...controls].sort());
}
