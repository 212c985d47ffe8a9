import type { ConstructMetadata } from '../template-source';
import type { Finding } from './finding';

/** Name under which the rules run in the CDK: the prefix of their ids in acknowledgements. */
export const PLUGIN_NAME = 'SecureAi';

/** Metadata key under which the CDK keeps acknowledgements. */
const ACKNOWLEDGED_RULES = 'aws:cdk:acknowledged-rules';

/** A finding that somebody decided to keep. */
export interface AcknowledgedFinding extends Finding {
  readonly reason: string;
  /** Construct at which it was acknowledged. */
  readonly acknowledgedAt: string;
}

/** Findings, parted by whether the app acknowledges them. */
export interface PartedFindings {
  readonly open: readonly Finding[];
  readonly acknowledged: readonly AcknowledgedFinding[];
}

/** Parts findings by the acknowledgements that the constructs of the app carry: the closest construct above the resource decides. */
export function partByAcknowledgement(findings: readonly Finding[], metadata: ConstructMetadata): PartedFindings {
  const open: Finding[] = [];
  const acknowledged: AcknowledgedFinding[] = [];
  for (const finding of findings) {
    const found = acknowledgementOf(finding, metadata);
    if (found === undefined) open.push(finding);
    else acknowledged.push({ ...finding, ...found });
  }
  return { open, acknowledged };
}

function acknowledgementOf(
  { ruleId, constructPath }: Finding,
  metadata: ConstructMetadata,
): Pick<AcknowledgedFinding, 'reason' | 'acknowledgedAt'> | undefined {
  const key = `${PLUGIN_NAME}::${ruleId}`;
  for (let at = constructPath ?? ''; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const reasons = metadata
      .dataAt(at, ACKNOWLEDGED_RULES)
      .flatMap((data) => Object.entries(data ?? {}))
      .filter(([id]) => id === key);
    // The last entry wins, as in the CDK.
    const last = reasons.at(-1);
    if (last !== undefined) return { reason: typeof last[1] === 'string' ? last[1] : '', acknowledgedAt: at };
  }
  return undefined;
}
