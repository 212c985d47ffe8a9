import { createHash } from 'node:crypto';
import { FindingError } from './finding-error';

/** The version of OCSF whose fields and numbers are used. They mean the same in 1.5 to 1.8. */
export const OCSF_VERSION = '1.5.0';

/** How bad it is, by the name of OCSF's `severity_id`. */
export type FindingLevel = 'informational' | 'low' | 'medium' | 'high' | 'critical';

/** What was done about it: what it is about was ended, was over before, or could not be ended. */
export type FindingOutcome = 'blocked' | 'observed' | 'failed';

/** What was found. Ids and closed codes only: what does not look like one is refused, so that no payload gets into a finding. */
export interface FindingFacts {
  /** What found it: `<area>.<what it looks for>`, for example `training.job-isolation`. */
  readonly detector: string;
  /** A sentence of the library's own, without values. */
  readonly title: string;
  readonly level: FindingLevel;
  readonly resource: FoundResource;
  /** Closed codes in capitals, for example `NO_NETWORK_ISOLATION`; at least one. Their order and repetition mean nothing. */
  readonly reasons: readonly string[];
  readonly outcome: FindingOutcome;
  /** When it was found, in milliseconds since 1970. */
  readonly time: number;
  /** The heading of its entry in the runbook, as an anchor. */
  readonly runbook: string;
}

/** The resource that a finding is about. */
export interface FoundResource {
  readonly arn: string;
  /** The CloudFormation name of its type, or a name of that form. */
  readonly type: string;
  /** When it was made, in milliseconds since 1970: names are used again. */
  readonly createdAt: number;
}

/** An event of OCSF class 2004 with the profiles `cloud` and `security_control`. @see https://schema.ocsf.io/1.5.0/classes/detection_finding */
export interface DetectionFinding {
  readonly activity_id: 1;
  readonly category_uid: 2;
  readonly class_uid: 2004;
  readonly type_uid: 200401;
  readonly severity_id: number;
  readonly status_id: 1;
  readonly action_id: number;
  readonly disposition_id: number;
  readonly is_alert: true;
  readonly time: number;
  readonly message: string;
  readonly metadata: {
    readonly version: string;
    readonly product: { readonly name: string; readonly vendor_name: string };
    readonly profiles: readonly string[];
    readonly event_code: string;
  };
  readonly cloud: { readonly provider: 'AWS'; readonly region: string; readonly account: { readonly uid: string; readonly type_id: 10 } };
  readonly finding_info: {
    readonly uid: string;
    readonly title: string;
    readonly types: readonly string[];
    readonly created_time: number;
    readonly analytic: { readonly uid: string; readonly name: string; readonly type_id: 1 };
  };
  readonly resources: readonly { readonly uid: string; readonly type: string; readonly region: string; readonly cloud_partition: string }[];
  readonly remediation: { readonly desc: string };
}

const SEVERITY: Readonly<Record<FindingLevel, number>> = { informational: 1, low: 2, medium: 3, high: 4, critical: 5 };
/** Action: denied, observed. Disposition: blocked, detected, error. */
const OUTCOME: Readonly<Record<FindingOutcome, { readonly action_id: number; readonly disposition_id: number }>> = {
  blocked: { action_id: 2, disposition_id: 2 },
  observed: { action_id: 3, disposition_id: 15 },
  failed: { action_id: 3, disposition_id: 27 },
};

const ARN = /^arn:(aws[a-z-]{0,20}):[a-z0-9-]{1,40}:([a-z0-9-]{1,30}):([0-9]{12}):[\w./:+=@-]{1,400}$/;
const SHAPES: Readonly<Record<'detector' | 'title' | 'runbook' | 'type' | 'reason', RegExp>> = {
  detector: /^[a-z]{1,30}\.[a-z][a-z0-9-]{0,60}$/,
  title: /^[A-Za-z][A-Za-z ,'-]{0,150}$/,
  runbook: /^[a-z][a-z0-9-]{0,80}$/,
  type: /^[A-Za-z0-9]{1,30}::[A-Za-z0-9]{1,40}::[A-Za-z0-9]{1,80}$/,
  reason: /^[A-Z][A-Z0-9_]{0,60}$/,
};

/**
 * The finding in the shape of OCSF. The same facts give the same text, and `uid` is the same whenever it was found and whatever was done:
 * it names detector, resource and reasons, so that a repeated delivery can be told from another finding.
 *
 * @throws FindingError INVALID_FINDING for a text that is no id
 */
export function detectionFinding(facts: FindingFacts): DetectionFinding {
  const { detector, title, level, resource, outcome, time, runbook } = facts;
  const reasons = [...new Set(facts.reasons)].sort();
  check(facts, reasons);
  const [, partition = '', region = '', account = ''] = ARN.exec(resource.arn) ?? [];
  return {
    activity_id: 1,
    category_uid: 2,
    class_uid: 2004,
    type_uid: 200401,
    severity_id: SEVERITY[level],
    status_id: 1,
    ...OUTCOME[outcome],
    is_alert: true,
    time,
    message: `${title}: ${reasons.join(', ')}`,
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'cdk-secure-ai', vendor_name: 'cdk-secure-ai' },
      profiles: ['cloud', 'security_control'],
      event_code: detector,
    },
    cloud: { provider: 'AWS', region, account: { uid: account, type_id: 10 } },
    finding_info: {
      uid: uidOf(detector, resource, reasons),
      title,
      types: reasons,
      created_time: time,
      analytic: { uid: detector, name: detector, type_id: 1 },
    },
    resources: [{ uid: resource.arn, type: resource.type, region, cloud_partition: partition }],
    remediation: { desc: `see docs/runbook.md#${runbook}` },
  };
}

/** Lists as JSON: no two different lists of texts are one text. */
function uidOf(detector: string, { arn, createdAt }: FoundResource, reasons: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify([detector, arn, createdAt, reasons])).digest('hex');
}

function check({ detector, title, level, resource, outcome, time, runbook }: FindingFacts, reasons: readonly string[]): void {
  const texts: [string, string, RegExp][] = [
    ['detector', detector, SHAPES.detector],
    ['title', title, SHAPES.title],
    ['runbook', runbook, SHAPES.runbook],
    ['resource.type', resource.type, SHAPES.type],
    ['resource.arn', resource.arn, ARN],
    ...reasons.map((reason): [string, string, RegExp] => ['reason', reason, SHAPES.reason]),
  ];
  for (const [name, value, shape] of texts) {
    // The value stays out of the message: it may be what must not be logged.
    if (typeof value !== 'string' || !shape.test(value)) throw new FindingError('INVALID_FINDING', `${name} of a finding is no id: it must match ${shape}`);
  }
  if (reasons.length === 0) throw new FindingError('INVALID_FINDING', 'a finding has no reason: name at least one code');
  for (const [name, value] of [['time', time], ['resource.createdAt', resource.createdAt]] as const) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new FindingError('INVALID_FINDING', `${name} must be milliseconds since 1970, got ${value}`);
    }
  }
  if (!Object.hasOwn(SEVERITY, level)) throw new FindingError('INVALID_FINDING', `level must be one of ${Object.keys(SEVERITY).join(', ')}`);
  if (!Object.hasOwn(OUTCOME, outcome)) throw new FindingError('INVALID_FINDING', `outcome must be one of ${Object.keys(OUTCOME).join(', ')}`);
}
