import type { IConstruct } from 'constructs';

/** Metadata key under which the declared controls of a construct reach the cloud assembly. */
export const CONTROLS_METADATA_KEY = 'cdk-secure-ai:controls';

/** The ids of the control catalogue, by area. */
export type ControlId =
  | 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6'
  | 'DP1' | 'DP2a' | 'DP2b' | 'DP2c' | 'DP3' | 'DP4' | 'DP5' | 'DP6' | 'DP7'
  | 'AA1' | 'AA2' | 'AA3' | 'AA4' | 'AA5'
  | 'ML1' | 'ML2' | 'ML3' | 'ML4a' | 'ML4b' | 'ML4c' | 'ML5' | 'ML6' | 'ML7' | 'ML8' | 'ML9'
  | 'MI1' | 'MI2' | 'MI3' | 'MI4' | 'MI5'
  | 'RT1' | 'RT2' | 'RT3' | 'RT4' | 'RT5' | 'RT6'
  | 'OB1' | 'OB2' | 'OB3' | 'OB4' | 'OB5' | 'OB6'
  | 'PG1' | 'PG2' | 'PG3' | 'PG4' | 'PG5'
  | 'IR1' | 'IR2' | 'IR3' | 'IR4'
  | 'SC1' | 'SC2' | 'SC3' | 'SC4';

/** Declares which controls a construct serves: the report joins the claim with rules and proofs, and shows it as unproven without. */
export function declareControls(scope: IConstruct, ...controls: ControlId[]): void {
  scope.node.addMetadata(CONTROLS_METADATA_KEY, [...controls].sort());
}
