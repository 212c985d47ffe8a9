import { partByAcknowledgement } from '../rules/acknowledgements';
import { judge } from '../rules/judge';
import { JudgedApp } from '../rules/judged-app';
import { withPlaces } from '../rules/finding-place';
import type { Rule } from '../rules/rule';
import { Unknown, type TemplateModel } from '../template';
import type { ConstructMetadata } from '../template-source';
import { accessMapOf } from './access-map';
import { controlMatrix } from './control-matrix';
import { dataFlowOf, type PathOf } from './data-flow';
import { EVIDENCE_SCHEMA, type Evidence, type ProofEvidence } from './evidence';
import { inventoryOf } from './inventory';
import { packEvidenceOf } from './pack-evidence';
import type { RecordedChecks } from './recorded-checks';
import { evaluationDateOf, posturesOf, weakerChoicesOf } from './weaker-choices';

/** What evidence is gathered from. */
export interface EvidenceInput {
  readonly model: TemplateModel;
  readonly metadata: ConstructMetadata;
  readonly rules: readonly Rule[];
  readonly proofs: readonly ProofEvidence[];
  /** What the public packs left in the assembly. */
  readonly checks?: RecordedChecks;
  readonly version: string;
}

/** Joins everything that an assembly shows about its security. */
export function gatherEvidence({ model, metadata, rules, proofs, checks, version }: EvidenceInput): Evidence {
  const app = new JudgedApp(model);
  const judged = judge(model, rules, app);
  const pathOf: PathOf = ({ constructPath, stack, logicalId }) => constructPath ?? metadata.constructPathOf(stack.id, logicalId);
  const { open: findings, acknowledged } = partByAcknowledgement(withPlaces(judged.findings, metadata), metadata);
  const { packs, packAcknowledgements, gaps } = packEvidenceOf(checks);
  const postures = posturesOf(metadata);
  const evaluationDate = evaluationDateOf(postures);
  return {
    schema: EVIDENCE_SCHEMA,
    version,
    ...(evaluationDate === undefined ? {} : { evaluationDate }),
    templates: model.stacks.map(({ id, resources, account, region }) => ({
      name: id,
      resources: resources.size,
      account: account instanceof Unknown ? 'unknown' : account,
      region: region instanceof Unknown ? 'unknown' : region,
    })),
    postures,
    controls: controlMatrix({ metadata, tallies: judged.tallies, findings, acknowledged, proofs }),
    findings,
    acknowledged,
    packs,
    packAcknowledgements,
    weakerChoices: weakerChoicesOf(metadata, evaluationDate),
    proofs,
    inventory: inventoryOf(app, pathOf),
    access: accessMapOf(app, pathOf),
    dataFlow: dataFlowOf(app, pathOf),
    gaps: [...judged.gaps, ...gaps],
    assumptions: [...new Set([...judged.assumptions, ...proofs.flatMap((proof) => proof.assumptions)])],
  };
}
