import type { RecordStore } from '../gate/record-store';
import { RECORDS } from '../gate/record-store';
import { readUtcTime } from '../signing/attestation-shape';
import { parseBundle, readBundle } from '../signing/bundle';
import { readStatement } from '../signing/in-toto-statement';
import { readModelStatement } from '../signing/model-statement';
import { SigningError } from '../signing/signing-error';
import type { TrustPolicy } from '../signing/trust-policy';
import { VERIFICATION_SUMMARY_PREDICATE, verifyVerificationSummary } from '../signing/verification-summary';
import { verifyStatement } from '../signing/verify-statement';
import { DeployCheckError } from './deploy-check-error';

/** Decisions about one model: more than a gate takes in the life of a model. */
const MAX_SUMMARIES = 200;

/** Whose decision counts, and about what. */
export interface ExpectedSummary {
  readonly rootDigest: string;
  /** The gate's name for itself, which is the ARN of its state machine. */
  readonly gate: string;
  /** Where the model lies, as `s3://served/models/fraud/sha256-…/`. */
  readonly resourceUri: string;
  readonly trust: TrustPolicy;
  readonly now: Date;
  /** Unit: seconds. @default - any age */
  readonly maxAgeSeconds?: number;
}

/** The root digest that a model's signature is about. The gate verified the signature; here it only says which decision to look for. */
export function rootDigestOf(signature: Uint8Array): string {
  try {
    return readModelStatement(readBundle(parseBundle(signature)).envelope.payload).rootDigest;
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new DeployCheckError('SIGNATURE_MISSING', `the model's signature cannot be read: ${cause.message}`, { cause });
  }
}

/**
 * Verifies the gate's latest decision about a model: a later refusal takes an earlier approval back.
 *
 * @returns when the gate decided
 * @throws DeployCheckError SUMMARY_MISSING or SUMMARY_REFUSED
 */
export async function latestDecision(expected: ExpectedSummary, records: RecordStore): Promise<Date> {
  const bundles = await readSummaries(expected.rootDigest, records);
  if (bundles.length === 0) throw new DeployCheckError('SUMMARY_MISSING', `the gate never decided about the model with the root digest ${expected.rootDigest}`);
  return refusing(() => {
    const decisions = bundles.map((bundle) => ({ bundle, time: timeOf(bundle, expected.trust) }));
    const latest = Math.max(...decisions.map(({ time }) => time));
    // Two decisions of one moment must both let the model pass.
    for (const { bundle } of decisions.filter(({ time }) => time === latest)) verify(bundle, expected);
    return new Date(latest);
  });
}

/** @throws DeployCheckError NOT_READABLE - with the name of the error alone: its text may quote what was asked for */
async function readSummaries(rootDigest: string, records: RecordStore): Promise<Buffer[]> {
  try {
    const keys = await records.keys(`${RECORDS.SUMMARIES}${rootDigest}/`, MAX_SUMMARIES);
    return await Promise.all(keys.map(async (key) => (await records.read(key)) ?? Buffer.alloc(0)));
  } catch (cause) {
    throw new DeployCheckError('NOT_READABLE', `the gate's records cannot be read: ${cause instanceof Error ? cause.name : 'unknown'}`, { cause });
  }
}

/** When the gate decided, from a summary that it signed. What anybody else put there is no decision, and no reason to look away. */
function timeOf(bundle: Uint8Array, trust: TrustPolicy): number {
  const { predicate } = readStatement(verifyStatement(bundle, { trust }).payload, VERIFICATION_SUMMARY_PREDICATE);
  predicate.string('timeVerified');
  return readUtcTime(predicate, 'timeVerified')!.getTime();
}

function verify(bundle: Uint8Array, { rootDigest, gate, resourceUri, trust, now, maxAgeSeconds }: ExpectedSummary): void {
  const summary = verifyVerificationSummary(bundle, {
    trust, subjectDigest: rootDigest, verifierId: gate, ...(maxAgeSeconds === undefined ? {} : { age: { now, maxSeconds: maxAgeSeconds } }),
  });
  if (summary.resourceUri !== resourceUri) {
    throw new DeployCheckError('SUMMARY_REFUSED', `the gate's latest decision is about ${summary.resourceUri.slice(0, 200)}, not ${resourceUri}`);
  }
}

function refusing<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new DeployCheckError('SUMMARY_REFUSED', `${cause.code}: ${cause.message}`, { cause });
  }
}
