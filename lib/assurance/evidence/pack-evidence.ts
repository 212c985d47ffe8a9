import type { Evidence, PackAcknowledgement, PackEvidence } from './evidence';
import { mismatchesOf, outOfScopeOf, type RecordedChecks } from './recorded-checks';

/** What the public packs did, and what they were told to leave; results that belong to other templates complete nothing, and are gaps. */
export function packEvidenceOf(checks: RecordedChecks | undefined): Pick<Evidence, 'packs' | 'packAcknowledgements' | 'gaps'> {
  if (checks === undefined) return { packs: [], packAcknowledgements: [], gaps: [] };
  const mismatches = mismatchesOf(checks);
  const packs = list(object(checks.content).packs);
  return {
    packs: packs.map((pack) => packOf(pack, mismatches.length === 0)),
    packAcknowledgements: packs.flatMap((pack) => list(pack.acknowledged).map((one) => acknowledgementOf(pack, one))),
    gaps: [...mismatches.map((mismatch) => `${mismatch}; synthesise again`), ...outOfScopeOf(checks)],
  };
}

function packOf(pack: Content, areOfTheseTemplates: boolean): PackEvidence {
  return {
    name: text(pack.name),
    ...(pack.version === undefined ? {} : { version: text(pack.version) }),
    completed: pack.completed === true && areOfTheseTemplates,
    rules: count(pack.rulesInPack),
    evaluations: count(pack.ruleEvaluations),
    open: list(pack.open).length,
    acknowledged: list(pack.acknowledged).length,
  };
}

function acknowledgementOf(pack: Content, one: Content): PackAcknowledgement {
  const resources = Array.isArray(one.resources) ? one.resources.map(text) : [];
  const [rule, classId, kind, reason] = [one.rule, one.class, one.kind, one.reason].map(text);
  return { pack: text(pack.name), rule, classId, kind, reason, resources };
}

type Content = Readonly<Record<string, unknown>>;

function object(value: unknown): Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Content) : {};
}

function list(value: unknown): Content[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
}
