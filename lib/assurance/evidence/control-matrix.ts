import { CONTROLS_METADATA_KEY, type ControlId } from '../../core/control-declarations';
import type { AcknowledgedFinding } from '../rules/acknowledgements';
import { failsOn, type Finding } from '../rules/finding';
import type { RuleTally } from '../rules/judge';
import type { ConstructMetadata } from '../template-source';
import { CONTROL_CATALOGUE, type Control } from './control-catalogue';
import type { ControlEvidence, ControlStatus, ProofEvidence, RuleEvidence } from './evidence';
import { mappingsOf } from './framework-mappings';

/** What the matrix joins. */
export interface MatrixInput {
  readonly metadata: ConstructMetadata;
  readonly tallies: readonly RuleTally[];
  readonly findings: readonly Finding[];
  readonly acknowledged: readonly AcknowledgedFinding[];
  readonly proofs: readonly ProofEvidence[];
}

/** Joins declarations, rules, findings and proofs for each control of the catalogue. */
export function controlMatrix(input: MatrixInput): ControlEvidence[] {
  const declared = declarations(input.metadata);
  return CONTROL_CATALOGUE.map((control) => evidenceFor(control, declared.get(control.id) ?? [], input));
}

function evidenceFor(control: Control, declaredBy: readonly string[], input: MatrixInput): ControlEvidence {
  const speaksOf = ({ controls }: { readonly controls: readonly string[] }): boolean => controls.includes(control.id);
  const rules = input.tallies.filter(({ rule, applied }) => applied > 0 && speaksOf(rule)).map(ruleEvidence);
  const open = input.findings.filter(speaksOf);
  const acknowledged = input.acknowledged.filter(speaksOf);
  const proofs = input.proofs.filter(speaksOf);
  return {
    ...control,
    status: statusOf(declaredBy, rules, open, proofs),
    declaredBy,
    rules,
    proofs: proofs.map(({ id }) => id),
    openFindings: open.length,
    acknowledgedFindings: acknowledged.length,
    mappings: mappingsOf(control.id),
  };
}

function statusOf(
  declaredBy: readonly string[],
  rules: readonly RuleEvidence[],
  open: readonly Finding[],
  proofs: readonly ProofEvidence[],
): ControlStatus {
  if (open.some((finding) => failsOn(finding, { allowUndetermined: true })) || proofs.some(({ verdict }) => verdict === 'REFUTED')) return 'OPEN';
  if (open.some((finding) => failsOn(finding)) || proofs.some(({ verdict }) => verdict === 'UNDETERMINED')) return 'UNDETERMINED';
  // A vacuous proof shows that nothing is there to attack: no evidence that a protection holds.
  if (proofs.some(({ verdict }) => verdict === 'PROVED')) return 'PROVEN';
  if (rules.some(({ compliant }) => compliant > 0)) return 'CHECKED';
  return declaredBy.length > 0 ? 'DECLARED' : 'NOT_BUILT';
}

function ruleEvidence({ rule, compliant, violated, undetermined }: RuleTally): RuleEvidence {
  const { id, title, severity } = rule;
  return { id, title, severity, compliant, violated, undetermined };
}

function declarations(metadata: ConstructMetadata): Map<ControlId, string[]> {
  const declared = new Map<ControlId, string[]>();
  for (const constructPath of metadata.constructPaths) {
    for (const id of metadata.dataAt(constructPath, CONTROLS_METADATA_KEY).flat()) {
      const own = declared.get(id as ControlId);
      if (own === undefined) declared.set(id as ControlId, [constructPath]);
      else if (!own.includes(constructPath)) own.push(constructPath);
    }
  }
  for (const paths of declared.values()) paths.sort();
  return declared;
}
