import type { Evidence, PackAcknowledgement, PackEvidence } from './evidence';

/** The part of `checks.json` that the evidence reads; an older or newer file may lack any of it. */
export interface ChecksContent {
  readonly packs?: readonly {
    readonly name?: string;
    readonly version?: string;
    readonly completed?: boolean;
    readonly rulesInPack?: number;
    readonly ruleEvaluations?: number;
    readonly open?: readonly unknown[];
    readonly acknowledged?: readonly {
      readonly rule?: string;
      readonly class?: string;
      readonly kind?: string;
      readonly reason?: string;
      readonly resources?: readonly string[];
    }[];
  }[];
}

/** What the public packs did, and what they were told to leave. */
export function packEvidenceOf(checks: ChecksContent | undefined): Pick<Evidence, 'packs' | 'packAcknowledgements'> {
  const packs = (checks?.packs ?? []).map((pack): PackEvidence => ({
    name: pack.name ?? '',
    ...(pack.version === undefined ? {} : { version: pack.version }),
    completed: pack.completed ?? false,
    rules: pack.rulesInPack ?? 0,
    evaluations: pack.ruleEvaluations ?? 0,
    open: pack.open?.length ?? 0,
    acknowledged: pack.acknowledged?.length ?? 0,
  }));
  const packAcknowledgements = (checks?.packs ?? []).flatMap((pack) =>
    (pack.acknowledged ?? []).map((one): PackAcknowledgement => ({
      pack: pack.name ?? '',
      rule: one.rule ?? '',
      classId: one.class ?? '',
      kind: one.kind ?? '',
      reason: one.reason ?? '',
      resources: one.resources ?? [],
    })),
  );
  return { packs, packAcknowledgements };
}
