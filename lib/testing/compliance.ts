import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { EVERY_ATTACK } from '../assurance/attacks/catalogue';
import { proofEvidenceOf } from '../assurance/attacks/proof-evidence';
import { judgesOf, proofsOf } from '../assurance/attacks/proof-run';
import { CheckResults } from '../assurance/check-results';
import type { Evidence, ProofEvidence } from '../assurance/evidence/evidence';
import { gatherEvidence } from '../assurance/evidence/gather-evidence';
import { readChecks } from '../assurance/evidence/recorded-checks';
import { RULE_PACK } from '../assurance/rules/rule-pack';
import type { TemplateInput } from '../assurance/template';
import { TemplateModel } from '../assurance/template';
import { ConstructMetadata, postureRecords, readAssembly } from '../assurance/template-source';
import { complianceText, ownOpen } from './compliance-text';

/** What is looked at. */
export interface ComplianceOptions {
  /**
   * Whether the attacks of the library are judged. They take seconds for an app of some stacks and minutes for one of many: leave them to
   * `secure-ai prove` there.
   *
   * @default true
   */
  readonly attacks?: boolean;
}

/**
 * What a synthesised app shows about its security, for tests: a text to keep beside them, whose change a reviewer reads as a change of
 * protection, and expectations that throw an `Error` with a list, so that any test runner shows it.
 */
export class Compliance {
  /** The compliance of a cloud assembly on disk, for example `cdk.out`. */
  public static ofAssembly(directory: string, options: ComplianceOptions = {}): Compliance {
    return new Compliance(directory, options);
  }

  /**
   * The compliance of the app or stage that a construct is in. It is synthesised first, if that has not happened.
   *
   * @throws when the construct is in no app
   */
  public static of(scope: IConstruct, options: ComplianceOptions = {}): Compliance {
    const stage = Stage.isStage(scope) ? scope : Stage.of(scope);
    if (stage === undefined) throw new Error(`'${scope.node.path}' is in no app: compliance is that of synthesised templates`);
    return new Compliance(stage.synth().directory, options);
  }

  private readonly evidence: Evidence;

  private constructor(private readonly directory: string, { attacks = true }: ComplianceOptions) {
    const inputs = readAssembly(directory);
    if (inputs.length === 0) throw new Error(`'${directory}' has no template: there is nothing to comply with anything`);
    const metadata = ConstructMetadata.read(directory);
    const checks = readChecks(directory);
    this.evidence = gatherEvidence({
      model: TemplateModel.of(inputs),
      metadata,
      rules: RULE_PACK,
      proofs: attacks ? proofsAbout(inputs, metadata) : [],
      ...(checks === undefined ? {} : { checks }),
      version: '',
    });
  }

  /**
   * Controls, packs, proofs, and what holds data, as text: the same for the same app, on every machine and day, and without hashes, so that
   * a difference is one of protection.
   */
  public snapshot(): string {
    return complianceText(this.evidence);
  }

  /**
   * No pack and no rule of the library found something that nobody acknowledged.
   *
   * @throws with the list of what is open; also when the packs did not run, or not on these templates: that is no result
   */
  public expectNoOpenFinding(): void {
    const { packs } = CheckResults.read(this.directory);
    const problems = [
      ...packs.flatMap(({ open }) => open.map(({ rule, verdict, resources }) => `${rule} ${verdict.toLowerCase()} at ${resources.join(', ')}`)),
      ...ownOpen(this.evidence),
    ];
    if (problems.length > 0) throw new Error(`${problems.length} findings are open\n  ${problems.join('\n  ')}`);
  }

  /**
   * A control is proven: an attack on it is impossible, legitimate use is not, and no rule is violated.
   *
   * @throws with what stands against it, or with what there is instead of a proof; also for an id that no control has
   */
  public expectControlProven(controlId: string): void {
    const control = this.evidence.controls.find(({ id }) => id === controlId);
    if (control === undefined) {
      throw new Error(`no control has the id '${controlId}': there are ${this.evidence.controls.map(({ id }) => id).join(', ')}`);
    }
    if (control.status === 'PROVEN') return;
    const about = ({ controls }: { readonly controls: readonly string[] }): boolean => controls.includes(controlId);
    const reasons = [
      ...this.evidence.proofs.filter(about).map(({ id, verdict, details }) => `${id} ${verdict}${details.length > 0 ? `: ${details[0]}` : ''}`),
      ...this.evidence.findings.filter(about).map(({ ruleId, constructPath, resource, message }) => `${ruleId} at ${constructPath ?? resource}: ${message}`),
      ...(control.declaredBy.length === 0 ? ['no construct declares it'] : []),
    ];
    throw new Error(`control ${controlId} is ${control.status}, not PROVEN\n  ${reasons.join('\n  ')}`);
  }
}

function proofsAbout(inputs: readonly TemplateInput[], metadata: ConstructMetadata): ProofEvidence[] {
  const judges = judgesOf(inputs, { postures: postureRecords(metadata) });
  return proofEvidenceOf(proofsOf(judges, EVERY_ATTACK, () => undefined));
}
