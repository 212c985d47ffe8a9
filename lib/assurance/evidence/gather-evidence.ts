import * as fs from 'node:fs';
import * as path from 'node:path';
import { partByAcknowledgement } from '../rules/acknowledgements';
import { judge } from '../rules/judge';
import { JudgedApp } from '../rules/judged-app';
import { withPlaces } from '../rules/judged-place';
import type { Rule } from '../rules/rule';
import { TemplateError, Unknown, type TemplateModel } from '../template';
import type { ConstructMetadata } from '../template-source';
import { accessMapOf } from './access-map';
import { controlMatrix } from './control-matrix';
import { dataFlowOf, type PathOf } from './data-flow';
import { EVIDENCE_SCHEMA, type Evidence, type ProofEvidence } from './evidence';
import { inventoryOf } from './inventory';
import { packEvidenceOf } from './pack-evidence';
import { evaluationDateOf, posturesOf, weakerChoicesOf } from './weaker-choices';

/** What evidence is gathered from. */
export interface EvidenceInput {
  readonly model: TemplateModel;
  readonly metadata: ConstructMetadata;
  readonly rules: readonly Rule[];
  readonly proofs: readonly ProofEvidence[];
  /** Content of the assembly's `checks.json`, where it has one. */
  readonly checks?: unknown;
  readonly version: string;
}

/** Joins everything that an assembly shows about its security. */
export function gatherEvidence({ model, metadata, rules, proofs, checks, version }: EvidenceInput): Evidence {
  const app = new JudgedApp(model);
  const judged = judge(model, rules, app);
  const pathOf: PathOf = ({ constructPath, stack, logicalId }) => constructPath ?? metadata.constructPathOf(stack.id, logicalId);
  const { open: findings, acknowledged } = partByAcknowledgement(withPlaces(judged.findings, metadata), metadata);
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
    ...packEvidenceOf(checks),
    weakerChoices: weakerChoicesOf(metadata, evaluationDate),
    proofs,
    inventory: inventoryOf(app, pathOf),
    access: accessMapOf(app, pathOf),
    dataFlow: dataFlowOf(app, pathOf),
    gaps: judged.gaps,
    assumptions: [...new Set([...judged.assumptions, ...proofs.flatMap((proof) => proof.assumptions)])],
  };
}

/** The `checks.json` of an assembly. @throws {@link TemplateError} `BAD_FILE` when it is no JSON */
export function readChecks(directory: string): unknown {
  const file = path.join(directory, 'checks.json');
  if (!fs.existsSync(file)) return undefined;
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new TemplateError('BAD_FILE', `${file} is no JSON: ${(cause as Error).message}; synthesise again`, { cause });
  }
}
