import type { AcknowledgedFinding, CheckTotals, CloudFormationValidation, JudgedStack, PackResult } from './api';

/** File in the root of the cloud assembly that says which packs ran and what they found. */
export const CHECKS_FILE = 'checks.json';

/** Changes when a reader of the previous version would misunderstand the file. */
export const CHECKS_SCHEMA_VERSION = '1';

/** An acknowledged finding as the file spells it: `class` is a reserved word in some languages of the API. */
export type AcknowledgedRecord = Omit<AcknowledgedFinding, 'classId'> & { readonly class: string };

/** A pack as the file spells it. */
export type PackRecord = Omit<PackResult, 'acknowledged'> & { readonly acknowledged: AcknowledgedRecord[] };

/** The content of `checks.json`. */
export interface ChecksFile {
  readonly schemaVersion: typeof CHECKS_SCHEMA_VERSION;
  readonly versions: { readonly library: string; readonly cdkNag: string; readonly awsCdkLib: string };
  /** Construct path of the app (empty) or stage that was judged. */
  readonly scope: string;
  /** Whether the packs were picked by profile or by name. */
  readonly selection: 'PROFILE' | 'EXPLICIT';
  readonly stacks: JudgedStack[];
  readonly packs: PackRecord[];
  /** Its findings are in the CDK's report, which is written after this file. */
  readonly cloudFormationValidation: { readonly mode: CloudFormationValidation; readonly report: string };
  readonly totals: CheckTotals;
}

/** Sums over packs, each finding counted once per resource. */
export function totalsOf(stacks: readonly JudgedStack[], packs: readonly PackRecord[]): CheckTotals {
  const sum = (count: (pack: PackRecord) => number) => packs.reduce((total, pack) => total + count(pack), 0);
  const found = (findings: readonly { readonly resources: readonly string[] }[]) =>
    findings.reduce((total, finding) => total + finding.resources.length, 0);
  return {
    packs: packs.length,
    stacks: stacks.length,
    resources: stacks.reduce((total, stack) => total + stack.resources, 0),
    rules: sum((pack) => pack.rulesInPack),
    ruleEvaluations: sum((pack) => pack.ruleEvaluations),
    applicableEvaluations: sum((pack) => pack.applicableEvaluations),
    open: sum((pack) => found(pack.open)),
    acknowledged: sum((pack) => found(pack.acknowledged)),
    undetermined: sum((pack) => found([...pack.open, ...pack.acknowledged].filter((f) => f.verdict === 'UNDETERMINED'))),
  };
}
